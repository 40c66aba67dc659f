/** Reads the version of a document that editors edit, in the open transaction, and its fingerprint. */
import type { Knex } from 'knex';
import { changesOf, type Row, type Version } from '../../capture/events';
import { createReader } from '../../capture/reader.service';
import type { FieldChange } from '../../contract/event';
import {
  hasDraftAndPublish,
  isLocalized,
  placeKey,
  type Place,
} from '../../strapi/model/content-model';
import { createSchemas, type WatchedType } from '../../strapi/model/schema.service';
import type { Requester } from '../../strapi/permissions/permissions.service';
import { fingerprintOf } from './fingerprint';
import type { WorkflowOptions } from '../workflow.service';

/** A draft, or the one version of a type without draft & publish. */
export type Draft = {
  id: number | string;
  place: Place;
  /** Only what may leave. */
  entry: Row;
  /** Private attributes included: it is compared, but never shown or sent. */
  whole: Row;
  fingerprint: string;
};

type ReadOptions = { trx: Knex.Transaction; lock?: boolean };
type Selection = { uid: string; documentIds: readonly string[]; locales?: string[] };
type Options = Pick<WorkflowOptions, 'strapi' | 'schemas' | 'reading'>;

export function createDrafts({ strapi, schemas, reading }: Options) {
  const wholeSchemas = createSchemas(strapi, { isWhole: true });
  const reader = createReader(strapi, wholeSchemas);

  /** `type` has nothing private; `shown` is the type as it may leave. */
  function typesOf(uid: string): { type: WatchedType; shown: WatchedType } | null {
    const type = wholeSchemas.watched(uid);
    const shown = schemas.watched(uid);
    return type && shown ? { type, shown } : null;
  }

  function draftOf({ model }: WatchedType, { id, documentId, locale, row }: Version): Draft {
    return {
      id,
      place: { uid: model.uid, documentId, locale },
      entry: schemas.visible(model.uid, row),
      whole: row,
      fingerprint: fingerprintOf(row, model, wholeSchemas.modelOf),
    };
  }

  async function readVersions(
    { uid, documentIds, locales }: Selection,
    isPublished: boolean,
    { trx, lock = false }: ReadOptions,
  ): Promise<Draft[]> {
    const types = typesOf(uid);
    if (!types) return [];
    const { type, shown } = types;
    const which = {
      documentIds,
      ...(locales && isLocalized(shown.model) ? { locales } : {}),
      ...(hasDraftAndPublish(shown.model) ? { isPublished } : {}),
    };
    return (await reader.read(type, which, { trx, lock })).map((version) => draftOf(type, version));
  }

  /** Null if there is no such document, or not in this locale. */
  async function read(place: Place, how: ReadOptions): Promise<Draft | null> {
    return (await readVersions(selectionOf(place), false, how))[0] ?? null;
  }

  /** Reads a document in all locales, or in some. */
  function readAll(
    { documentId, ...which }: { uid: string; documentId: string; locales?: string[] },
    how: ReadOptions,
  ): Promise<Draft[]> {
    return readVersions({ ...which, documentIds: [documentId] }, false, how);
  }

  /** Reads several documents of a type, as far as they exist. */
  async function readMany(
    uid: string,
    places: readonly Place[],
    how: ReadOptions,
  ): Promise<Draft[]> {
    if (places.length === 0) return [];
    const documentIds = [...new Set(places.map(({ documentId }) => documentId))];
    const locales = [...new Set(places.map(({ locale }) => locale))];
    const named = locales.filter((locale) => locale !== null);
    const narrowed = named.length === locales.length ? { locales: named } : {};
    const found = await readVersions({ uid, documentIds, ...narrowed }, false, how);
    const wanted = new Set(places.map(placeKey));
    return found.filter(({ place }) => wanted.has(placeKey(place)));
  }

  /** Null if the document is not published, or its type has no draft & publish. */
  async function readPublished(place: Place, how: ReadOptions): Promise<Draft | null> {
    const model = schemas.watched(place.uid)?.model;
    if (!model || !hasDraftAndPublish(model)) return null;
    return (await readVersions(selectionOf(place), true, how))[0] ?? null;
  }

  /** The changes that publishing a draft would make; none if nothing is published. */
  function changes(draft: Draft, published: Draft | null): FieldChange[] {
    const types = typesOf(draft.place.uid);
    return types && published ? changesOf(published.whole, draft.whole, types.shown) : [];
  }

  /** An administrator may be allowed to publish a document, and not to read the field. */
  async function mayShow({ uid, documentId, locale }: Place, field: string): Promise<boolean> {
    const requester = strapi.requestContext.get()?.state as Requester | undefined;
    if (!requester?.userAbility || documentId === '') return true;
    const by = reading.by(requester);
    const rows = await by.edited(uid, [documentId]);
    return rows
      .filter((row) => locale === null || row.locale === locale)
      .some((row) => by.mayRead(uid, row, field));
  }

  /** The document's main field, by which people know it; its id if that is empty or hidden from them. */
  async function titleOf({ place, entry }: { place: Place; entry: Row | null }): Promise<string> {
    const main = (await schemas.infoOf(place.uid))?.mainField;
    const title = main && (await mayShow(place, main)) ? entry?.[main] : null;
    return typeof title === 'string' && title !== '' ? title : place.documentId;
  }

  return { read, readAll, readMany, readPublished, changes, titleOf };
}

export type Drafts = ReturnType<typeof createDrafts>;

function selectionOf({ uid, documentId, locale }: Place): Selection {
  return { uid, documentIds: [documentId], ...(locale === null ? {} : { locales: [locale] }) };
}
