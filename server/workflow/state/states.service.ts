/** Where documents stand, and who is moving them right now. */
import { randomBytes } from 'node:crypto';
import type { Knex } from 'knex';
import { PLUGIN_ID } from '../../contract/names';
import type { Moment } from '../../store/outbox/rows';
import type { Tables } from '../../store/tables.service';
import type { Lock } from './locks.service';
import { languageOf, type Place } from '../../strapi/model/place';

export type StateRow = {
  uid: string;
  document: string;
  language: string;
  workflow: string;
  state: string;
  approved_state: string | null;
  fingerprint: string | null;
  token: string | null;
  locked_until: Moment | null;
  locked_by: string | null;
  locked_for: string | null;
};
export type StoredState = StateRow & { id: number; document_id: string };

export type NewState = Pick<StateRow, 'workflow' | 'state'> &
  Partial<Pick<StateRow, 'approved_state' | 'fingerprint'>>;

/** `lock`: MySQL then reads what is, and not what was when the transaction began. SQLite takes no notice. */
type How = { trx: Knex.Transaction; lock?: boolean };

export const STATE_UID = `plugin::${PLUGIN_ID}.document-state`;
export const PLACE_KEY = ['uid', 'document', 'language'];

const keyOf = (place: Place) => ({
  uid: place.uid,
  document: place.documentId,
  language: languageOf(place),
});

/** Content types have a document id of their own, which a data transfer needs. */
export const ownId = () => randomBytes(12).toString('hex');

export const createStates = (tables: Tables) => {
  const states = tables.on<StoredState>('document-state');

  const find = async (place: Place, { trx, lock = false }: How): Promise<StateRow | null> => {
    const query = states(trx).where(keyOf(place)).first();
    return ((await (lock ? query.forUpdate() : query)) as StateRow | undefined) ?? null;
  };

  /** Of every locale of a document. */
  const ofDocument = async (
    { uid, documentId }: Pick<Place, 'uid' | 'documentId'>,
    trx: Knex.Transaction,
  ): Promise<StateRow[]> =>
    (await states(trx).where({ uid, document: documentId })) as unknown as StateRow[];

  const ofDocuments = async (
    { uid, locale }: Pick<Place, 'uid' | 'locale'>,
    documentIds: readonly string[],
    trx: Knex.Transaction,
  ): Promise<StateRow[]> =>
    (await states(trx)
      .where({ uid, language: languageOf({ locale }) })
      .whereIn('document', documentIds)) as unknown as StateRow[];

  /** What another workflow has approved is nothing to this one. */
  const put = async (place: Place, state: NewState, trx: Knex.Transaction): Promise<void> => {
    await states(trx).where(keyOf(place)).whereNot('workflow', state.workflow).delete();
    await states(trx)
      .insert({ ...keyOf(place), document_id: ownId(), ...state } as never)
      .onConflict(PLACE_KEY)
      .merge(state as never);
  };

  /** In a transaction of its own: of two who find the row there and then lock it, MySQL ends one as a deadlock. */
  const ensure = (place: Place, state: NewState): Promise<void> =>
    tables.transaction(async (trx) => {
      if (await find(place, { trx })) return;
      await states(trx)
        .insert({ ...keyOf(place), document_id: ownId(), ...state } as never)
        .onConflict(PLACE_KEY)
        .ignore();
    });

  /** False if somebody else holds the document. The row is made where there is none, with the state it stands for. */
  const lock = async (place: Place, state: NewState, lock: Lock): Promise<boolean> => {
    await ensure(place, state);
    return tables.transaction(async (trx) => {
      const count = await states(trx)
        .where(keyOf(place))
        .where((free) => free.whereNull('locked_until').orWhere('locked_until', '<', lock.now))
        .update({
          token: lock.token,
          locked_until: lock.until,
          locked_by: lock.by,
          locked_for: lock.command,
        } as never);
      return count > 0;
    });
  };

  const UNLOCKED = { token: null, locked_until: null, locked_by: null, locked_for: null };

  const unlock = async (place: Place, token: string, trx: Knex.Transaction): Promise<void> => {
    await states(trx)
      .where({ ...keyOf(place), token })
      .update(UNLOCKED as never);
  };

  return {
    find,
    ofDocument,
    ofDocuments,
    put,
    lock,
    unlock,
    /** For a query that narrows a list: the documents of a type and locale in some states. */
    inStates: (
      query: Knex.QueryBuilder,
      { uid, locale }: Pick<Place, 'uid' | 'locale'>,
      which: { workflow: string; states: string[] },
    ) =>
      query
        .from(tables.tableOf(STATE_UID))
        .select('document')
        .where({ uid, language: languageOf({ locale }), workflow: which.workflow })
        .whereIn('state', which.states),
  };
};

export type States = ReturnType<typeof createStates>;
