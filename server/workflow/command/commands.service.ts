/** Runs a command on a document: asks who validates it, and moves the document if they let it. */
import { randomBytes } from 'node:crypto';
import type { Core } from '@strapi/strapi';
import type { Knex } from 'knex';
import type { CommandResult } from '../../contract/document';
import type { Actor } from '../../contract/event';
import type { WorkflowCommand, WorkflowState } from '../../contract/workflow';
import type { Clock } from '../../strapi/clock.service';
import { hasDraftAndPublish } from '../../strapi/model/content-model';
import type { Schemas } from '../../strapi/model/schema.service';
import type { Deciding, Decision } from '../verdict/deciding.service';
import type { Drafts } from '../state/drafts.service';
import { commandOf, shown, stateOf, type Flow } from '../sources/flow';
import type { Afterwards } from './afterwards.service';
import { moveFrom, type Moves } from './moves.service';
import type { Tables } from '../../store/tables.service';
import type { Place } from '../../strapi/model/place';
import {
  alreadyFinal,
  busy,
  missingComment,
  noWorkflow,
  refused,
  unknownCommand,
  unwantedComment,
  wrongRole,
  wrongState,
} from './refusal';
import type { Refusing } from './refusing.service';
import type { Rules } from '../sources/rules.service';
import type { Standing, StandingOf } from '../state/standing.service';
import type { StateUpkeep } from '../state/state-upkeep.service';
import type { Locks } from '../state/locks.service';
import type { States } from '../state/states.service';
import type { Move } from './transition';

type Options = {
  strapi: Core.Strapi;
  schemas: Schemas;
  tables: Tables;
  states: States;
  locks: Locks;
  upkeep: StateUpkeep;
  drafts: Drafts;
  standing: StandingOf;
  rules: Rules;
  deciding: Deciding;
  moves: Moves;
  refusing: Refusing;
  afterwards: Afterwards;
  clock: Clock;
  budget: number;
};

/** Who runs a command, and which ones they may. */
export type Runner = { actor: Actor; mayRun(command: WorkflowCommand, flow: Flow): boolean };
export type Wish = { command: string; comment?: string | null; dryRun?: boolean };

/** How much longer than its validations may take a command holds its document, in case its process dies. */
const GRACE_MS = 5000;

/** A check moves nothing, so nobody need say why. */
const checkedComment = (command: WorkflowCommand, { comment, dryRun }: Wish) => {
  const text = comment?.trim() || null;
  if (command.comment === 'required' && text === null && !dryRun) throw missingComment(command);
  if (command.comment === 'none' && text !== null) throw unwantedComment(command);
  return text;
};

const checkedCommand = (
  { flow, state }: Standing,
  key: string,
  { mayRun }: Runner,
): WorkflowCommand => {
  const command = commandOf(flow, key);
  if (!command) throw unknownCommand(flow, state.key, key);
  if (!command.from.includes(state.key)) throw wrongState(flow, state.key, command);
  if (!mayRun(command, flow)) throw wrongRole(command);
  return command;
};

const resultOf = (flow: Flow, key: string, decision: Decision): CommandResult => ({
  state: shown(stateOf(flow, key) as WorkflowState),
  verdicts: decision.verdicts,
  warnings: decision.warnings,
});

/** Where a document that is published past its workflow stands then: where publishing would have led it. */
const goal = (flow: Flow, state: WorkflowState): WorkflowState => {
  if (flow.kind === 'review') return state;
  const finals = flow.states.filter(({ final }) => final);
  return finals.find(({ onEnter }) => onEnter === 'publish') ?? finals[0] ?? state;
};

