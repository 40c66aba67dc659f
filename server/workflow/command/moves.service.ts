/** Carries a move out: the new state, its history, its publication and its deliveries, all of them or none. */
import type { Core } from '@strapi/strapi';
import type { Knex } from 'knex';
import type { Recorder } from '../../capture/recorder.service';
import type { HistoryOutcome, Verdict } from '../../contract/document';
import type { WorkflowState } from '../../contract/workflow';
import type { Clock } from '../../strapi/clock.service';
import { hasDraftAndPublish } from '../../strapi/model/content-model';
import type { Draft } from '../state/drafts.service';
import { stateOf, type Flow } from '../sources/flow';
import type { History } from '../state/history.service';
import type { Tables } from '../../store/tables.service';
import type { Passes } from './passes.service';
import type { Place } from '../../strapi/model/place';
import { changedMeanwhile, movedMeanwhile } from './refusal';
import type { ReviewWorkflows } from '../sources/review-workflows.service';
import type { StandingOf } from '../state/standing.service';
import type { Locks } from '../state/locks.service';
import type { NewState, States } from '../state/states.service';
import { entryOf, happeningOf, type Move } from './transition';

type Options = {
  strapi: Core.Strapi;
  tables: Tables;
  states: States;
  locks: Locks;
  history: History;
  standing: StandingOf;
  passes: Passes;
  recorder: Recorder;
  reviewWorkflows: ReviewWorkflows;
  clock: Clock;
};

export type Carry = {
  flow: Flow;
  move: Move;
  /** What was checked: a document that says anything else is not moved. */
  fingerprint: string;
  outcome: HistoryOutcome;
  verdicts: Verdict[];
  /** Writes more into the same transaction: the log of the validations. */
  also?(trx: Knex.Transaction): Promise<void>;
  /** The lock that is given back with the move. */
  token?: string;
};

type Action = 'publish' | 'unpublish' | 'discardDraft';
type Documents = Record<Action, (params: object) => Promise<unknown>>;

/** The actions of Strapi that the commands of the publication workflow are. */
export const ACTION_OF: Record<string, Action> = {
  publish: 'publish',
  unpublish: 'unpublish',
  discard: 'discardDraft',
};

export const createMoves = (options: Options) => {
  const { strapi, tables, states, locks, history, standing, passes, recorder, clock } = options;

  const act = ({ uid, documentId, locale }: Place, action: Action) => {
    const documents = strapi.documents(uid as never) as unknown as Documents;
    const which = { documentId, ...(locale === null ? {} : { locale }) };
    return passes.run({ uid, documentId, locale, action }, () => documents[action](which));
  };

  /** A final state approves the content as it is, and no other. The command that leads out of it takes that back. */
  const newState = ({ flow, move, fingerprint }: Carry, to: WorkflowState): NewState => {
    const state = { workflow: flow.id, state: to.key };
    if (to.final) return { ...state, approved_state: to.key, fingerprint };
    return move.from.final ? { ...state, approved_state: null, fingerprint: null } : state;
  };

  const enter = async (carry: Carry, trx: Knex.Transaction): Promise<void> => {
    const { flow, move, outcome } = carry;
    const to = stateOf(flow, move.to.key) as WorkflowState;
    await states.put(move.place, newState(carry, to), trx);
    const onEnter = outcome === 'bypassed' ? 'publish' : to.onEnter;
    if (onEnter !== null && hasDraftAndPublish(move.model)) await act(move.place, onEnter);
  };

  const perform = async (carry: Carry, trx: Knex.Transaction): Promise<void> => {
    const { flow, move } = carry;
    switch (flow.kind) {
      case 'own':
        return enter(carry, trx);
      case 'publication':
        await act(move.place, ACTION_OF[move.command?.key ?? 'publish'] ?? 'publish');
        return;
      case 'review':
        return carry.outcome === 'bypassed'
          ? void (await act(move.place, 'publish'))
          : passes.run({ ...move.place, action: 'update' }, () =>
              options.reviewWorkflows.move(move.place, move.to.key),
            );
    }
  };

  /** A move's own traces: its history, its event with the submit deliveries, and the log of what was asked. */
  const record = async (
    { move, outcome, verdicts, also }: Omit<Carry, 'flow' | 'fingerprint'>,
    trx: Knex.Transaction,
  ): Promise<void> => {
    await history.add(move.place, entryOf(move, { outcome, at: clock.now(), verdicts }), trx);
    const name = outcome === 'refused' ? 'workflow.refused' : 'workflow.transition';
    await recorder.record([happeningOf(move, name, outcome === 'refused' ? { verdicts } : {})]);
    await also?.(trx);
  };

  const check = async ({ flow, move, fingerprint }: Carry, trx: Knex.Transaction) => {
    const now = await standing(flow, move.place, { trx, lock: true });
    if (now.state.key !== move.from.key) throw movedMeanwhile(now.state.name);
    if (now.draft.fingerprint !== fingerprint) throw changedMeanwhile();
  };

  /** Throws, and leaves everything as it was, where the document is no longer what was checked. */
  const carryOut = (carry: Carry): Promise<void> =>
    tables.transaction(async (trx) => {
      await check(carry, trx);
      await perform(carry, trx);
      await record(carry, trx);
      if (carry.token) await locks.release(carry.move.place, carry.token, trx);
    });

  /** In a transaction of its own, which no refusal rolls back. */
  const recordRefusal = (refusal: Pick<Carry, 'move' | 'verdicts' | 'also'>): Promise<void> =>
    tables.transaction((trx) => record({ ...refusal, outcome: 'refused' }, trx));

  return { carryOut, record, recordRefusal };
};

export type Moves = ReturnType<typeof createMoves>;

/** What a move starts from, as the endpoints and the history are told. */
export const moveFrom = (
  draft: Draft,
  published: Draft | null,
  rest: Omit<Move, 'place' | 'entry' | 'previous'>,
): Move => ({
  ...rest,
  place: draft.place,
  entry: draft.entry,
  previous: published?.entry ?? null,
});
