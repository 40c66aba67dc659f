/** Validates publications, before they happen: each becomes moves in the publication workflow, which validations judge. */
import type { Knex } from 'knex';
import type { Actor } from '../../contract/event';
import { PUBLICATION, type WorkflowCommand, type WorkflowState } from '../../contract/workflow';
import { hasDraftAndPublish, type ContentModel } from '../../strapi/model/content-model';
import { refusedByValidation } from '../command/refusal';
import { commandOf, PUBLICATION_FLOW, stateOf, type Move, type Way } from '../definition/flow';
import type { Draft } from '../state/drafts.service';
import type { Decision } from '../validation/calls.service';
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
export type Prepared = { move: Move; base: string | null };
export type ValidatedMove = Prepared & {
  decision: Decision;
  /** The draft has the content that was validated: a save of the same action stored it. */
  isSaved?: boolean;
  /** The transaction that carries the move out logs its calls. */
  isCarriedOut?: boolean;
};

export function createPublications(options: CommandParts) {
  const { schemas, drafts, locales, flows, validations } = options;

  /** The guard of a type's publications: the workflow that an administrator drew, validations, or none (null). */
  async function guardOf(uid: string): Promise<'workflow' | 'validation' | null> {
    if (!canPublish(uid)) return null;
    if (await flows.own(uid)) return 'workflow';
    return (await isValidated(uid)) ? 'validation' : null;
  }

  /** Whether webhooks are bound to the type's publications. For a type without a workflow. */
  async function isValidated(uid: string): Promise<boolean> {
    return (
      canPublish(uid) &&
      ((await validations.isBound(PUBLICATION, 'validation')) ||
        (await validations.isBound(PUBLICATION, 'submit')))
    );
  }

  function canPublish(uid: string): boolean {
    const model = schemas.watched(uid)?.model;
    return model !== undefined && hasDraftAndPublish(model);
  }

  async function validate(wishes: readonly PublicationWish[]): Promise<ValidatedMove[]> {
    const prepared: Prepared[] = [];
    for (const wish of wishes) prepared.push(...(await prepare(wish)));
    return validateAll(prepared);
  }

  /** Validates all moves at once. Throws if one is refused, and names its document. */
  async function validateAll(prepared: readonly Prepared[]): Promise<ValidatedMove[]> {
    const decisions = await validations.decideAll(prepared.map(({ move }) => move));
    const validated = prepared.map((one, index) => ({
      ...one,
      decision: decisions[index] as Decision,
    }));
    const refusals = validated.filter(({ decision }) => !decision.isAllowed);
    if (refusals.length === 0) return validated;
    await options.moves.recordRefusals(refusals);
    const allowed = decisions.filter(({ isAllowed }) => isAllowed);
    await options.detached.always(options.storeCalls(allowed));
    throw await refusalOf(refusals);
  }

  async function prepare(wish: PublicationWish): Promise<Prepared[]> {
    const { uid, documentId, form } = wish;
    const model = schemas.watched(uid)?.model;
    if (!model) return [];
    if (documentId === null) return [await prepareNew(wish, model)];
    const chosen = await locales.many(uid, wish.locale);
    return options.tables.transaction(async (trx) => {
      const found = await drafts.readAll({ uid, documentId, locales: chosen }, { trx });
      const prepared: Prepared[] = [];
      for (const draft of found) prepared.push(...(await prepareDraft(wish, draft, trx)));
      if (found.length > 0 || !form) return prepared;
      // A save in a new locale creates its draft. If the document does not exist, Strapi itself reports that.
      const others = await drafts.readAll({ uid, documentId }, { trx });
      return others.length > 0 ? [await prepareNew(wish, model)] : [];
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

  /** Nothing if the command has nothing to do, because the document is not published. */
  async function prepareDraft(
    { uid, command, form }: PublicationWish,
    draft: Draft,
    trx: Knex.Transaction,
  ): Promise<Prepared[]> {
    const published = await drafts.readPublished(draft.place, { trx });
    if (command !== 'publish' && published === null) return [];
    const { model } = draft;
    const whole = form
      ? overlay(draft.whole, form, { model, modelOf: schemas.modelOf })
      : draft.whole;
    const edited = { ...draft, whole, entry: schemas.visible(uid, whole) };
    const subject = command === 'unpublish' && published ? published : edited;
    const way = wayOf(command, published !== null, options.actor());
    return [{ base: subject.fingerprint, move: drafts.moveFrom(subject, published, way) }];
  }

  /** If there are several documents, each message names its own. */
  async function refusalOf(refusals: readonly ValidatedMove[]): Promise<Error> {
    const [first] = refusals;
    if (first && refusals.length === 1) return refusedByValidation(first.decision);
    const titles = await Promise.all(refusals.map(({ move }) => drafts.titleOf(move)));
    const all = refusals.map(({ decision }, index) => ({ decision, title: titles[index] ?? '' }));
    return refusedByValidation({
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

  return { guardOf, isValidated, validate, validateAll };
}

export type Publications = ReturnType<typeof createPublications>;

function wayOf(key: string, isPublished: boolean, actor: Actor): Way {
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

type RequestState = { [REQUEST_KEY]?: ValidatedMove[] };

/** Keeps the moves that a content manager's action has validated for the document service behind it. */
export function keepMoves(state: object, validated: ValidatedMove[]): void {
  (state as RequestState)[REQUEST_KEY] = validated;
}

export function keptMoves(state: object | undefined): ValidatedMove[] {
  return (state as RequestState | undefined)?.[REQUEST_KEY] ?? [];
}