export const createCommands = (options: Options) => {
  const {
    schemas,
    tables,
    states,
    locks,
    upkeep,
    drafts,
    standing,
    rules,
    deciding,
    moves,
    afterwards,
    clock,
  } = options;

  const flowOf = async (uid: string): Promise<Flow> => {
    const flow = await rules.flowOf(uid);
    if (!flow) throw noWorkflow(uid);
    return flow;
  };

  const moveOf = async (
    { flow, draft, state }: Standing,
    rest: Pick<Move, 'to' | 'command' | 'comment' | 'actor'>,
    trx: Knex.Transaction,
  ): Promise<Move> => {
    const published = await drafts.readPublished(draft.place, { trx });
    const model = schemas.watched(draft.place.uid)?.model;
    if (!model) throw noWorkflow(draft.place.uid);
    const changes = drafts.changes(draft, published);
    return moveFrom(draft, published, { flow, model, from: state, changes, ...rest });
  };

  type Prepared = { flow: Flow; move: Move; fingerprint: string };

  const prepare = async (place: Place, wish: Wish, runner: Runner): Promise<Prepared> => {
    const flow = await flowOf(place.uid);
    return tables.transaction(async (trx) => {
      const now = await standing(flow, place, { trx });
      const command = checkedCommand(now, wish.command, runner);
      const comment = checkedComment(command, wish);
      const to = stateOf(flow, command.to) as WorkflowState;
      const move = await moveOf(now, { to, command, comment, actor: runner.actor }, trx);
      return { flow, move, fingerprint: now.draft.fingerprint };
    });
  };

  /** A document that was deleted meanwhile leaves nothing behind, nor what it was held by. */
  const letGo = async (place: Place, token: string, trx: Knex.Transaction): Promise<void> => {
    await locks.release(place, token, trx);
    await upkeep.forgetGone(place.uid, [place.documentId], trx);
  };

  /** After an error, which is the one to report, whatever becomes of the lock. */
  const unlock = (place: Place, token: string): Promise<void> =>
    tables
      .transaction((trx) => letGo(place, token, trx))
      .catch((error: Error) => {
        options.strapi.log.warn(
          `workflow-webhooks: a document stays locked until its lock ends by itself: ${error.stack}`,
        );
      });

  /**
   * For as long as endpoints take. Without any too, since a transaction of MySQL reads the state as it was when it began,
   * not as the one that it waited for has left it. What moves the document gives the lock back in the same transaction.
   */
  const held = async <T>(
    { flow, move }: Prepared,
    work: (token: string) => Promise<T>,
  ): Promise<T> => {
    const token = randomBytes(12).toString('hex');
    const now = clock.now();
    const isOurs = await locks.take(
      move.place,
      { workflow: flow.id, state: move.from.key },
      {
        token,
        now,
        until: now + options.budget + GRACE_MS,
        by: move.actor.name,
        command: move.command?.name ?? '',
      },
    );
    if (!isOurs) {
      const row = await tables.transaction((trx) => states.find(move.place, { trx }));
      throw busy(locks.holder(move.place, row, now) ?? { by: null, command: '' });
    }
    try {
      return await work(token);
    } catch (error) {
      await unlock(move.place, token);
      throw error;
    }
  };

  /** What was asked is logged whatever becomes of the move; with the move where that happens. */
  const carryOut = async ({ flow, move, fingerprint }: Prepared, token: string) => {
    const decision = await deciding.decide(move);
    const { verdicts } = decision;
    if (!decision.isAllowed) {
      await options.refusing([{ move, decision }]);
      throw refused(decision);
    }
    try {
      const carry = { flow, move, fingerprint, verdicts, also: decision.store };
      await moves.carryOut({ ...carry, outcome: 'moved', token });
    } catch (error) {
      await afterwards.always(() => tables.transaction(decision.store));
      throw error;
    }
    return resultOf(flow, move.to.key, decision);
  };

  const dryRun = async ({ flow, move }: Prepared): Promise<CommandResult> => {
    const decision = await deciding.decide(move, { dryRun: true });
    await afterwards.always(() => tables.transaction(decision.store));
    if (!decision.isAllowed) throw refused(decision);
    return resultOf(flow, move.from.key, decision);
  };

  /** Throws Strapi's typed errors, each saying what was expected; the document is then as it was. */
  const run = async (place: Place, wish: Wish, runner: Runner): Promise<CommandResult> => {
    const prepared = await prepare(place, wish, runner);
    if (wish.dryRun) return dryRun(prepared);
    return held(prepared, (token) => carryOut(prepared, token));
  };

  /** Publishes without asking anybody, and says so in the history. */
  const bypass = async (place: Place, comment: string, actor: Actor): Promise<CommandResult> => {
    const flow = await flowOf(place.uid);
    const model = schemas.watched(place.uid)?.model;
    if (!model || !hasDraftAndPublish(model)) throw noWorkflow(place.uid);
    const prepared = await tables.transaction(async (trx) => {
      const now = await standing(flow, place, { trx });
      if (flow.kind === 'own' && now.state.final) throw alreadyFinal(now.state.name);
      const to = goal(flow, now.state);
      const move = await moveOf(now, { to, command: null, comment, actor }, trx);
      return { flow, move, fingerprint: now.draft.fingerprint };
    });
    await moves.carryOut({ ...prepared, outcome: 'bypassed', verdicts: [] });
    const state = stateOf(flow, prepared.move.to.key) as WorkflowState;
    return { state: shown(state), verdicts: [], warnings: [] };
  };

  return { run, bypass };
};

export type Commands = ReturnType<typeof createCommands>;
