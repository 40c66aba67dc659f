/** Reads what an editor edits of a document, in the transaction that is open: what may leave, and its fingerprint. */
import type { Core } from '@strapi/strapi';
import type { Knex } from 'knex';
import type { Requester } from '../../strapi/permissions/permissions.service';
import type { Reading } from '../../strapi/permissions/reading.service';
import type { Row, Version } from '../../capture/events';
import { changesOf } from '../../capture/changes';
import { createReader } from '../../capture/reader.service';
import type { FieldChange } from '../../contract/event';
import { hasDraftAndPublish, isLocalized } from '../../strapi/model/content-model';
import { createSchemas, type Schemas, type WatchedType } from '../../strapi/model/schema.service';
import { fingerprintOf } from './fingerprint';
import { keyOf, type Place } from '../../strapi/model/place';

/** A draft, or the one version of a type without draft & publish. */
export type Draft = {
  id: number | string;
  place: Place;
  /** Only what may leave. */
  entry: Row;
  /** With what is private: it is compared, and neither shown nor sent. */
  whole: Row;
  fingerprint: string;
};

type How = { trx: Knex.Transaction; lock?: boolean };

export const createDrafts = (strapi: Core.Strapi, schemas: Schemas, reading: Reading) => {
  const whole = createSchemas(strapi, { isWhole: true });
  const reader = createReader(strapi, whole);

  /** `type` has nothing private; `shown` is the type as it may leave. */
  const typesOf = (uid: string): { type: WatchedType; shown: WatchedType } | null => {
    const type = whole.watched(uid);
    const shown = schemas.watched(uid);
    return type && shown ? { type, shown } : null;
  };

  const draftOf = (uid: string, version: Version): Draft => {
    const { type } = typesOf(uid) ?? { type: null };
    return {
      id: version.id,
      place: { uid, documentId: version.documentId, locale: version.locale },
      entry: schemas.visible(uid, version.row),
      whole: version.row,
      fingerprint: type ? fingerprintOf(version.row, type.model, whole.modelOf) : '',
    };
  };

  const versions = async (
    uid: string,
    which: { documentIds: readonly string[]; locales?: string[]; isPublished: boolean },
    { trx, lock = false }: How,
  ): Promise<Draft[]> => {
    const known = typesOf(uid);
    if (!known) return [];
    const { documentIds, locales, isPublished } = which;
    const found = await reader.read(
      known.type,
      {
        documentIds,
        ...(locales && isLocalized(known.shown.model) ? { locales } : {}),
        ...(hasDraftAndPublish(known.shown.model) ? { isPublished } : {}),
      },
      { trx, lock },
    );
    return found.map((version) => draftOf(uid, version));
  };

  const localesOf = ({ locale }: Place) => (locale === null ? {} : { locales: [locale] });

  /** Null if there is no such document, or not in this locale. */
  const read = async (place: Place, how: How): Promise<Draft | null> => {
    const { uid, documentId } = place;
    const which = { documentIds: [documentId], ...localesOf(place), isPublished: false };
    return (await versions(uid, which, how))[0] ?? null;
  };

  /** Of all locales, or of some. */
  const readAll = (
    { uid, documentId, locales }: { uid: string; documentId: string; locales?: string[] },
    how: How,
  ): Promise<Draft[]> =>
    versions(
      uid,
      { documentIds: [documentId], ...(locales ? { locales } : {}), isPublished: false },
      how,
    );

  /** Of several documents of a type, as far as they are there. */
  const readMany = async (uid: string, places: readonly Place[], how: How): Promise<Draft[]> => {
    if (places.length === 0) return [];
    const documentIds = [...new Set(places.map(({ documentId }) => documentId))];
    const locales = [...new Set(places.map(({ locale }) => locale))];
    const isNarrowed = (all: (string | null)[]): all is string[] => !all.includes(null);
    const which = { documentIds, ...(isNarrowed(locales) ? { locales } : {}), isPublished: false };
    const found = await versions(uid, which, how);
    const wanted = new Set(places.map(keyOf));
    return found.filter(({ place }) => wanted.has(keyOf(place)));
  };

  /** Null where it is not published, or has no draft & publish. */
  const readPublished = async (place: Place, how: How): Promise<Draft | null> => {
    const { uid, documentId } = place;
    const known = typesOf(uid);
    if (!known || !hasDraftAndPublish(known.shown.model)) return null;
    const which = { documentIds: [documentId], ...localesOf(place), isPublished: true };
    return (await versions(uid, which, how))[0] ?? null;
  };

  /** What a draft would change of what is published; nothing where nothing is. */
  const changes = (draft: Draft, published: Draft | null): FieldChange[] => {
    const known = typesOf(draft.place.uid);
    return known && published ? changesOf(published.whole, draft.whole, known.shown) : [];
  };

  /** Not to an administrator who may publish a document, and not read the field. */
  const mayShow = async ({ uid, documentId, locale }: Place, field: string): Promise<boolean> => {
    const requester = strapi.requestContext.get()?.state as Requester | undefined;
    if (!requester?.userAbility || documentId === '') return true;
    const by = reading.by(requester);
    const rows = await by.edited(uid, [documentId]);
    const isAsked = (row: Row) => locale === null || row.locale === locale;
    return rows.some((row) => isAsked(row) && by.mayRead(uid, row, field));
  };

  /** The document's main field, by which people know it; its id where that is empty, or not for them to read. */
  const titleOf = async ({
    place,
    entry,
  }: {
    place: Place;
    entry: Row | null;
  }): Promise<string> => {
    const main = (await schemas.infoOf(place.uid))?.mainField;
    const title = main && (await mayShow(place, main)) ? entry?.[main] : null;
    return typeof title === 'string' && title !== '' ? title : place.documentId;
  };

  return { read, readAll, readMany, readPublished, changes, titleOf };
};

export type Drafts = ReturnType<typeof createDrafts>;
