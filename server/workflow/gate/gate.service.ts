/**
 * The gate: a document service middleware outside all others. It decides who may publish, whether the call comes from the
 * content manager, REST, GraphQL, releases or code:
 * - The plugin's own commands pass (`passes`).
 * - A type with a workflow of its own publishes only documents in a final state (own-gate.service.ts).
 * - Other types publish what their validations allow (publication.service.ts), and so do moves between review stages.
 * - Rows that are published without the document service are refused (row-guard.service.ts).
 * command/refusal.ts says why not.
 */
import type { Knex } from 'knex';
import { MOVE_TO_PREFIX } from '../../contract/workflow';
import type { DocumentCall } from '../../strapi/documents.service';
import { changedMeanwhile } from '../command/refusal';
import { commandOf, stateOf, type Move } from '../definition/flow';
import { STAGE_ATTRIBUTE, type ReviewFlow } from '../definition/flows.service';
import { createOwnGate, type Edits } from './own-gate.service';
import {
  keptMoves,
  type Prepared,
  type Publications,
  type PublicationWish,
  type ValidatedMove,
} from './publication.service';
import type { Clearances } from './row-guard.service';
import type { CommandParts } from '../workflow.service';

export type Next = () => Promise<unknown>;

type Options = CommandParts & {
  clearances: Clearances;
  edits: Edits;
  publications: Publications;
};

const GATED_ACTIONS = ['create', 'update', 'publish', 'unpublish', 'discardDraft'];

export function createGate(options: Options) {
  const { schemas, flows, passes, clearances, edits } = options;
  const ownGate = createOwnGate(options);
  const { publicationGate, stageGate } = createValidatedGates(options);

  /** Runs an action that the gate has let through, and with it the rows that it publishes. */
  function cleared(call: DocumentCall, next: Next): Next {
    if (publicationCommandOf(call) !== 'publish') return next;
    const which = { uid: call.uid, documentId: documentIdOf(call), locale: call.params.locale };
    return () => clearances.run(which, next);
  }

  return async (call: DocumentCall, next: Next): Promise<unknown> => {
    const { uid, action, params } = call;
    if (!schemas.watched(uid)) return next();
    if (action === 'delete')
      return edits.duringDelete({ uid, documentId: params.documentId ?? '' }, next);
    if (!GATED_ACTIONS.includes(action)) return next();
    const carryOut = cleared(call, next);
    if (passes.isOpenFor(call)) return carryOut();
    const own = await flows.own(uid);
    if (own) return ownGate(own, call, carryOut);
    return stageGate(call, () => publicationGate(call, carryOut));
  };
}

/** Strapi ignores the `documentId` of a creation, but takes one from its data. */
function documentIdOf({ action, params }: DocumentCall): string | undefined {
  return action === 'create' ? (params.data?.documentId as string | undefined) : params.documentId;
}

function publicationCommandOf({ action, params }: DocumentCall): PublicationWish['command'] | null {
  switch (action) {
    case 'create':
    case 'update':
      return params.status === 'published' ? 'publish' : null;
    case 'publish':
    case 'unpublish':
      return action;
    case 'discardDraft':
      return 'discard';
    default:
      return null;
  }
}

type Result = { documentId?: string } | null | undefined;

/**
 * The gates of types without a workflow of their own. The content manager's own actions are validated before Strapi opens
 * a transaction (content-manager-actions.service.ts), all others here.
 */
