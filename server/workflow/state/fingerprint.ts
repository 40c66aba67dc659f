/**
 * What a document says, as one short text: two versions with the same fingerprint say the same. A document that is
 * approved may be published as long as it has the fingerprint that it was approved with, by whatever way it may change.
 */
import { createHash } from 'node:crypto';
import { sortedJson } from '../../store/json';
import {
  isKeptByStrapi,
  type Attribute,
  type ContentModel,
  type ModelOf,
} from '../../strapi/model/content-model';

type Row = Record<string, unknown>;

const isRow = (value: unknown): value is Row =>
  value !== null && typeof value === 'object' && !Array.isArray(value) && !(value instanceof Date);

/** What a version may hold or lack without saying anything else. An empty list of JSON is a value as any other. */
const isNothing = (value: unknown, { type }: Attribute) =>
  value === null ||
  value === undefined ||
  (type !== 'json' && Array.isArray(value) && value.length === 0);

/** A related document by what outlives publishing and a transfer. Its draft and its published row are one document. */
const references = (value: unknown): unknown => {
  const list = (Array.isArray(value) ? value : [value]).filter(isRow);
  const names = list.map((row) => `${row.__type ?? ''} ${row.documentId ?? row.id}`);
  return [...new Set(names)];
};

const parts = (attribute: Attribute, value: unknown, modelOf: ModelOf): unknown =>
  (Array.isArray(value) ? value : [value]).filter(isRow).map((row) => {
    const uid = attribute.component ?? (row.__component as string | undefined);
    const model = uid === undefined ? undefined : modelOf(uid);
    return [uid, model ? saying(row, model, modelOf) : null];
  });

const told = (attribute: Attribute, value: unknown, modelOf: ModelOf): unknown => {
  switch (attribute.type) {
    case 'relation':
    case 'media':
      return references(value);
    case 'component':
    case 'dynamiczone':
      return parts(attribute, value, modelOf);
    default:
      return value;
  }
};

/** The other end of a relation belongs to the other document, and changes with it. */
const isOwn = (name: string, attribute: Attribute, model: ContentModel) =>
  !isKeptByStrapi(name, model) && attribute.mappedBy === undefined;

function saying(row: Row, model: ContentModel, modelOf: ModelOf): unknown[] {
  return Object.keys(model.attributes)
    .sort()
    .flatMap((name) => {
      const attribute = model.attributes[name] as Attribute;
      if (!isOwn(name, attribute, model) || isNothing(row[name], attribute)) return [];
      return [[name, told(attribute, row[name], modelOf)]];
    });
}

/** `row` is whole, private attributes included: an edit of one of them is an edit. */
export const fingerprintOf = (row: Row, model: ContentModel, modelOf: ModelOf): string =>
  createHash('sha256')
    .update(sortedJson(saying(row, model, modelOf)))
    .digest('base64url');
