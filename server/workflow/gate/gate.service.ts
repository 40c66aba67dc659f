/**
 * The gate: a document service middleware outside all others. Every publication and edit passes it, whether it comes from
 * the content manager, REST, GraphQL, releases or code.
 */
import { MOVE_TO_PREFIX } from '../../contract/workflow';
import { changedMeanwhile, refused } from '../command/refusal';
import { commandOf, moveFrom, stateOf, type Move } from '../definition/flow';
import { STAGE_ATTRIBUTE, type ReviewFlow } from '../definition/flows.service';
import type { Edits, OwnGate } from './own-gate.service';
import type { PublicationGate } from './publication-gate.service';
import type { Clearances } from './row-guard.service';
import type { CommandParts } from '../workflow.service';

const GATED_ACTIONS = ['create', 'update', 'publish', 'unpublish', 'discardDraft'] as const;
type GatedAction = (typeof GATED_ACTIONS)[number];

export type Call = {
  action: GatedAction;
  uid: string;
  params: {
    documentId?: string;
    locale?: string | string[] | null;
    status?: string;
    data?: Record<string, unknown>;
  };
};
export type Next = () => Promise<unknown>;

type Context = Omit<Call, 'action'> & { action: string };

type Options = Pick<CommandParts, 'schemas' | 'flows' | 'passes'> & {
  clearances: Clearances;
  edits: Edits;
  ownGate: OwnGate;
  publicationGate: PublicationGate;
  reviewGate: ReviewGate;
};

export function createGate(options: Options) {
  const { schemas, flows, passes, clearances, edits } = options;

  /** Runs an action that the gate has let through, and with it the rows that it publishes. */
  function cleared(call: Call, next: Next): Next {
    if (!isPublishing(call)) return next;
    const which = { uid: call.uid, documentId: documentIdOf(call), locale: call.params.locale };
    return () => clearances.run(which, next);
  }

  return async (context: Context, next: Next): Promise<unknown> => {
    const { uid, action, params } = context;
    if (!schemas.watched(uid)) return next();
    if (action === 'delete')
      return edits.duringDelete({ uid, documentId: params.documentId ?? '' }, next);
    if (!isGated(context)) return next();
    const carryOut = cleared(context, next);
    if (passes.isOpenFor(context)) return carryOut();
    const own = await flows.own(uid);
    if (own) return options.ownGate(own, context, carryOut);
    return options.reviewGate(context, () => options.publicationGate(context, carryOut));
  };
}

function isGated(context: Context): context is Call {
  return (GATED_ACTIONS as readonly string[]).includes(context.action);
}

function isPublishing({ action, params }: Call): boolean {
  return (
    action === 'publish' ||
    ((action === 'create' || action === 'update') && params.status === 'published')
  );
}

/** Strapi ignores the `documentId` of a creation, but takes one from its data. */
function documentIdOf({ action, params }: Call): string | undefined {
  return action === 'create' ? (params.data?.documentId as string | undefined) : params.documentId;
}

type Prepared = { move: Move; fingerprint: string };

/** The gate of stage moves in the licensed Review Workflows: they are validated before, and recorded when they happen. */
export function createReviewGate(options: CommandParts) {
  const { tables, drafts, reviewWorkflows, validations, moves } = options;

  /** Null if the save moves nothing: the form of a document always contains its stage. */
  async function prepare(
    flow: ReviewFlow,
    { uid, params }: Call,
    to: string,
  ): Promise<Prepared | null> {
    const model = options.schemas.watched(uid)?.model;
    const locale = await options.locales.one(uid, params.locale as string | undefined);
    const place = { uid, documentId: params.documentId ?? '', locale };
    return tables.transaction(async (trx) => {
      const draft = await drafts.read(place, { trx });
      if (!draft || !model) return null;
      const { state: from } = await options.currentState(flow, place, { trx });
      const target = stateOf(flow, to);
      const command = commandOf(flow, `${MOVE_TO_PREFIX}${to}`);
      if (!target || !command || from.key === to) return null;
      const published = await drafts.readPublished(place, { trx });
      const way = { flow, model, command, from, to: target, comment: null, actor: options.actor() };
      const changes = drafts.changes(draft, published);
      const move = moveFrom(draft, published, { ...way, changes });
      return { move, fingerprint: draft.fingerprint };
    });
  }

  async function moved({ move, fingerprint }: Prepared, next: Next): Promise<unknown> {
    const decision = await validations.decide(move);
    if (!decision.isAllowed) {
      await moves.recordRefusals([{ move, decision }]);
      throw refused(decision);
    }
    return tables.transaction(async (trx) => {
      await options.callLog.ifRolledBack([decision]);
      const now = await drafts.read(move.place, { trx, lock: true });
      if (now?.fingerprint !== fingerprint) throw changedMeanwhile();
      const result = await next();
      const { verdicts, store } = decision;
      await moves.record({ move, outcome: 'moved', verdicts, also: store }, trx);
      return result;
    });
  }

  return async (call: Call, next: Next): Promise<unknown> => {
    const stage = call.action === 'update' ? call.params.data?.[STAGE_ATTRIBUTE] : undefined;
    if (stage === undefined) return next();
    const flow = await reviewWorkflows.of(call.uid);
    const to = flow && (await reviewWorkflows.targetKey(stage, flow));
    const prepared = flow && to ? await prepare(flow, call, to) : null;
    return prepared ? moved(prepared, next) : next();
  };
}

type ReviewGate = ReturnType<typeof createReviewGate>;
