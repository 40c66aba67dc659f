/** Content types, as the panel shows them and as events refer to them. */
export type AttributeInfo = {
  name: string;
  /** Strapi's attribute type: string, text, integer, relation, component, media, dynamiczone, ... */
  type: string;
  isLocalized: boolean;
  isRepeatable: boolean;
};

export type ContentTypeInfo = {
  uid: string;
  modelName: string;
  displayName: string;
  kind: 'collectionType' | 'singleType';
  hasDraftAndPublish: boolean;
  isLocalized: boolean;
  /** Hidden in the Content Manager (`pluginOptions['content-manager'].visible: false`). */
  isHidden: boolean;
  /** The attribute that is a document's title; null if the type has none. */
  mainField: string | null;
  /** Without private and password attributes, which are never sent. */
  attributes: AttributeInfo[];
};

/** The types whose changes are events, and the project's locales. */
export type ContentTypes = {
  contentTypes: ContentTypeInfo[];
  locales: { code: string; name: string }[];
};

/** GET /content-types. */
export type ContentTypeChoices = ContentTypes & {
  /** The uids that the configuration names as screens (`screens.contentTypes`). */
  screens: string[];
};
