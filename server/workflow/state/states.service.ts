/** The state of a document in its workflow: the stored row, its lock, and what the row means for the present content. */
import { randomBytes } from 'node:crypto';
import type { Knex } from 'knex';
import type { StateOfEvent } from '../../capture/recorder.service';
import { PLUGIN_ID } from '../../contract/names';
import type { WorkflowState } from '../../contract/workflow';
import { hasOneWriter } from '../../store/dialect';
import type { Moment } from '../../store/outbox/rows';
import type { Tables } from '../../store/tables.service';
import { notFound } from '../../strapi/errors';
import { placeKey, languageOf, type Place } from '../../strapi/model/content-model';
import { initialOf, stateOf, type Flow } from '../definition/flow';
import type { Flows, ReviewWorkflows } from '../definition/flows.service';
import type { Draft, Drafts } from './drafts.service';

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

export type NewState = Pick<StateRow, 'workflow' | 'state'> &
  Partial<Pick<StateRow, 'approved_state' | 'fingerprint'>>;

/** `lock`: MySQL then reads the present row instead of the one from when the transaction began. SQLite ignores it. */
type ReadOptions = { trx: Knex.Transaction; lock?: boolean };
export type OwnTable = (trx: Knex.Transaction) => Knex.QueryBuilder;

export const STATE_UID = `plugin::${PLUGIN_ID}.document-state`;
/** The columns that identify a row: one locale of one document. */
export const PLACE_COLUMNS = ['uid', 'document', 'language'];

export function placeColumns(place: Place) {
  return { uid: place.uid, document: place.documentId, language: languageOf(place) };
}

/** Content types have a document id of their own, which a data transfer needs. */
export function ownDocumentId(): string {
  return randomBytes(12).toString('hex');
}

export function newStateRow(place: Place, state: NewState) {
  return { ...placeColumns(place), document_id: ownDocumentId(), ...state };
}

export function createStates(tables: Tables) {
  const rows: OwnTable = tables.on('document-state');

  async function find(place: Place, { trx, lock = false }: ReadOptions): Promise<StateRow | null> {
    const query = rows(trx).where(placeColumns(place)).first();
    return (await (lock ? query.forUpdate() : query)) ?? null;
  }

  /** The rows of all locales of a document. */
  async function ofDocument(
    { uid, documentId }: Pick<Place, 'uid' | 'documentId'>,
    trx: Knex.Transaction,
  ): Promise<StateRow[]> {
    return rows(trx).where({ uid, document: documentId });
  }

  async function ofDocuments(
    { uid, locale }: Pick<Place, 'uid' | 'locale'>,
    documentIds: readonly string[],
    trx: Knex.Transaction,
  ): Promise<StateRow[]> {
    return rows(trx)
      .where({ uid, language: languageOf({ locale }) })
      .whereIn('document', documentIds);
  }

  /** Replaces the row. An approval by another workflow does not count in this one. */
  async function put(place: Place, state: NewState, trx: Knex.Transaction): Promise<void> {
    await rows(trx).where(placeColumns(place)).whereNot('workflow', state.workflow).delete();
    await rows(trx).insert(newStateRow(place, state)).onConflict(PLACE_COLUMNS).merge(state);
  }

  /** A subquery that narrows a list: the documents of a type and locale that are in some states. */
  function inStates(
    query: Knex.QueryBuilder,
    { uid, locale }: Pick<Place, 'uid' | 'locale'>,
    which: { workflow: string; states: string[] },
  ): Knex.QueryBuilder {
    return query
      .from(tables.tableOf(STATE_UID))
      .select('document')
      .where({ uid, language: languageOf({ locale }), workflow: which.workflow })
      .whereIn('state', which.states);
  }

  return { find, ofDocument, ofDocuments, put, inStates };
}

export type States = ReturnType<typeof createStates>;

type Lock = {
  token: string;
  until: number;
  now: number;
  by: string | null;
  command: string;
};

type Holder = { by: string | null; command: string };

/**
 * Names who runs a command on a document at the moment, so that a second command neither waits nor calls endpoints in
 * vain. The lock does not prevent that a document is moved twice: the move itself does, by reading the state once more.
 * SQLite serves one process, and a lock in its table would wait for the disk once more.
 */
export function createLocks(tables: Tables): Locks {
  return hasOneWriter(tables.database) ? memoryLocks() : rowLocks(tables);
}

type Locks = {
  /** False if somebody else holds the document. `state` is its present state. */
  take(place: Place, state: NewState, lock: Lock): Promise<boolean>;
  release(place: Place, token: string, trx: Knex.Transaction): Promise<void>;
  /** The holder of a document, from its row; null if nobody holds it. */
  holder(place: Place, row: StateRow | null, now: number): Holder | null;
};

