/**
 * The part of documents that an administrator may read, as the Content Manager decides it: conditions, fields and locales.
 * Every answer of the plugin that shows content goes through here.
 */
import type { Core } from '@strapi/strapi';
import { hasDraftAndPublish, placeKey, type Place } from '../model/content-model';
import { rowsOf } from '../database.service';
import type { Schemas } from '../model/schema.service';
import { readInChunks } from '../chunks';
import { createPermissions, type Requester, type Row } from './permissions.service';
import { identityOf, withRelated, type Related } from '../model/document-tree';

export type Content = { uid: string; row: Row };

type Options = { strapi: Core.Strapi; schemas: Schemas };
/** At most `limit` rows are read. */
type Contained = { field: string; text: string; limit: number };

const isScalar = (value: unknown) => value === null || typeof value !== 'object';

/**
 * The row that conditions are checked on: the content, with the relations that only the stored row has (its creator). Null
 * if the document is gone and the conditions look at more than the content itself.
 */
function subjectFor(row: Row, stored: readonly Row[], conditions: object): Row | null {
  const isSameLocale = (one: Row) => (one.locale ?? null) === (row.locale ?? null);
  const isSameVersion = (one: Row) => Boolean(one.publishedAt) === Boolean(row.publishedAt);
  const versions = stored.filter((one) => one.documentId === row.documentId && isSameLocale(one));
  const found = versions.find(isSameVersion) ?? versions[0];
  if (!found) return Object.keys(conditions).length === 0 ? row : null;
  const own = Object.entries(row).filter(([name, value]) => name !== 'id' && isScalar(value));
  return { ...found, ...Object.fromEntries(own) };
}

export function createReading({ strapi, schemas }: Options) {
  const permissions = createPermissions(strapi);

  /** All versions of documents as they are stored, with what the conditions look at. */
  const storedOf = (uid: string, documentIds: readonly string[], conditions: object | null) =>
    readInChunks<string, Row>(documentIds, (some) => {
      const where = { documentId: { $in: some } };
      const options = { where, ...(conditions ? { populate: conditions } : {}) };
      return rowsOf<Row>(strapi, uid).findMany(options);
    });

  /** What one administrator may read. */
  function by(requester: Requester) {
    /** Whether they may read a row, which has what its conditions look at, or one field of it. */
    const mayRead = (uid: string, row?: Row, field?: string): boolean =>
      permissions.mayRead(requester, { uid, row, field });

    /** The row that conditions are checked on, for each content of one type; null if none of it may be read. */
    async function subjectsOf(uid: string, rows: readonly Row[]) {
      if (!mayRead(uid)) return rows.map(() => null);
      const conditions = await permissions.conditionsOf(uid, requester);
      if (!conditions) return rows;
      const ids = new Set(rows.map(({ documentId }) => documentId).filter((id) => id != null));
      const stored = await storedOf(uid, [...ids] as string[], conditions);
      return rows.map((row) => {
        const subject = subjectFor(row, stored, conditions);
        return subject && mayRead(uid, subject) ? subject : null;
      });
    }

    /** The part of each content that may be read, related documents included; null for content that may not be read. */
    async function permitted(contents: readonly Content[]): Promise<(Row | null)[]> {
      const found = new Map<Content, Row>();
      for (const uid of new Set(contents.map((content) => content.uid))) {
        const ofType = contents.filter((content) => content.uid === uid);
        const rows = ofType.map(({ row }) => row);
        const subjects = await subjectsOf(uid, rows);
        for (const [index, content] of ofType.entries()) {
          const subject = subjects[index];
          if (!subject) continue;
          const options = { subject, requester };
          found.set(content, await permissions.permittedOf(uid, content.row, options));
        }
      }
      const shown = await withPermittedRelated(found);
      return contents.map((content) => shown.get(content) ?? null);
    }

    async function withPermittedRelated(found: ReadonlyMap<Content, Row>) {
      const related = new Map<Row, Related>();
      const replacedIn = ({ uid }: Content, row: Row, replace: (one: Related) => unknown) => {
        const model = schemas.modelOf(uid);
        return model ? withRelated(row, model, { modelOf: schemas.modelOf, replace }) : {};
      };
      for (const [content, row] of found)
        replacedIn(content, row, (one) => related.set(one.row, one) && one.row);
      // Administrators are no documents; Strapi has reduced them to their names already.
      const asked = [...related.values()].filter(({ uid }) => !uid.startsWith('admin::'));
      const answers = asked.length === 0 ? [] : await permitted(asked);
      const parts = new Map(
        asked.map(({ row }, index) => [row, answers[index] ?? identityOf(row)]),
      );
      return new Map(
        [...found].map(([content, row]) => [
          content,
          replacedIn(content, row, (one) => parts.get(one.row) ?? one.row),
        ]),
      );
    }

    /** The rows that editors edit of some documents, as far as they may be read, with what the conditions look at. */
    async function edited(uid: string, documentIds: readonly string[]) {
      const model = schemas.modelOf(uid);
      if (!model || !mayRead(uid)) return [];
      const conditions = await permissions.conditionsOf(uid, requester);
      const rows = await storedOf(uid, documentIds, conditions);
      return rows
        .filter(({ publishedAt }) => !hasDraftAndPublish(model) || !publishedAt)
        .filter((row) => mayRead(uid, row));
    }

    /**
     * The ids of the edited documents of a type in which a field contains a text and may be read. The database finds the
     * newest that match and meet the conditions; the field may be readable in some of these only.
     */
    async function containing(uid: string, { field, text, limit }: Contained): Promise<string[]> {
      const model = schemas.modelOf(uid);
      if (!model || !mayRead(uid, undefined, field)) return [];
      const candidates = await rowsOf<Row>(strapi, uid).findMany({
        select: ['id', 'documentId'],
        where: {
          $and: [
            permissions.readableWhere(uid, requester),
            { [field]: { $containsi: text } },
            ...(hasDraftAndPublish(model) ? [{ publishedAt: null }] : []),
          ],
        },
        orderBy: { id: 'desc' },
        limit,
      });
      const ids = [...new Set(candidates.map(({ documentId }) => documentId as string))];
      const rowIds = new Set(candidates.map(({ id }) => id));
      return (await edited(uid, ids))
        .filter((row) => rowIds.has(row.id) && mayRead(uid, row, field))
        .map(({ documentId }) => documentId as string);
    }

    /** The names of the attributes of a document that may be read. Passwords count: no answer ever holds one. */
    async function readableFields(uid: string, subject: Row): Promise<ReadonlySet<string>> {
      if (!mayRead(uid, subject)) return new Set();
      const attributes = Object.entries(schemas.modelOf(uid)?.attributes ?? {});
      const empty = Object.fromEntries(attributes.map(([name]) => [name, null]));
      const part = await permissions.permittedOf(uid, empty, { subject, requester });
      const passwords = attributes.filter(([, { type }]) => type === 'password');
      return new Set([...Object.keys(part), ...passwords.map(([name]) => name)]);
    }

    /** Whether they may read every field of a document. Without it, whether they may of all documents of the type. */
    async function mayReadWhole(uid: string, subject: Row | null): Promise<boolean> {
      if (!mayRead(uid)) return false;
      // A document that is gone has nothing left that a condition could look at.
      if (!subject && (await permissions.conditionsOf(uid, requester))) return false;
      const readable = await readableFields(uid, subject ?? {});
      return Object.keys(schemas.watched(uid)?.model.attributes ?? {}).every((name) =>
        readable.has(name),
      );
    }

    return {
      /** Whether there is any document of a type that they may read. */
      mayReadSome: (uid: string) => mayRead(uid),
      mayRead,
      permitted,
      edited,
      containing,
      readableFields,
      mayReadWhole,
    };
  }

  return { by };
}

