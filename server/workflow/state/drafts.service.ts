/** Reads the version of a document that editors edit, in the open transaction, and its fingerprint. */
import type { Knex } from 'knex';
import { changesOf, type Row, type Version } from '../../capture/events';
import { createReader } from '../../capture/reader.service';
import {
  hasDraftAndPublish,
  isLocalized,
  placeKey,
  type ContentModel,
  type Place,
} from '../../strapi/model/content-model';
import { createSchemas, type WatchedType } from '../../strapi/model/schema.service';
import type { Requester } from '../../strapi/permissions/permissions.service';
import type { Move, Way } from '../definition/flow';
import { fingerprintOf } from './fingerprint';
import type { WorkflowOptions } from '../workflow.service';

/** A draft, or the one version of a type without draft & publish. */
export type Draft = {
  place: Place;
  model: ContentModel;
  /** Only what may leave. */
  entry: Row;
  /** Private attributes included: it is compared, but never shown or sent. */
  whole: Row;
  fingerprint: string;
};

type ReadOptions = { trx: Knex.Transaction; lock?: boolean };
type Selection = { uid: string; documentIds: readonly string[]; locales?: string[] | undefined };
type Options = Pick<WorkflowOptions, 'strapi' | 'schemas' | 'reading'>;

export function createDrafts({ strapi, schemas, reading }: Options) {
  const wholeSchemas = createSchemas(strapi, { isWhole: true });
  const reader = createReader(strapi, wholeSchemas);

  function draftOf(shown: WatchedType, type: WatchedType, version: Version): Draft {
    const { documentId, locale, row } = version;
    return {
      place: { uid: type.model.uid, documentId, locale },
      model: shown.model,
      entry: schemas.visible(type.model.uid, row),
      whole: row,
      fingerprint: fingerprintOf(row, type.model, wholeSchemas.modelOf),
    };
  }

  async function readVersions(
    { uid, documentIds, locales }: Selection,
    isPublished: boolean,
    { trx, lock = false }: ReadOptions,
  ): Promise<Draft[]> {
    const type = wholeSchemas.watched(uid);
    const shown = schemas.watched(uid);
    if (!type || !shown) return [];
    const which = {
      documentIds,
      ...(locales && isLocalized(shown.model) ? { locales } : {}),
      ...(hasDraftAndPublish(shown.model) ? { isPublished } : {}),
    };
    const versions = await reader.read(type, which, { trx, lock });
    return versions.map((version) => draftOf(shown, type, version));
  }

  /** Null if there is no such document, or not in this locale. */
  async function read(place: Place, how: ReadOptions): Promise<Draft | null> {
    return (await readVersions(selectionOf(place), false, how))[0] ?? null;
  }

  /** Reads a document in some locales, or in all. */
  function readAll(
    {
      uid,
      documentId,
      locales,
    }: Pick<Place, 'uid' | 'documentId'> & { locales?: string[] | undefined },
    how: ReadOptions,
  ): Promise<Draft[]> {
    const documentIds = [documentId];
    return readVersions({ uid, documentIds, locales }, false, how);
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

  /** A move of a draft's content. `published` is the version that it would replace. */
  function moveFrom(draft: Draft, published: Draft | null, way: Way): Move {
    const { place, model, entry } = draft;
    const shown = schemas.watched(place.uid);
    const changes = published && shown ? changesOf(published.whole, draft.whole, shown) : [];
    return { ...way, place, model, entry, previous: published?.entry ?? null, changes };
  }

  async function moveOf(draft: Draft, way: Way, trx: Knex.Transaction): Promise<Move> {
    return moveFrom(draft, await readPublished(draft.place, { trx }), way);
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

  return { read, readAll, readMany, readPublished, moveFrom, moveOf, titleOf };
}

export type Drafts = ReturnType<typeof createDrafts>;

function selectionOf({ uid, documentId, locale }: Place): Selection {
  return { uid, documentIds: [documentId], ...(locale === null ? {} : { locales: [locale] }) };
}
