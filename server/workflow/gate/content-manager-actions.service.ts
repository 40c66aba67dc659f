/**
 * The content manager's actions and its list, before Strapi handles them. Publications are validated here, before Strapi
 * opens its transaction: an HTTP call inside one would stop all other requests on SQLite. Strapi does not document that
 * a route's `middlewares` take functions; tests cover it.
 */
import { createContext } from '../../strapi/requests.service';
import { STATE_FILTER } from '../../contract/document';
import { rowsOf, subscribeToRows, type RowEvent } from '../../strapi/database.service';
import type { Requester } from '../../strapi/permissions/permissions.service';
import type { Flow } from '../definition/flow';
import { STAGE_ATTRIBUTE } from '../definition/flows.service';
import type { Access, ShownVerdicts } from '../editor/access.service';
import {
  keepMoves,
  keptMoves,
  type Publications,
  type PublicationWish,
} from './publication.service';
import type { CommandParts } from '../workflow.service';

type Context = {
  params: { model?: string; id?: string };
  query: Record<string, unknown>;
  request: { body?: Record<string, unknown> };
  state: Requester;
};
type Next = () => Promise<unknown>;
type Middleware = (context: Context, next: Next) => Promise<unknown>;

const PUBLICATIONS =
  /^(?:collection|single)-types\.(publish|unpublish|discard|bulkPublish|bulkUnpublish)$/;
const LIST = 'collection-types.find';

export function isContentManagerAction(handler: string): boolean {
  return handler === LIST || PUBLICATIONS.test(handler);
}

/** Nothing if there is no document to unpublish or discard: the content manager itself reports that. */
function wishesOf(
  verb: string,
  body: Record<string, unknown>,
  { uid, documentId }: { uid: string; documentId: string | null },
): PublicationWish[] {
  const wish = { uid, documentId, locale: body.locale as string | undefined };
  const discard = { ...wish, command: 'discard' } as const;
  const unpublish = { ...wish, command: 'unpublish' } as const;
  const given: unknown[] = Array.isArray(body.documentIds) ? body.documentIds : [];
  const ids = given.filter((id) => typeof id === 'string');
  switch (verb) {
    case 'bulkPublish':
      return ids.map((id) => ({ ...wish, documentId: id, command: 'publish' }));
    case 'bulkUnpublish':
      return ids.map((id) => ({ ...unpublish, documentId: id }));
    case 'publish':
      return [{ ...wish, command: 'publish', form: body }];
    case 'discard':
      return documentId === null ? [] : [discard];
    default:
      if (documentId === null) return [];
      return body.discardDraft ? [discard, unpublish] : [unpublish];
  }
}

type Options = CommandParts & {
  access: Access;
  shownVerdicts: ShownVerdicts;
  publications: Publications;
  listFilter: ListFilter;
};