function memoryLocks(): Locks {
  const held = new Map<string, Lock>();
  return {
    take: async (place, _state, lock) => {
      const other = held.get(placeKey(place));
      if (other && other.until >= lock.now) return false;
      held.set(placeKey(place), lock);
      return true;
    },
    release: async (place, token) => {
      if (held.get(placeKey(place))?.token === token) held.delete(placeKey(place));
    },
    holder: (place, _row, now) => {
      const lock = held.get(placeKey(place));
      return lock && lock.until > now ? { by: lock.by, command: lock.command } : null;
    },
  };
}

/** In the document's row, so that every instance sees them. */
function rowLocks(tables: Tables): Locks {
  const rows: OwnTable = tables.on('document-state');

  /** In a transaction of its own: if two find the row and then lock it, MySQL ends one of them as a deadlock. */
  const ensureRow = (place: Place, state: NewState): Promise<void> =>
    tables.transaction(async (trx) => {
      if (await rows(trx).where(placeColumns(place)).first()) return;
      await rows(trx).insert(newStateRow(place, state)).onConflict(PLACE_COLUMNS).ignore();
    });

  return {
    take: async (place, state, { token, until, now, by, command }) => {
      await ensureRow(place, state);
      return tables.transaction(async (trx) => {
        const count: number = await rows(trx)
          .where(placeColumns(place))
          .where((free) => free.whereNull('locked_until').orWhere('locked_until', '<', now))
          .update({ token, locked_until: until, locked_by: by, locked_for: command });
        return count > 0;
      });
    },
    release: async (place, token, trx) => {
      await rows(trx)
        .where({ ...placeColumns(place), token })
        .update({ token: null, locked_until: null, locked_by: null, locked_for: null });
    },
    holder: (_place, row, now) =>
      row?.locked_until && Number(row.locked_until) > now
        ? { by: row.locked_by, command: row.locked_for ?? '' }
        : null,
  };
}

/** The initial state if the row belongs to another workflow, or its state is gone. */
export function rowState(flow: Flow, row: StateRow | null): WorkflowState {
  return (row?.workflow === flow.id && stateOf(flow, row.state)) || initialOf(flow);
}

/** An approval holds for the content that had this fingerprint. Any later change, however made, takes it back. */
export function ownState(flow: Flow, row: StateRow | null, fingerprint: string): WorkflowState {
  const state = rowState(flow, row);
  const isApproved = row === null || row.fingerprint === fingerprint;
  return !state.final || isApproved ? state : initialOf(flow);
}

export type CurrentState = {
  flow: Flow;
  state: WorkflowState;
  draft: Draft;
  row: StateRow | null;
};

type Options = { states: States; drafts: Drafts; flows: Flows; reviewWorkflows: ReviewWorkflows };

export function createCurrentStates({ states, drafts, flows, reviewWorkflows }: Options) {
  async function stateKey(
    flow: Flow,
    { draft, row }: { draft: Draft; row: StateRow | null },
    how: ReadOptions,
  ): Promise<string> {
    switch (flow.kind) {
      case 'own':
        return ownState(flow, row, draft.fingerprint).key;
      case 'publication':
        return (await drafts.readPublished(draft.place, how)) ? 'published' : 'draft';
      case 'review':
        return reviewWorkflows.stateKey(draft.place, flow);
    }
  }

  /** Null if there is no such document, or not in this locale. */
  async function findCurrentState(
    flow: Flow,
    place: Place,
    how: ReadOptions,
  ): Promise<CurrentState | null> {
    const draft = await drafts.read(place, how);
    if (!draft) return null;
    const row = await states.find(place, how);
    const key = await stateKey(flow, { draft, row }, how);
    return { flow, draft, row, state: stateOf(flow, key) ?? initialOf(flow) };
  }

  async function currentState(flow: Flow, place: Place, how: ReadOptions): Promise<CurrentState> {
    const found = await findCurrentState(flow, place, how);
    if (!found) throw notFound('document');
    return found;
  }

  /** The state of an event's document in its workflow, in the transaction that stores the event. */
  const stateOfEvent: StateOfEvent = async ({ uid, documentId, locale, status }, trx) => {
    const flow = uid === null ? null : await flows.flowOf(uid);
    if (!flow || uid === null || documentId === null) return null;
    const place = { uid, documentId, locale };
    const found = await findCurrentState(flow, place, { trx });
    if (found) return { workflow: flow.id, state: found.state.key };
    if (flow.kind === 'publication')
      return { workflow: flow.id, state: status ?? flow.initialState };
    // A deleted document keeps its row for the rest of the transaction.
    return { workflow: flow.id, state: rowState(flow, await states.find(place, { trx })).key };
  };

  return { findCurrentState, currentState, stateOfEvent };
}
