/**
 * Hashes the content of a document: two versions with the same fingerprint have the same content. An approved document
 * may be published as long as it has the fingerprint with which it was approved, however it may have been changed.
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

/** Values that make no difference to a version that lacks them. An empty list in JSON is a value like any other. */
const isNothing = (value: unknown, { type }: Attribute) =>
  value === null ||
  value === undefined ||
  (type !== 'json' && Array.isArray(value) && value.length === 0);

/** Names a related document by what survives publishing and a transfer: its draft and published row are one document. */
function references(rows: Row[]): string[] {
  return [...new Set(rows.map((row) => `${row.__type ?? ''} ${row.documentId ?? row.id}`))];
}

function contentOf(attribute: Attribute, value: unknown, modelOf: ModelOf): unknown {
  const rows = [value].flat().filter(isRow);
  switch (attribute.type) {
    case 'relation':
    case 'media':
      return references(rows);
    case 'component':
    case 'dynamiczone':
      return rows.map((row) => {
        const uid = attribute.component ?? (row.__component as string | undefined);
        const model = uid === undefined ? undefined : modelOf(uid);
        return [uid, model ? contentsOf(row, model, modelOf) : null];
      });
    default:
      return value;
  }
}

/** The other end of a relation belongs to the other document, and changes with it. */
const isOwn = (name: string, attribute: Attribute, model: ContentModel) =>
  !isKeptByStrapi(name, model) && attribute.mappedBy === undefined;

function contentsOf(row: Row, model: ContentModel, modelOf: ModelOf): unknown[] {
  return Object.keys(model.attributes)
    .sort()
    .flatMap((name) => {
      const attribute = model.attributes[name] as Attribute;
      if (!isOwn(name, attribute, model) || isNothing(row[name], attribute)) return [];
      return [[name, contentOf(attribute, row[name], modelOf)]];
    });
}

/** `row` includes private attributes: an edit of one of them is an edit. */
export function fingerprintOf(row: Row, model: ContentModel, modelOf: ModelOf): string {
  const contents = sortedJson(contentsOf(row, model, modelOf));
  return createHash('sha256').update(contents).digest('base64url');
}
