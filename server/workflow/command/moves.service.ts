/** Carries a move out: the new state, its history, its publication and its deliveries, all of them or none. */
import type { Knex } from 'knex';
import { createContext } from '../../strapi/requests.service';
import type { Actor } from '../../contract/event';
import type { HistoryEntry, HistoryOutcome, Verdict } from '../../contract/document';
import type { Moment } from '../../store/outbox/rows';
import type { Tables } from '../../store/tables.service';
import { documentsOf, type DocumentCall } from '../../strapi/documents.service';
import { hasDraftAndPublish, type Place } from '../../strapi/model/content-model';
import { happeningOf, type Move } from '../definition/flow';
import { ownDocumentId, placeColumns, type NewState, type OwnTable } from '../state/states.service';
import type { Decision } from '../validation/calls.service';
import { changedMeanwhile, movedMeanwhile } from './refusal';
import type { ValidationParts } from '../workflow.service';

type Options = ValidationParts & { history: History; passes: Passes };

type MoveRecord = {
  move: Move;
  outcome: HistoryOutcome;
  verdicts: Verdict[];
  /** Writes more into the same transaction: the log of the validations. */
  also?(trx: Knex.Transaction): Promise<void>;
};
type Carry = MoveRecord & {
  /** The fingerprint of the content that was checked. A document with other content is not moved. */
  fingerprint: string;
  /** The lock that is released with the move. */
  token?: string;
};

type DocumentAction = 'publish' | 'unpublish' | 'discardDraft';

export function createMoves(options: Options) {
  const { strapi, tables, states, locks, history, currentState, passes, recorder } = options;

  /** Throws, and leaves everything as it was, if the document is no longer the one that was checked. */
  function carryOut(carry: Carry): Promise<void> {
    return tables.transaction(async (trx) => {
      await check(carry, trx);
      await perform(carry, trx);
      await record(carry, trx);
      if (carry.token) await locks.release(carry.move.place, carry.token, trx);
    });
  }

  async function check({ move, fingerprint }: Carry, trx: Knex.Transaction): Promise<void> {
    const now = await currentState(move.flow, move.place, { trx, lock: true });
    if (now.state.key !== move.from.key) throw movedMeanwhile(now.state.name);
    if (now.draft.fingerprint !== fingerprint) throw changedMeanwhile();
  }

  async function perform(carry: Carry, trx: Knex.Transaction): Promise<void> {
    const { move, outcome } = carry;
    switch (move.flow.kind) {
      case 'own':
        return enter(carry, trx);
      case 'publication':
        return act(move.place, documentActionOf(move.command?.key));
      case 'review':
        return outcome === 'bypassed'
          ? act(move.place, 'publish')
          : passes.run({ ...move.place, action: 'update' }, () =>
              options.reviewWorkflows.move(move.place, move.to.key),
            );
    }
  }

  async function enter(carry: Carry, trx: Knex.Transaction): Promise<void> {
    const { move, outcome } = carry;
    await states.put(move.place, newStateOf(carry), trx);
    const onEnter = outcome === 'bypassed' ? 'publish' : move.to.onEnter;
    if (onEnter !== null && hasDraftAndPublish(move.model)) await act(move.place, onEnter);
  }

  async function act({ uid, documentId, locale }: Place, action: DocumentAction): Promise<void> {
    const which = { documentId, ...(locale === null ? {} : { locale }) };
    await passes.run({ uid, documentId, locale, action }, () =>
      documentsOf(strapi, uid)[action](which),
    );
  }

  /** Writes the history of a move, its event with the submit deliveries, and the log of its validations. */
  async function record(
    { move, outcome, verdicts, also }: MoveRecord,
    trx: Knex.Transaction,
  ): Promise<void> {
    await history.add(move, { outcome, at: options.clock.now(), verdicts }, trx);
    const happening =
      outcome === 'refused'
        ? happeningOf(move, 'workflow.refused', { verdicts })
        : happeningOf(move, 'workflow.transition');
    await recorder.record([happening]);
    await also?.(trx);
  }

  /** In transactions of their own: a refusal rolls back the open one. */
  function recordRefusals(refusals: readonly { move: Move; decision: Decision }[]): Promise<void> {
    return options.detached.always(async () => {
      for (const { move, decision } of refusals) {
        const { verdicts, store } = decision;
        await tables.transaction((trx) =>
          record({ move, outcome: 'refused', verdicts, also: store }, trx),
        );
      }
    });
  }

  return { carryOut, record, recordRefusals };
}