function createValidatedGates(options: Options) {
  const { strapi, tables, drafts, publications, moves, reviewWorkflows } = options;

  /** The moves of a document that the content manager's action has validated in the same request. */
  function validatedBefore(call: DocumentCall): ValidatedMove[] {
    const kept = keptMoves(strapi.requestContext.get()?.state);
    return kept.filter(({ move }) => isOfCall(move, call));
  }

  /** An unpublication depends on the published version alone, whatever happens to the draft. */
  async function checkUnchanged(
    { move, base }: ValidatedMove,
    trx: Knex.Transaction,
  ): Promise<void> {
    if (base === null) return;
    const read = move.command?.key === 'unpublish' ? drafts.readPublished : drafts.read;
    const now = await read(move.place, { trx, lock: true });
    if (now?.fingerprint !== base) throw changedMeanwhile();
  }

  /** The save before a validated publication must still find the content that was validated. */
  async function saved(call: DocumentCall, next: Next): Promise<unknown> {
    const validated = validatedBefore(call);
    if (validated.length === 0) return next();
    return tables.transaction(async (trx) => {
      for (const one of validated) await checkUnchanged(one, trx);
      const result = await next();
      for (const one of validated) one.isSaved = true;
      return result;
    });
  }

  function carriedOut(validated: readonly ValidatedMove[], { params }: DocumentCall, next: Next) {
    return tables.transaction(async (trx) => {
      for (const one of validated) one.isCarriedOut = true;
      const decisions = validated.map(({ decision }) => decision);
      await options.detached.ifRolledBack(options.storeCalls(decisions));
      for (const one of validated) if (!one.isSaved) await checkUnchanged(one, trx);
      const result = (await next()) as Result;
      const { documentId } = result ?? params;
      for (const { move, decision } of validated) {
        const { verdicts, store } = decision;
        const named = withDocumentId(move, documentId);
        await moves.record({ move: named, outcome: 'moved', verdicts, also: store }, trx);
      }
      return result;
    });
  }

  async function publicationGate(call: DocumentCall, next: Next): Promise<unknown> {
    const { uid, params } = call;
    const command = publicationCommandOf(call);
    if (command === null) return call.action === 'update' ? saved(call, next) : next();
    // Not `guardOf`: a workflow that takes the type over meanwhile must not let the publication pass unchecked.
    if (!(await publications.isValidated(uid))) return next();
    const { documentId = null, locale, data: form } = params;
    const known = validatedBefore(call).filter(({ move }) => move.command?.key === command);
    const validated =
      known.length > 0
        ? known
        : await publications.validate([{ uid, command, documentId, locale, form }]);
    return carriedOut(validated, call, next);
  }

  /** Stage moves in the licensed Review Workflows are validated before, and recorded when they happen. */
  async function stageGate(call: DocumentCall, next: Next): Promise<unknown> {
    const stage = call.action === 'update' ? call.params.data?.[STAGE_ATTRIBUTE] : undefined;
    if (stage === undefined) return next();
    const flow = await reviewWorkflows.of(call.uid);
    const to = flow && (await reviewWorkflows.targetKey(stage, flow));
    const prepared = flow && to ? await preparedStageMove(flow, call, to) : null;
    return prepared ? carriedOut(await publications.validateAll([prepared]), call, next) : next();
  }

  /** Null if the save moves nothing: the form of a document always contains its stage. */
  async function preparedStageMove(
    flow: ReviewFlow,
    { uid, params }: DocumentCall,
    to: string,
  ): Promise<Prepared | null> {
    const locale = await options.locales.one(uid, params.locale as string | undefined);
    const place = { uid, documentId: params.documentId ?? '', locale };
    return tables.transaction(async (trx) => {
      const now = await options.findCurrentState(flow, place, { trx });
      const target = stateOf(flow, to);
      const command = commandOf(flow, `${MOVE_TO_PREFIX}${to}`);
      if (!now || !target || !command || now.state.key === to) return null;
      const { draft, state: from } = now;
      const way = { flow, command, from, to: target, comment: null, actor: options.actor() };
      return { move: await drafts.moveOf(draft, way, trx), base: draft.fingerprint };
    });
  }

  return { publicationGate, stageGate };
}

/** A document that the same action created has its id only afterwards. */
function withDocumentId(move: Move, documentId: string | undefined): Move {
  const isNew = move.place.documentId === '' && documentId;
  return isNew ? { ...move, place: { ...move.place, documentId } } : move;
}

function isOfCall({ place }: Move, { uid, params }: DocumentCall): boolean {
  const given = params.locale;
  const locales = given === undefined || given === null || given === '*' ? null : [given].flat();
  return (
    place.uid === uid &&
    (place.documentId === '' || place.documentId === params.documentId) &&
    (locales === null || place.locale === null || locales.includes(place.locale))
  );
}
