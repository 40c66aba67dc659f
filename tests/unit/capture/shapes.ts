/** Small content models and versions, as the capture's pure rooms read them. */
import type { Change, Version } from '../../../server/capture/events';
import type {
  Attribute,
  ContentModel,
  TypeContext,
} from '../../../server/strapi/model/content-model';

export const model = (over: Partial<ContentModel> = {}): ContentModel => ({
  uid: 'api::post.post',
  modelName: 'post',
  modelType: 'contentType',
  kind: 'collectionType',
  info: { displayName: 'Post' },
  options: { draftAndPublish: true },
  attributes: { title: { type: 'string' }, views: { type: 'integer' } },
  ...over,
});

/** A content type with these attributes, among other models by uid. */
export const type = (
  attributes: Record<string, Attribute>,
  models: Record<string, ContentModel> = {},
): TypeContext => ({
  model: model({ attributes }),
  modelOf: (uid) => models[uid],
  privateNames: new Set(),
});

let count = 0;

export const version = (
  row: Record<string, unknown> = {},
  over: Partial<Version> = {},
): Version => ({
  id: ++count,
  documentId: 'doc',
  locale: null,
  isPublished: false,
  row,
  ...over,
});

export const published = (row: Record<string, unknown> = {}, over: Partial<Version> = {}) =>
  version(row, { isPublished: true, ...over });

export const change = (over: Partial<Change>): Change => ({
  action: 'update',
  model: model(),
  modelOf: () => undefined,
  privateNames: new Set(),
  actor: { type: 'system', id: null, name: null },
  before: { drafts: [], published: [] },
  after: { drafts: [], published: [] },
  ...over,
});
