/** The part of Strapi's content schemas that the pure rooms read. */
export type Attribute = {
  type: string;
  private?: boolean;
  target?: string;
  relation?: string;
  /** Set if another document's attribute owns the relation. */
  mappedBy?: string;
  component?: string;
  components?: string[];
  repeatable?: boolean;
  multiple?: boolean;
  unstable_virtual?: boolean;
  pluginOptions?: { i18n?: { localized?: boolean } };
};

export type ContentModel = {
  uid: string;
  modelName: string;
  modelType: 'contentType' | 'component';
  kind?: 'collectionType' | 'singleType';
  info: { displayName: string; singularName?: string };
  options?: { draftAndPublish?: boolean; privateAttributes?: string[] };
  pluginOptions?: Record<string, { localized?: boolean; visible?: boolean } | undefined>;
  attributes: Record<string, Attribute>;
};

export type ModelOf = (uid: string) => ContentModel | undefined;

/** A type among the others, for walking a document by its model and finding what is private. */
export type TypeContext = {
  model: ContentModel;
  modelOf: ModelOf;
  /** Attribute names that the project's configuration keeps private in every type. */
  privateNames: ReadonlySet<string>;
};

/** One locale of one document: what has a state. */
export type Place = {
  uid: string;
  documentId: string;
  /** Null if the content type is not localized. */
  locale: string | null;
};

/** As the locale is stored: nulls are never equal in an index. */
export const languageOf = ({ locale }: Pick<Place, 'locale'>) => locale ?? '';
export const localeOf = ({ language }: { language: string }) => language || null;

export const placeKey = (place: Place) => `${place.uid} ${place.documentId} ${languageOf(place)}`;

export const hasDraftAndPublish = (model: ContentModel) => model.options?.draftAndPublish === true;
export const isLocalized = (model: ContentModel) => model.pluginOptions?.i18n?.localized === true;

/** Attributes that Strapi maintains, and that no editor edits. */
export const SYSTEM_ATTRIBUTES: ReadonlySet<string> = new Set([
  'id',
  'documentId',
  'createdAt',
  'updatedAt',
  'publishedAt',
  'firstPublishedAt',
  'createdBy',
  'updatedBy',
  'locale',
  'localizations',
]);

/** A component has no such attributes: if its model names one, such as `locale`, it is content. */
export const isKeptByStrapi = (name: string, { modelType }: Pick<ContentModel, 'modelType'>) =>
  modelType === 'contentType' && SYSTEM_ATTRIBUTES.has(name);

/** Types whose rows are written past the document service, with the group of their events. */
const ROW_GROUPS = new Map([
  ['plugin::upload.file', 'media'],
  ['plugin::i18n.locale', 'locale'],
  ['plugin::content-releases.release', 'release'],
] as const);
type RowUid = Parameters<typeof ROW_GROUPS.get>[0];
export type RowGroup = NonNullable<ReturnType<typeof ROW_GROUPS.get>>;
export const rowGroupOf = (uid: string): RowGroup | null => ROW_GROUPS.get(uid as RowUid) ?? null;

/** End users of the project's site or app. */
export const END_USER = 'plugin::users-permissions.user';

/** Types without content: this plugin's own, and those in which Strapi's plugins store their settings. */
const INTERNAL_UIDS =
  /^plugin::((workflow-webhooks|upload|i18n|content-releases|review-workflows)\.|users-permissions\.(role|permission)$)/;

/**
 * Whether changes to a type are content events: those of the project and of the plugins it installed. A type that is
 * hidden in the Content Manager is content too: code and the REST API write it, and Strapi's own webhooks send it.
 */
export const isWatched = (model: ContentModel) =>
  model.modelType === 'contentType' &&
  /^(api|plugin)::/.test(model.uid) &&
  !INTERNAL_UIDS.test(model.uid);

/** Whether editors have no page for a type in the Content Manager, and no permission to change its documents. */
export const isHidden = (model: ContentModel) =>
  model.pluginOptions?.['content-manager']?.visible === false;

/** A row of a document, a component or a file, as opposed to any other value that a column can hold. */
export function isRow(value: unknown): value is Record<string, unknown> {
  return (
    value !== null && typeof value === 'object' && !Array.isArray(value) && !(value instanceof Date)
  );
}
