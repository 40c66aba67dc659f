/** Runs a command on a document: calls its validations, and moves the document if they allow it. */
import { randomBytes } from 'node:crypto';
import type { Knex } from 'knex';
import type { CommandResult, Verdict } from '../../contract/document';
import type { Actor } from '../../contract/event';
import type { WorkflowCommand, WorkflowState } from '../../contract/workflow';
import { hasDraftAndPublish, type Place } from '../../strapi/model/content-model';
import { commandOf, shown, stateOf, type Flow, type Move, type Way } from '../definition/flow';
import type { CurrentState } from '../state/states.service';
import {
  alreadyFinal,
  busy,
  missingComment,
  noWorkflow,
  refusedByValidation,
  unknownCommand,
  unwantedComment,
  wrongRole,
  wrongState,
} from './refusal';
import type { Moves } from './moves.service';
import type { ValidationParts } from '../workflow.service';

type Options = ValidationParts & { moves: Moves };

/** Who runs a command, and which ones they may run. */
export type Runner = { actor: Actor; mayRun(command: WorkflowCommand, flow: Flow): boolean };
export type Wish = { command: string; comment?: string | null; dryRun?: boolean };

type Prepared = { move: Move; fingerprint: string };

/** How long a command holds its document beyond the budget of its validations, in case its process dies. */
const LOCK_GRACE_MS = 5000;

export function createCommands(options: Options) {
  const { tables, locks, drafts, currentState, validations, moves, detached, storeCalls } = options;

  /** Throws Strapi's typed errors, each saying what was expected; the document is then unchanged. */
  async function run(place: Place, wish: Wish, runner: Runner): Promise<CommandResult> {
    const flow = await flowOf(place.uid);
    const prepared = await tables.transaction(async (trx) => {
      const now = await currentState(flow, place, { trx });
      const command = checkedCommand(now, wish.command, runner);
      const comment = checkedComment(command, wish);
      const to = stateOf(flow, command.to) as WorkflowState;
      return preparedMove(now, { to, command, comment, actor: runner.actor }, trx);
    });
    return wish.dryRun
      ? dryRun(prepared)
      : whileLocked(prepared.move, (token) => carryOut(prepared, token));
  }

  async function flowOf(uid: string): Promise<Flow> {
    const flow = await options.flows.flowOf(uid);
    if (!flow) throw noWorkflow(uid);
    return flow;
  }

  async function preparedMove(
    { flow, draft, state: from }: CurrentState,
    way: Omit<Way, 'flow' | 'from'>,
    trx: Knex.Transaction,
  ): Promise<Prepared> {
    const move = await drafts.moveOf(draft, { flow, from, ...way }, trx);
    return { move, fingerprint: draft.fingerprint };
  }

  async function dryRun({ move }: Prepared): Promise<CommandResult> {
    const decision = await validations.decide(move, { dryRun: true });
    await detached.always(storeCalls([decision]));
    if (!decision.isAllowed) throw refusedByValidation(decision);
    return resultOf(move.from, decision);
  }

  /**
   * Holds the lock for as long as endpoints take. Without any endpoint too: a transaction of MySQL would read the state
   * from when it began, not the one that the transaction it waited for has left. The move itself releases the lock.
   */
  async function whileLocked<T>(move: Move, work: (token: string) => Promise<T>): Promise<T> {
    const { flow, place, command, actor } = move;
    const token = randomBytes(12).toString('hex');
    const now = options.clock.now();
    const until = now + options.config.budget + LOCK_GRACE_MS;
    const state = { workflow: flow.id, state: move.from.key };
    const lock = { token, now, until, by: actor.name, command: command?.name ?? '' };
    if (!(await locks.take(place, state, lock))) {
      const row = await tables.transaction((trx) => options.states.find(place, { trx }));
      throw busy(locks.holder(place, row, now));
    }
    try {
      return await work(token);
    } catch (error) {
      await unlock(place, token);
      throw error;
    }
  }

  /** After an error, which is the one to report, whether or not the lock can be released. */
  async function unlock(place: Place, token: string): Promise<void> {
    try {
      await tables.transaction(async (trx) => {
        await locks.release(place, token, trx);
        // The row that held the lock stays behind if the document was deleted meanwhile.
        await options.upkeep.forgetGone(place.uid, [place.documentId], trx);
      });
    } catch (error) {
      options.strapi.log.warn(
        `workflow-webhooks: a document stays locked until its lock ends by itself: ${(error as Error).stack}`,
      );
    }
  }

  /** The calls are logged whatever becomes of the move, and in its transaction if it succeeds. */
  async function carryOut(prepared: Prepared, token: string): Promise<CommandResult> {
    const { move } = prepared;
    const decision = await validations.decide(move);
    if (!decision.isAllowed) {
      await moves.recordRefusals([{ move, decision }]);
      throw refusedByValidation(decision);
    }
    const { verdicts, store } = decision;
    try {
      await moves.carryOut({ ...prepared, verdicts, token, outcome: 'moved', also: store });
    } catch (error) {
      await detached.always(storeCalls([decision]));
      throw error;
    }
    return resultOf(move.to, decision);
  }

  /** Publishes without any validation, and records that in the history. */
  async function bypass(place: Place, comment: string, actor: Actor): Promise<CommandResult> {
    const flow = await flowOf(place.uid);
    const model = options.schemas.watched(place.uid)?.model;
    if (!model || !hasDraftAndPublish(model)) throw noWorkflow(place.uid);
    const prepared = await tables.transaction(async (trx) => {
      const now = await currentState(flow, place, { trx });
      if (flow.kind === 'own' && now.state.final) throw alreadyFinal(now.state.name);
      const to = stateAfterBypass(flow, now.state);
      return preparedMove(now, { to, command: null, comment, actor }, trx);
    });
    await moves.carryOut({ ...prepared, outcome: 'bypassed', verdicts: [] });
    return resultOf(prepared.move.to, { verdicts: [], warnings: [] });
  }

  return { run, bypass };
}

export type Commands = ReturnType<typeof createCommands>;

function checkedCommand(
  { flow, state }: CurrentState,
  key: string,
  { mayRun }: Runner,
): WorkflowCommand {
  const command = commandOf(flow, key);
  if (!command) throw unknownCommand(flow, state.key, key);
  if (!command.from.includes(state.key)) throw wrongState(flow, state.key, command);
  if (!mayRun(command, flow)) throw wrongRole(command);
  return command;
}

/** A dry run moves nothing, so it needs no comment. */
function checkedComment(command: WorkflowCommand, { comment, dryRun }: Wish): string | null {
  const text = comment?.trim() || null;
  if (command.comment === 'required' && text === null && !dryRun) throw missingComment(command);
  if (command.comment === 'none' && text !== null) throw unwantedComment(command);
  return text;
}

function resultOf(
  state: WorkflowState,
  { verdicts, warnings }: { verdicts: Verdict[]; warnings: string[] },
): CommandResult {
  return { state: shown(state), verdicts, warnings };
}

/** The state to which publishing would have led. */
function stateAfterBypass(flow: Flow, state: WorkflowState): WorkflowState {
  if (flow.kind === 'review') return state;
  const finals = flow.states.filter(({ final }) => final);
  return finals.find(({ onEnter }) => onEnter === 'publish') ?? finals[0] ?? state;
}
