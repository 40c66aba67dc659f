/** A document, or a file, as a Sitecore item. Keys and their order are Sitecore's; ours come after. */
import { traitsOf } from '../../../contract/catalogue';
import type { FormatInput, Tree } from '../format-input';
import { fieldsOf } from './fields';
import { EMPTY_GUID, guidOf } from './guid';
import { languageOf, VERSION } from './language';
import { fieldText } from './values';

export const itemId = ({ event }: FormatInput) =>
  guidOf('document', event.uid ?? '', event.documentId ?? '');

export const parentId = ({ event }: FormatInput) => guidOf('collection', event.uid ?? '');

/** The document's main field; without one its `name`, which a file has; at last its id. */
export const nameOf = ({ event, model }: FormatInput): string => {
  const main = model?.mainField ? event.entry?.[model.mainField] : undefined;
  return fieldText(main) || fieldText(event.entry?.name) || (event.documentId ?? '');
};

/** Where a person finds it: a file's own address, or the document's page below the admin's root. */
export const urlOf = ({ event, model }: FormatInput): string => {
  const uid = event.uid ?? '';
  if (traitsOf(event.name)?.group === 'media') return fieldText(event.entry?.url);
  const page =
    model?.kind === 'singleType'
      ? `/content-manager/single-types/${uid}`
      : `/content-manager/collection-types/${uid}/${event.documentId ?? ''}`;
  return event.locale ? `${page}?plugins[i18n][locale]=${encodeURIComponent(event.locale)}` : page;
};

const ours = (input: FormatInput) => ({
  Path: `/${input.event.uid ?? ''}/${input.event.documentId ?? ''}`,
  Url: urlOf(input),
});

const headOf = (input: FormatInput) => ({
  Language: languageOf(input),
  Version: VERSION,
  Id: itemId(input),
  Name: nameOf(input),
  ParentId: parentId(input),
  TemplateId: guidOf('template', input.event.uid ?? ''),
});

const templateName = ({ event, model }: FormatInput) => model?.displayName ?? event.model ?? '';

export const itemOf = (input: FormatInput): Tree => ({
  ...headOf(input),
  TemplateName: templateName(input),
  MasterId: EMPTY_GUID,
  ...fieldsOf(input),
  ...ours(input),
});

/** Sitecore tells no template name of a deleted item, so it comes among what is ours. */
export const deletedItemOf = (input: FormatInput): Tree => ({
  ...headOf(input),
  MasterId: EMPTY_GUID,
  ...fieldsOf(input),
  TemplateName: templateName(input),
  ...ours(input),
});
