/** A document, or a file of the media library, as the Visual Experience Engine tells of content. */
import { traitsOf } from '../../../contract/catalogue';
import type { WebhookEvent } from '../../../contract/event';
import type { FormatInput, Tree } from '../format-input';
import { others, textIn } from './as-example';

/**
 * A text without spaces. An administrator is their id alone; an API token or an end user with the same id is told apart
 * by a prefix.
 */
export const userOf = ({ actor: { type, id } }: WebhookEvent): string => {
  if (id === null) return type;
  return type === 'admin' ? String(id) : `${type}-${id}`;
};

/** A document's `name`, else its main field, else its id. */
export const nameOf = ({ event, model }: FormatInput): string => {
  const { entry, documentId } = event;
  const main = model?.mainField ? entry?.[model.mainField] : undefined;
  return textIn(entry?.name) ?? textIn(main) ?? documentId ?? '';
};

/** Milliseconds since 1970. */
export const momentOf = (time: string): number => Date.parse(time);

/**
 * What a publication or its end did is told by the status alone; else a document's own field of that name stands. What
 * has no draft is published.
 */
const statusOf = ({ name, status, entry }: WebhookEvent): string => {
  const verb = traitsOf(name)?.verb;
  if (verb === 'publish') return 'published';
  if (verb === 'unpublish') return 'unpublished';
  return textIn(entry?.status) ?? status ?? 'published';
};

/** Its `slug`, else the field that the content type has for it, whatever its name. */
const slugOf = ({ event, model }: FormatInput): string => {
  const field = model?.attributes.find(({ type }) => type === 'uid')?.name;
  return textIn(event.entry?.slug) ?? textIn(field && event.entry?.[field]) ?? '';
};

/** The keys of the example of content first, in their order. */
const documentOf = (input: FormatInput): Tree => {
  const { entry } = input.event;
  const named = {
    title: textIn(entry?.title) ?? nameOf(input),
    status: statusOf(input.event),
    slug: slugOf(input),
  };
  return { ...named, ...others(entry, named) };
};

const aroundData = ({ event }: FormatInput, data: Tree): Tree => ({
  contentId: event.documentId ?? textIn(event.entry?.id) ?? '',
  data,
  user: userOf(event),
  timestamp: momentOf(event.time),
  uid: event.uid,
  locale: event.locale,
  changes: event.changes,
});

export const contentData = (input: FormatInput): Tree => aroundData(input, documentOf(input));

/** Of an event that has no example there, such as a move in a workflow. */
export const documentData = (input: FormatInput): Tree => {
  const { entry, status } = input.event;
  const own = entry?.status ?? status;
  return aroundData(input, { ...entry, ...(own === null ? {} : { status: own }) });
};

/** A content type or a component, which has no document: what tells it apart is its uid. */
export const modelData = ({ event }: FormatInput): Tree => ({
  uid: event.uid,
  data: event.entry,
  user: userOf(event),
  timestamp: momentOf(event.time),
  changes: event.changes,
});