export type Moves = ReturnType<typeof createMoves>;

/** The action of Strapi that a command of the publication workflow stands for. A bypass, without a command, publishes. */
function documentActionOf(command: string | undefined): DocumentAction {
  if (command === 'discard') return 'discardDraft';
  return command === 'unpublish' ? 'unpublish' : 'publish';
}

/** A final state approves the present content, and no other. The command that leaves it takes the approval back. */
function newStateOf({ move: { flow, from, to }, fingerprint }: Carry): NewState {
  const state = { workflow: flow.id, state: to.key };
  if (to.final) return { ...state, approved_state: to.key, fingerprint };
  return from.final ? { ...state, approved_state: null, fingerprint: null } : state;
}

/** The gate lets through what a workflow itself does to a document: that action on that document, and no other. */
export function createPasses() {
  const current = createContext<Place & { action: string }>();
  return {
    run: <T>(pass: Place & { action: string }, work: () => Promise<T>): Promise<T> =>
      current.run(pass, work),
    isOpenFor: ({ action, uid, params }: DocumentCall): boolean => {
      const pass = current.get();
      return (
        pass?.action === action &&
        pass.uid === uid &&
        pass.documentId === params.documentId &&
        pass.locale === (params.locale ?? null)
      );
    },
  };
}

export type Passes = ReturnType<typeof createPasses>;

/** The panel shows no more entries. */
const MAX_HISTORY = 100;

type HistoryRow = {
  at: Moment;
  actor: string;
  command: string | null;
  command_name: string | null;
  from_state: string;
  from_name: string;
  to_state: string;
  to_name: string;
  comment: string | null;
  outcome: HistoryOutcome;
  verdicts: string;
};

type Done = { outcome: HistoryOutcome; at: number; verdicts: Verdict[] };

/** Who moved a document, when, with which comment, and the verdicts of the validations. */
export function createHistory(tables: Tables) {
  const rows: OwnTable = tables.on('history');

  /** A refused document stays where it is; its history shows the state that was refused. */
  async function add(
    { flow, place, command, from, to, comment, actor }: Move,
    { outcome, at, verdicts }: Done,
    trx: Knex.Transaction,
  ): Promise<void> {
    await rows(trx).insert({
      document_id: ownDocumentId(),
      ...placeColumns(place),
      workflow: flow.id,
      at,
      actor: JSON.stringify(actor),
      command: command?.key ?? null,
      command_name: command?.name ?? null,
      from_state: from.key,
      from_name: from.name,
      to_state: to.key,
      to_name: to.name,
      comment,
      outcome,
      verdicts: JSON.stringify(verdicts),
    });
  }

  /** Newest first. */
  async function list(place: Place, trx: Knex.Transaction): Promise<HistoryEntry[]> {
    const found: HistoryRow[] = await rows(trx)
      .where(placeColumns(place))
      .orderBy('id', 'desc')
      .limit(MAX_HISTORY);
    return found.map(historyEntryOf);
  }

  return { add, list };
}

export type History = ReturnType<typeof createHistory>;

function historyEntryOf(row: HistoryRow): HistoryEntry {
  return {
    at: new Date(Number(row.at)).toISOString(),
    actor: JSON.parse(row.actor) as Actor,
    command: row.command,
    commandName: row.command_name,
    from: row.from_state,
    fromName: row.from_name,
    to: row.to_state,
    toName: row.to_name,
    comment: row.comment,
    outcome: row.outcome,
    verdicts: JSON.parse(row.verdicts),
  };
}
