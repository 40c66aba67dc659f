/** The publication workflow: what is about to be published, unpublished or discarded, and what endpoints say of it. */
import type { Knex } from 'knex';
import type { Actor } from '../../contract/event';
import { PUBLICATION, type WorkflowCommand, type WorkflowState } from '../../contract/workflow';
import type { ContentModel } from '../../strapi/model/content-model';
import type { Schemas } from '../../strapi/model/schema.service';
import type { AskedLog } from '../verdict/asked-log.service';
import type { Deciding, Decision } from '../verdict/deciding.service';
import type { Draft, Drafts } from '../state/drafts.service';
import { commandOf, PUBLICATION_FLOW, stateOf } from '../sources/flow';
import type { Locales } from '../sources/locales.service';
import { moveFrom } from '../command/moves.service';
import { overlay } from './overlay';
import type { Tables } from '../../store/tables.service';
import { refused } from '../command/refusal';
import type { Refusing } from '../command/refusing.service';
import type { Move } from '../command/transition';

type Row = Record<string, unknown>;

type Options = {
  schemas: Schemas;
  tables: Tables;
  drafts: Drafts;
  locales: Locales;
  deciding: Deciding;
  refusing: Refusing;
  askedLog: AskedLog;
  actor(): Actor;
};

/** What is asked for. `form` is what is saved with the same action, over the draft. */
export type PublicationWish = {
  uid: string;
  command: 'publish' | 'unpublish' | 'discard';
  /** Null for a document that is created with the same action. */
  documentId: string | null;
  locale: string | string[] | null | undefined;
  form?: Row | undefined;
};

/**
 * A move that was asked about. `base` is the fingerprint of what was read, of an unpublication the published version's;
 * null where there was nothing yet.
 */
export type Asked = { move: Move; base: string | null; decision: Decision };
type Prepared = Omit<Asked, 'decision'>;

export const createPublication = (options: Options) => {
  const { schemas, tables, drafts, locales, deciding, refusing, askedLog, actor } = options;

  const wayOf = (key: string, isPublished: boolean) => {
    const command = commandOf(PUBLICATION_FLOW, key) as WorkflowCommand;
    return {
      flow: PUBLICATION_FLOW,
      command,
      from: stateOf(PUBLICATION_FLOW, isPublished ? 'published' : 'draft') as WorkflowState,
      to: stateOf(PUBLICATION_FLOW, command.to) as WorkflowState,
      comment: null,
      actor: actor(),
    };
  };

  const ofNew = async (wish: PublicationWish, model: ContentModel): Promise<Prepared> => {
    const { uid, form = {} } = wish;
    const [locale = null] = (await locales.many(uid, wish.locale)) ?? [];
    const entry = schemas.visible(uid, overlay({}, form, { model, modelOf: schemas.modelOf }));
    const place = { uid, documentId: wish.documentId ?? '', locale };
    const way = wayOf(wish.command, false);
    return { base: null, move: { ...way, model, place, entry, previous: null, changes: [] } };
  };

  /** Null where the command has nothing to do: what is not published is neither unpublished nor gone back to. */
  const ofDraft = async (
    wish: PublicationWish,
    draft: Draft,
    { model, trx }: { model: ContentModel; trx: Knex.Transaction },
  ): Promise<Prepared | null> => {
    const published = await drafts.readPublished(draft.place, { trx });
    if (wish.command !== 'publish' && published === null) return null;
    const formed = wish.form
      ? overlay(draft.whole, wish.form, { model, modelOf: schemas.modelOf })
      : draft.whole;
    const edited = { ...draft, whole: formed, entry: schemas.visible(wish.uid, formed) };
    const said = wish.command === 'unpublish' && published ? published : edited;
    const changes = drafts.changes(said, published);
    const way = wayOf(wish.command, published !== null);
    return {
      base: said.fingerprint,
      move: moveFrom(said, published, { ...way, model, changes }),
    };
  };

  /** A save that brings a new locale brings its draft along. Of a document that is not there, Strapi itself says so. */
  const ofNewLocale = async (
    wish: PublicationWish,
    { model, trx }: { model: ContentModel; trx: Knex.Transaction },
  ): Promise<Prepared[]> => {
    const { uid, documentId } = wish;
    if (!wish.form || documentId === null) return [];
    const others = await drafts.readAll({ uid, documentId }, { trx });
    return others.length > 0 ? [await ofNew(wish, model)] : [];
  };

  const prepare = async (wish: PublicationWish): Promise<Prepared[]> => {
    const { uid, documentId } = wish;
    const model = schemas.watched(uid)?.model;
    if (!model) return [];
    if (documentId === null) return [await ofNew(wish, model)];
    const chosen = await locales.many(uid, wish.locale);
    return tables.transaction(async (trx) => {
      const which = { uid, documentId, ...(chosen ? { locales: chosen } : {}) };
      const found = await drafts.readAll(which, { trx });
      if (found.length === 0) return ofNewLocale(wish, { model, trx });
      const prepared: Prepared[] = [];
      for (const draft of found) {
        const one = await ofDraft(wish, draft, { model, trx });
        if (one) prepared.push(one);
      }
      return prepared;
    });
  };

  /** Whether anybody could be asked, or told, of a publication. */
  const isBound = async (): Promise<boolean> =>
    (await deciding.isBound(PUBLICATION, 'validation')) ||
    (await deciding.isBound(PUBLICATION, 'submit'));

  /** Asks about all of them at once. Throws where one is refused, and says which. */
  const ask = async (wishes: readonly PublicationWish[]): Promise<Asked[]> => {
    const prepared: Prepared[] = [];
    for (const wish of wishes) prepared.push(...(await prepare(wish)));
    const decisions = await deciding.decideAll(prepared.map(({ move }) => move));
    const asked = prepared.map((one, index) => ({
      ...one,
      decision: decisions[index] as Decision,
    }));
    const bad = asked.filter(({ decision }) => !decision.isAllowed);
    if (bad.length === 0) return asked;
    await refusing(bad);
    await askedLog.always(decisions.filter(({ isAllowed }) => isAllowed));
    throw await refusalOf(bad);
  };

  /** Of several documents, each message says of which it speaks. */
  const refusalOf = async (bad: readonly Asked[]) => {
    const [first] = bad;
    if (first && bad.length === 1) return refused(first.decision);
    const titles = await Promise.all(bad.map(({ move }) => drafts.titleOf(move)));
    const all = bad.map(({ decision }, index) => ({ decision, title: titles[index] ?? '' }));
    return refused({
      ...(first as Asked).decision,
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
  };

  return { isBound, ask };
};

export type Publication = ReturnType<typeof createPublication>;
