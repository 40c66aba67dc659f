/** What a list shows of the documents it names, as far as an administrator may read them. */
import type { Schemas } from '../model/schema.service';
import { keyOf, type Place } from '../model/place';
import type { Requester, Row } from './permissions.service';
import type { Reading } from './reading.service';

type Options = { schemas: Schemas; reading: Reading };

/** A document that may be read. Its title is null where it has none, or where that field may not be read. */
type Titled = { title: string | null };

/** What names a document to people. */
export const titleIn = (value: unknown): string | null =>
  (typeof value === 'string' && value !== '') || typeof value === 'number' ? String(value) : null;

export const createTitles = ({ schemas, reading }: Options) => {
  /** The rows that the requester may read, by place; one query for each content type. */
  const rowsOf = async (places: readonly Place[], requester: Requester) => {
    const idsOf = (uid: string) =>
      places.filter((place) => place.uid === uid).map(({ documentId }) => documentId);
    const ofType = async (uid: string): Promise<[string, Row][]> => {
      const rows = await reading.by(requester).edited(uid, [...new Set(idsOf(uid))]);
      return rows.map((row) => {
        const locale = (row.locale ?? null) as string | null;
        return [keyOf({ uid, documentId: row.documentId as string, locale }), row];
      });
    };
    const uids = [...new Set(places.map(({ uid }) => uid))];
    return new Map((await Promise.all(uids.map(ofType))).flat());
  };

  /** In the order of the places; null for a document that is gone, or that they may not read. */
  const found = async (
    places: readonly Place[],
    requester: Requester,
  ): Promise<(Titled | null)[]> => {
    const by = reading.by(requester);
    const rows = await rowsOf(places, requester);
    return Promise.all(
      places.map(async (place) => {
        const row = rows.get(keyOf(place));
        const field = row && (await schemas.infoOf(place.uid))?.mainField;
        if (!row) return null;
        const mayRead = field && by.mayRead(place.uid, row, field);
        return { title: mayRead ? titleIn(row[field]) : null };
      }),
    );
  };

  /** In the order of the places; null where there is no title that they may read. */
  const readable = async (
    places: readonly Place[],
    requester: Requester,
  ): Promise<(string | null)[]> =>
    (await found(places, requester)).map((document) => document?.title ?? null);

  /** In the order of the places; whether they may read every field of each document. */
  const areReadable = async (
    places: readonly Place[],
    requester: Requester,
  ): Promise<boolean[]> => {
    const by = reading.by(requester);
    const rows = await rowsOf(places, requester);
    return Promise.all(
      places.map((place) => by.mayReadWhole(place.uid, rows.get(keyOf(place)) ?? null)),
    );
  };

  return { found, readable, areReadable };
};

export type Titles = ReturnType<typeof createTitles>;
