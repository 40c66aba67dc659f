/** Stage moves of the licensed Review Workflows: validated before they happen, and told when they have. */
import type { Actor } from '../../contract/event';
import { MOVE_TO_PREFIX } from '../../contract/workflow';
import type { Schemas } from '../../strapi/model/schema.service';
import type { AskedLog } from '../verdict/asked-log.service';
import type { Deciding, Decision } from '../verdict/deciding.service';
import type { Drafts } from '../state/drafts.service';
import { commandOf, stateOf } from '../sources/flow';
import type { Call, Next } from './gate.service';
import type { Locales } from '../sources/locales.service';
import { moveFrom, type Moves } from '../command/moves.service';
import type { Tables } from '../../store/tables.service';
import { changedMeanwhile, refused } from '../command/refusal';
import {
  STAGE_ATTRIBUTE,
  type ReviewFlow,
  type ReviewWorkflows,
} from '../sources/review-workflows.service';
import type { Refusing } from '../command/refusing.service';
import type { StandingOf } from '../state/standing.service';
import type { Move } from '../command/transition';

type Options = {
  schemas: Schemas;
  tables: Tables;
  drafts: Drafts;
  standing: StandingOf;
  locales: Locales;
  reviewWorkflows: ReviewWorkflows;
  deciding: Deciding;
  moves: Moves;
  refusing: Refusing;
  askedLog: AskedLog;
  actor(): Actor;
};

type Prepared = { move: Move; fingerprint: string };

export const createReviewGate = (options: Options) => {
  const { tables, drafts, standing, reviewWorkflows, deciding, moves, refusing } = options;

  const targetOf = async (flow: ReviewFlow, { params }: Call) =>
    reviewWorkflows.targetKey(params.data?.[STAGE_ATTRIBUTE], flow);

  /** Null where the save moves nothing: the form of a document sends its stage along. */
  const moveOf = async (
    flow: ReviewFlow,
    { uid, params }: Call,
    to: string,
  ): Promise<Prepared | null> => {
    const model = options.schemas.watched(uid)?.model;
    const locale = await options.locales.one(uid, params.locale as string | undefined);
    const place = { uid, documentId: params.documentId ?? '', locale };
    return tables.transaction(async (trx) => {
      const draft = await drafts.read(place, { trx });
      if (!draft || !model) return null;
      const { state } = await standing(flow, place, { trx });
      const target = stateOf(flow, to);
      const command = commandOf(flow, `${MOVE_TO_PREFIX}${to}`);
      if (!target || !command || state.key === to) return null;
      const published = await drafts.readPublished(place, { trx });
      const changes = drafts.changes(draft, published);
      const way = { flow, model, command, from: state, to: target };
      const move = moveFrom(draft, published, {
        ...way,
        comment: null,
        actor: options.actor(),
        changes,
      });
      return { move, fingerprint: draft.fingerprint };
    });
  };

  const carryOut = ({ move, fingerprint }: Prepared, decision: Decision, next: Next) =>
    tables.transaction(async (trx) => {
      await options.askedLog.ifRolledBack([decision]);
      const now = await drafts.read(move.place, { trx, lock: true });
      if (now?.fingerprint !== fingerprint) throw changedMeanwhile();
      const result = await next();
      const { verdicts, store } = decision;
      await moves.record({ move, outcome: 'moved', verdicts, also: store }, trx);
      return result;
    });

  const moved = async (prepared: Prepared, next: Next) => {
    const decision = await deciding.decide(prepared.move);
    if (decision.isAllowed) return carryOut(prepared, decision, next);
    await refusing([{ move: prepared.move, decision }]);
    throw refused(decision);
  };

  return async (call: Call, next: Next): Promise<unknown> => {
    if (call.action !== 'update' || call.params.data?.[STAGE_ATTRIBUTE] === undefined)
      return next();
    const flow = await reviewWorkflows.of(call.uid);
    const to = flow && (await targetOf(flow, call));
    const prepared = flow && to ? await moveOf(flow, call, to) : null;
    return prepared ? moved(prepared, next) : next();
  };
};

export type ReviewGate = ReturnType<typeof createReviewGate>;