export type Reading = ReturnType<typeof createReading>;
export type ReadingBy = ReturnType<Reading['by']>;

/** The title by which people know a document. */
export const titleIn = (value: unknown): string | null =>
  (typeof value === 'string' && value !== '') || typeof value === 'number' ? String(value) : null;

export function createTitles({ schemas, reading }: { schemas: Schemas; reading: Reading }) {
  /** The rows that the requester may read, by place; one query for each content type. */
  const readableRows = async (places: readonly Place[], requester: Requester) => {
    const idsOf = (uid: string) =>
      places.filter((place) => place.uid === uid).map(({ documentId }) => documentId);
    const ofType = async (uid: string): Promise<[string, Row][]> => {
      const rows = await reading.by(requester).edited(uid, [...new Set(idsOf(uid))]);
      return rows.map((row) => {
        const locale = (row.locale ?? null) as string | null;
        return [placeKey({ uid, documentId: row.documentId as string, locale }), row];
      });
    };
    const uids = [...new Set(places.map(({ uid }) => uid))];
    return new Map((await Promise.all(uids.map(ofType))).flat());
  };

  /**
   * In the order of the places; null for a document that is gone, or that they may not read. A title is null if there is
   * none, or if they may not read that field.
   */
  const found = async (
    places: readonly Place[],
    requester: Requester,
  ): Promise<({ title: string | null } | null)[]> => {
    const by = reading.by(requester);
    const rows = await readableRows(places, requester);
    return Promise.all(
      places.map(async (place) => {
        const row = rows.get(placeKey(place));
        const field = row && (await schemas.infoOf(place.uid))?.mainField;
        if (!row) return null;
        const mayRead = field && by.mayRead(place.uid, row, field);
        return { title: mayRead ? titleIn(row[field]) : null };
      }),
    );
  };

  /** In the order of the places; null if there is no title that they may read. */
  const readable = async (places: readonly Place[], requester: Requester) =>
    (await found(places, requester)).map((document) => document?.title ?? null);

  /** In the order of the places; whether they may read every field of each document. */
  const areReadable = async (places: readonly Place[], requester: Requester) => {
    const by = reading.by(requester);
    const rows = await readableRows(places, requester);
    return Promise.all(
      places.map((place) => by.mayReadWhole(place.uid, rows.get(placeKey(place)) ?? null)),
    );
  };

  return { found, readable, areReadable };
}

export type Titles = ReturnType<typeof createTitles>;
