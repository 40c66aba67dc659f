/**
 * The gate of types without a workflow of their own: their publication is validated. The content manager's own actions
 * are validated before Strapi opens a transaction (content-manager-actions); all others are validated here.
 */
import type { Core } from '@strapi/strapi';
import type { Knex } from 'knex';
import type { Actor } from '../../contract/event';
import { PUBLICATION, type WorkflowCommand, type WorkflowState } from '../../contract/workflow';
import { hasDraftAndPublish, type ContentModel } from '../../strapi/model/content-model';
import { changedMeanwhile, refused } from '../command/refusal';
import { commandOf, moveFrom, PUBLICATION_FLOW, stateOf, type Move } from '../definition/flow';
import type { Draft } from '../state/drafts.service';
import type { Decision } from '../validation/calls.service';
import type { Call, Next } from './gate.service';
import { overlay } from './overlay';
import type { CommandParts } from '../workflow.service';

type Row = Record<string, unknown>;

export type PublicationWish = {
  uid: string;
  command: 'publish' | 'unpublish' | 'discard';
  /** Null for a document that the same action creates. */
  documentId: string | null;
  locale: string | string[] | null | undefined;
  /** The values that the same action saves over the draft. */
  form?: Row | undefined;
};

/**
 * `base` is the fingerprint of the content that was read: the published version's for an unpublication, the draft's
 * otherwise. Null if the document is new.
 */
export type ValidatedMove = { move: Move; base: string | null; decision: Decision };
type Prepared = Omit<ValidatedMove, 'decision'>;

type Reading = { model: ContentModel; trx: Knex.Transaction };

export function createPublicationValidator(options: CommandParts) {
  const { schemas, drafts, locales, validations } = options;

  /** Whether any webhook would be called for a publication. */
  async function isBound(): Promise<boolean> {
    return (
      (await validations.isBound(PUBLICATION, 'validation')) ||
      (await validations.isBound(PUBLICATION, 'submit'))
    );
  }

  /** Validates all of them at once. Throws if one is refused, and names it. */
  async function validate(wishes: readonly PublicationWish[]): Promise<ValidatedMove[]> {
    const prepared: Prepared[] = [];
    for (const wish of wishes) prepared.push(...(await prepare(wish)));
    const decisions = await validations.decideAll(prepared.map(({ move }) => move));
    const validated = prepared.map((one, index) => ({
      ...one,
      decision: decisions[index] as Decision,
    }));
    const refusals = validated.filter(({ decision }) => !decision.isAllowed);
    if (refusals.length === 0) return validated;
    await options.moves.recordRefusals(refusals);
    await options.callLog.always(decisions.filter(({ isAllowed }) => isAllowed));
    throw await refusalOf(refusals);
  }

  async function prepare(wish: PublicationWish): Promise<Prepared[]> {
    const { uid, documentId } = wish;
    const model = schemas.watched(uid)?.model;
    if (!model) return [];
    if (documentId === null) return [await prepareNew(wish, model)];
    const chosen = await locales.many(uid, wish.locale);
    return options.tables.transaction(async (trx) => {
      const which = { uid, documentId, ...(chosen ? { locales: chosen } : {}) };
      const found = await drafts.readAll(which, { trx });
      if (found.length === 0) return prepareNewLocale(wish, { model, trx });
      const prepared: Prepared[] = [];
      for (const draft of found) {
        const one = await prepareDraft(wish, draft, { model, trx });
        if (one) prepared.push(one);
      }
      return prepared;
    });
  }

  async function prepareNew(wish: PublicationWish, model: ContentModel): Promise<Prepared> {
    const { uid, form = {} } = wish;
    const [locale = null] = (await locales.many(uid, wish.locale)) ?? [];
    const entry = schemas.visible(uid, overlay({}, form, { model, modelOf: schemas.modelOf }));
    const place = { uid, documentId: wish.documentId ?? '', locale };
    const way = wayOf(wish.command, false, options.actor());
    return { base: null, move: { ...way, model, place, entry, previous: null, changes: [] } };
  }

  /** A save in a new locale creates its draft. If the document does not exist, Strapi itself reports that. */
  async function prepareNewLocale(
    wish: PublicationWish,
    { model, trx }: Reading,
  ): Promise<Prepared[]> {
    const { uid, documentId } = wish;
    if (!wish.form || documentId === null) return [];
    const others = await drafts.readAll({ uid, documentId }, { trx });
    return others.length > 0 ? [await prepareNew(wish, model)] : [];
  }

  /** Null if the command has nothing to do, because the document is not published. */
  async function prepareDraft(
    wish: PublicationWish,
    draft: Draft,
    { model, trx }: Reading,
  ): Promise<Prepared | null> {
    const published = await drafts.readPublished(draft.place, { trx });
    if (wish.command !== 'publish' && published === null) return null;
    const whole = wish.form
      ? overlay(draft.whole, wish.form, { model, modelOf: schemas.modelOf })
      : draft.whole;
    const edited = { ...draft, whole, entry: schemas.visible(wish.uid, whole) };
    const subject = wish.command === 'unpublish' && published ? published : edited;
    const changes = drafts.changes(subject, published);
    const way = wayOf(wish.command, published !== null, options.actor());
    return {
      base: subject.fingerprint,
      move: moveFrom(subject, published, { ...way, model, changes }),
    };
  }

  /** If there are several documents, each message names its own. */
  async function refusalOf(refusals: readonly ValidatedMove[]): Promise<Error> {
    const [first] = refusals;
    if (first && refusals.length === 1) return refused(first.decision);
    const titles = await Promise.all(refusals.map(({ move }) => drafts.titleOf(move)));
    const all = refusals.map(({ decision }, index) => ({ decision, title: titles[index] ?? '' }));
    return refused({
      ...(first as ValidatedMove).decision,
      message: all.map(({ decision, title }) => `"${title}": ${decision.message}`).join(' '),
      verdicts: all.flatMap(({ decision }) => decision.verdicts),
      errors: all.flatMap(({ decision, title }) =>
        decision.errors.map(({ message, name }) => ({
          path: [],
          message: `"${title}": ${message}`,
          name,
        })),
      ),
    });
  }

  return { isBound, validate };
}

