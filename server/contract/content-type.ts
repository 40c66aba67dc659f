/** What the plugin needs to know of a content type; what the admin panel shows of it. */
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
  /** Whether it is hidden in the Content Manager (`pluginOptions['content-manager'].visible: false`). */
  isHidden: boolean;
  /** The attribute that names a document to people; null if the type has none. */
  mainField: string | null;
  /** Without private and password attributes: they never leave, so nothing may refer to them. */
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