/** Returns the middleware for a handler of the content manager's routes. */
export function createContentManagerActions(options: Options) {
  const { strapi, schemas, access, locales, publications } = options;

  /** The path does not name a single type's document: there is one, or none yet. */
  async function documentIdOf(uid: string, { params }: Context): Promise<string | null> {
    if (params.id) return params.id;
    if (schemas.watched(uid)?.model.kind !== 'singleType') return null;
    const row = await rowsOf<{ documentId: string }>(strapi, uid).findOne({
      select: ['documentId'],
    });
    return row?.documentId ?? null;
  }

  async function validate(verb: string, context: Context): Promise<void> {
    const uid = context.params.model ?? '';
    if ((await publications.guardOf(uid)) !== 'validation') return;
    const requester = context.state;
    const documentId = await documentIdOf(uid, context);
    const all = wishesOf(verb, context.request.body ?? {}, { uid, documentId });
    const wishes = (await Promise.all(all.map((wish) => permitted(wish, requester)))).flat();
    const validated = await publications.validate(wishes).catch(async (error) => {
      throw await shownRefusal(error, wishes, requester);
    });
    keepMoves(context.state, validated);
  }

  /** Leaves out what Strapi will refuse to the editor anyway, and the parts of the form that it will not save. */
  async function permitted(
    wish: PublicationWish,
    requester: Requester,
  ): Promise<PublicationWish[]> {
    const { uid, documentId, form } = wish;
    if (!(await mayDo(wish, requester))) return [];
    if (!form) return [wish];
    const locale = await locales.one(uid, wish.locale as string | undefined);
    const place = { uid, documentId: documentId ?? '', locale };
    const saved = await access.savable(place, form, requester);
    if (saved === null && documentId === null) return [];
    return [{ ...wish, form: saved ?? undefined }];
  }

  /** An endpoint's answer could reveal the content of a document that the editor may not see. */
  async function mayDo(wish: PublicationWish, requester: Requester): Promise<boolean> {
    const { uid, documentId, command } = wish;
    const chosen = (await locales.many(uid, wish.locale)) ?? [null];
    const answers = await Promise.all(
      chosen.map((locale) =>
        access.mayPublication({ uid, documentId: documentId ?? '', locale }, command, requester),
      ),
    );
    return answers.every(Boolean);
  }

  /** A new document has only content that its editor wrote, so its refusal is shown whole. */
  async function shownRefusal(error: unknown, wishes: PublicationWish[], requester: Requester) {
    const ids = wishes.flatMap(({ documentId }) => documentId ?? []);
    const [{ uid = '' } = {}] = wishes;
    if (ids.length === 0) return error;
    const entities = await options.reading.by(requester).edited(uid, ids);
    const isEach = ids.every((id) => entities.some(({ documentId }) => documentId === id));
    const subject = { uid, entities: isEach ? entities : [] };
    return options.shownVerdicts.shownError(error, subject, requester);
  }

  return (handler: string): Middleware => {
    if (handler === LIST) return options.listFilter.middleware;
    const [, verb] = PUBLICATIONS.exec(handler) ?? [];
    return async (context, next) => {
      if (verb) await validate(verb, context);
      try {
        return await next();
      } finally {
        // Strapi itself refused these moves.
        const unused = keptMoves(context.state).filter(({ isCarriedOut }) => !isCarriedOut);
        const decisions = unused.map(({ decision }) => decision);
        options.detached.inBackground(options.storeCalls(decisions));
      }
    };
  };
}

type Narrowing = { uid: string; locale: string | null; flow: Flow; state: string };
type ListOptions = Pick<CommandParts, 'strapi' | 'flows' | 'locales' | 'states'>;

/**
 * Narrows the content manager's list to one state. The condition is added where the rows are read from the database, as a
 * subquery: a statement cannot take thousands of document ids.
 */
export function createListFilter({ strapi, flows, locales, states }: ListOptions) {
  const current = createContext<Narrowing>();

  /** A document without a row, or without a stage, is in the initial state. */
  function conditionOf({ uid, locale, flow, state }: Narrowing): object {
    const isInitial = state === flow.initialState;
    if (flow.kind === 'review') {
      const stages = flow.states.filter(({ key }) => key === state).map(({ key }) => Number(key));
      const inStage = { [STAGE_ATTRIBUTE]: { id: { $in: stages } } };
      const inNone = { [STAGE_ATTRIBUTE]: { id: { $null: true } } };
      return isInitial ? { $or: [inStage, inNone] } : inStage;
    }
    const others = flow.states.map(({ key }) => key).filter((key) => key !== flow.initialState);
    const inside = states.inStates(
      strapi.db.connection.queryBuilder(),
      { uid, locale },
      { workflow: flow.id, states: isInitial ? others : [state] },
    );
    return { documentId: isInitial ? { $notIn: inside } : { $in: inside } };
  }

  function narrow({ model, params }: RowEvent): void {
    const narrowing = current.get();
    if (!narrowing || narrowing.uid !== model.uid) return;
    params.where = { $and: [...(params.where ? [params.where] : []), conditionOf(narrowing)] };
  }

  async function middleware({ query, params }: Context, next: Next): Promise<unknown> {
    const { [STATE_FILTER]: state, locale } = query;
    delete query[STATE_FILTER];
    const uid = params.model ?? '';
    if (typeof state !== 'string' || state === '') return next();
    const flow = await flows.flowOf(uid);
    if (!flow || flow.kind === 'publication') return next();
    const chosen = await locales.one(uid, typeof locale === 'string' ? locale : null);
    return current.run({ uid, locale: chosen, flow, state }, next);
  }

  function subscribe(): void {
    subscribeToRows(strapi, { beforeFindMany: narrow, beforeCount: narrow });
  }

  return { middleware, subscribe };
}

export type ListFilter = ReturnType<typeof createListFilter>;
