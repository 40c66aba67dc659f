/** Documents of a workflow in pieces that one statement can take, for changes that concern tens of thousands of them. */
import type { Knex } from 'knex';
import { CHUNK } from '../../strapi/chunks';
import type { Tables } from '../../store/tables.service';
import { keyOf, languageOf, localeOf, type Place } from '../../strapi/model/place';
import { ownId, PLACE_KEY, STATE_UID, type NewState, type StoredState } from './states.service';

/** Documents with a state row, by the row's id; or without one, by the draft's. */
export type Piece = { id: number; place: Place }[];

type How = { trx: Knex.Transaction; isDraftAndPublish: boolean };

export const createPieces = (tables: Tables) => {
  const states = tables.on<StoredState>('document-state');

  /** A piece of the documents in a state, in the order of their rows. */
  const placesIn = async (
    { workflow, state, after }: { workflow: string; state: string; after: number },
    trx: Knex.Transaction,
  ): Promise<Piece> => {
    const rows = (await states(trx)
      .where({ workflow, state })
      .where('id', '>', after)
      .orderBy('id')
      .limit(CHUNK)) as unknown as StoredState[];
    return rows.map((row) => ({
      id: row.id,
      place: { uid: row.uid, documentId: row.document, locale: localeOf(row) },
    }));
  };

  /** The documents of a type, per locale, that never moved: they have no row. */
  const unmoved = (uid: string, { trx, isDraftAndPublish }: How) => {
    const query = trx({ content: tables.tableOf(uid) })
      .leftJoin({ known: tables.tableOf(STATE_UID) }, (join) => {
        join
          .on('known.document', 'content.document_id')
          .andOn(trx.raw("known.language = coalesce(content.locale, '')"))
          .andOnVal('known.uid', uid);
      })
      .whereNull('known.id')
      .whereNotNull('content.document_id');
    return isDraftAndPublish ? query.whereNull('content.published_at') : query;
  };

  const countUnmoved = async (uid: string, how: How): Promise<number> => {
    const [counted] = (await unmoved(uid, how).count({ total: '*' })) as { total?: number }[];
    return Number(counted?.total ?? 0);
  };

  /** A piece of them, in the order of their drafts. */
  const unmovedAfter = async (uid: string, after: number, how: How): Promise<Piece> => {
    const rows = (await unmoved(uid, how)
      .where('content.id', '>', after)
      .select({ id: 'content.id', document: 'content.document_id' })
      .select(how.trx.raw("coalesce(content.locale, '') as language"))
      .orderBy('content.id')
      .limit(CHUNK)) as { id: number; document: string; language: string }[];
    return rows.map((row) => ({
      id: row.id,
      place: { uid, documentId: row.document, locale: localeOf(row) },
    }));
  };

  /** When each draft was last written, by place: another time is another version. */
  const versionsOf = async (
    uid: string,
    places: readonly Place[],
    { trx, isDraftAndPublish }: How,
  ): Promise<Map<string, number>> => {
    const query = trx({ content: tables.tableOf(uid) })
      .whereIn(
        'document_id',
        places.map(({ documentId }) => documentId),
      )
      .select('document_id', 'locale', 'updated_at');
    type Row = { document_id: string; locale: string | null; updated_at: string | number | Date };
    const rows = (await (isDraftAndPublish ? query.whereNull('published_at') : query)) as Row[];
    return new Map(
      rows.map(({ document_id: documentId, locale, updated_at }) => [
        keyOf({ uid, documentId, locale }),
        new Date(updated_at).getTime(),
      ]),
    );
  };

  const rowOf = ({ uid, documentId, locale }: Place) => ({
    uid,
    document: documentId,
    language: languageOf({ locale }),
    document_id: ownId(),
  });

  /** Gives a row to documents that have none: before the initial state becomes another one. */
  const settle = async (
    state: NewState,
    places: readonly Place[],
    trx: Knex.Transaction,
  ): Promise<void> => {
    await states(trx)
      .insert(places.map((place) => ({ ...rowOf(place), ...state })) as never)
      .onConflict(PLACE_KEY)
      .ignore();
  };

  /** Puts documents that have a row into a final state, which approves what they say. */
  const putApprovals = async (
    { workflow, state }: NewState,
    approvals: readonly { place: Place; fingerprint: string | null }[],
    trx: Knex.Transaction,
  ): Promise<void> => {
    const rows = approvals.map(({ place, fingerprint }) => ({
      ...rowOf(place),
      ...{ workflow, state, approved_state: state, fingerprint },
    }));
    await states(trx)
      .insert(rows as never)
      .onConflict(PLACE_KEY)
      .merge(['workflow', 'state', 'approved_state', 'fingerprint'] as never);
  };

  return { placesIn, countUnmoved, unmovedAfter, versionsOf, settle, putApprovals };
};

export type Pieces = ReturnType<typeof createPieces>;