export type PublicationValidator = ReturnType<typeof createPublicationValidator>;

function wayOf(key: string, isPublished: boolean, actor: Actor) {
  const command = commandOf(PUBLICATION_FLOW, key) as WorkflowCommand;
  return {
    flow: PUBLICATION_FLOW,
    command,
    from: stateOf(PUBLICATION_FLOW, isPublished ? 'published' : 'draft') as WorkflowState,
    to: stateOf(PUBLICATION_FLOW, command.to) as WorkflowState,
    comment: null,
    actor,
  };
}

const REQUEST_KEY = 'workflowWebhooks';

type RequestRecord = {
  validated: ValidatedMove[];
  saved: Set<ValidatedMove>;
  carriedOut: Set<ValidatedMove>;
};
type RequestState = { [REQUEST_KEY]?: RequestRecord };

/** Keeps the moves that a content manager's action has validated for the document service behind it, by request. */
export function createRequestMoves(strapi: Core.Strapi) {
  const current = (): RequestRecord | undefined =>
    (strapi.requestContext.get()?.state as RequestState | undefined)?.[REQUEST_KEY];

  return {
    keep: (state: object, validated: ValidatedMove[]): void => {
      const record: RequestRecord = { validated, saved: new Set(), carriedOut: new Set() };
      (state as RequestState)[REQUEST_KEY] = record;
    },
    /** The moves of this document, of all commands or of one. */
    of: (call: Call, command?: PublicationWish['command']): ValidatedMove[] =>
      (current()?.validated ?? [])
        .filter((one) => isOfCall(one, call))
        .filter(({ move }) => command === undefined || move.command?.key === command),
    /** From now on, the draft has the content that was validated. */
    markSaved: (moves: readonly ValidatedMove[]): void =>
      moves.forEach((one) => current()?.saved.add(one)),
    isSaved: (one: ValidatedMove): boolean => current()?.saved.has(one) ?? false,
    /** From now on, the transaction that carries the moves out logs their calls. */
    markCarriedOut: (moves: readonly ValidatedMove[]): void =>
      moves.forEach((one) => current()?.carriedOut.add(one)),
    /** The moves that were validated in vain, because Strapi itself refused them. */
    unused: (state: object): ValidatedMove[] => {
      const { validated = [], carriedOut } = (state as RequestState)[REQUEST_KEY] ?? {};
      return validated.filter((one) => !carriedOut?.has(one));
    },
  };
}

export type RequestMoves = ReturnType<typeof createRequestMoves>;

function isOfCall({ move: { place } }: ValidatedMove, { uid, params }: Call): boolean {
  const given = params.locale;
  const locales = given === undefined || given === null || given === '*' ? null : [given].flat();
  return (
    place.uid === uid &&
    (place.documentId === '' || place.documentId === params.documentId) &&
    (locales === null || place.locale === null || locales.includes(place.locale))
  );
}

type GateOptions = Pick<CommandParts, 'schemas' | 'tables' | 'drafts' | 'moves' | 'callLog'> & {
  publication: PublicationValidator;
  requestMoves: RequestMoves;
};
type Result = { documentId?: string; locale?: string | null } | null | undefined;

export function createPublicationGate(options: GateOptions) {
  const { schemas, tables, drafts, publication, moves, requestMoves } = options;

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
  async function saved(call: Call, next: Next): Promise<unknown> {
    const validated = requestMoves.of(call);
    if (validated.length === 0) return next();
    return tables.transaction(async (trx) => {
      for (const one of validated) await checkUnchanged(one, trx);
      const result = await next();
      requestMoves.markSaved(validated);
      return result;
    });
  }

  function carriedOut(validated: readonly ValidatedMove[], call: Call, next: Next) {
    return tables.transaction(async (trx) => {
      requestMoves.markCarriedOut(validated);
      await options.callLog.ifRolledBack(validated.map(({ decision }) => decision));
      for (const one of validated) if (!requestMoves.isSaved(one)) await checkUnchanged(one, trx);
      const result = (await next()) as Result;
      const { documentId } = result ?? call.params;
      for (const { move, decision } of validated) {
        const { verdicts, store } = decision;
        const named = withDocumentId(move, documentId);
        await moves.record({ move: named, outcome: 'moved', verdicts, also: store }, trx);
      }
      return result;
    });
  }

  async function validatedMoves(
    call: Call,
    command: PublicationWish['command'],
  ): Promise<ValidatedMove[]> {
    const { uid, params } = call;
    const known = requestMoves.of(call, command);
    if (known.length > 0) return known;
    const { documentId = null, locale, data: form } = params;
    return publication.validate([{ uid, command, documentId, locale, form }]);
  }

  return async (call: Call, next: Next): Promise<unknown> => {
    const model = schemas.watched(call.uid)?.model;
    if (!model || !hasDraftAndPublish(model)) return next();
    const command = publicationCommandOf(call);
    if (command === null) return call.action === 'update' ? saved(call, next) : next();
    if (!(await publication.isBound())) return next();
    return carriedOut(await validatedMoves(call, command), call, next);
  };
}

export type PublicationGate = ReturnType<typeof createPublicationGate>;

function publicationCommandOf({ action, params }: Call): PublicationWish['command'] | null {
  switch (action) {
    case 'create':
    case 'update':
      return params.status === 'published' ? 'publish' : null;
    case 'publish':
    case 'unpublish':
      return action;
    case 'discardDraft':
      return 'discard';
  }
}

/** A document that the same action created has its id only afterwards. */
function withDocumentId(move: Move, documentId: string | undefined): Move {
  const isNew = move.place.documentId === '' && documentId;
  return isNew ? { ...move, place: { ...move.place, documentId } } : move;
}
