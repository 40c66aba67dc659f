/**
 * The content manager's buttons, asked about before Strapi opens its transaction: an HTTP call inside one would stop
 * everybody else on SQLite. Undocumented ground (functions in a route's `middlewares`): tests stand on it.
 */
import type { Core } from '@strapi/strapi';
import { hasDraftAndPublish } from '../../strapi/model/content-model';
import type { Schemas } from '../../strapi/model/schema.service';
import type { Requester } from '../../strapi/permissions/permissions.service';
import type { Reading } from '../../strapi/permissions/reading.service';
import type { Access } from '../editor/access.service';
import type { ShownVerdicts } from '../editor/shown-verdicts.service';
import type { Answers } from './answers.service';
import type { CallLog } from '../validation/call-records.service';
import type { ListFilter } from './list-filter.service';
import type { Locales } from '../../strapi/documents.service';
import type { Publication, PublicationWish } from './publication.service';
import type { Flows } from '../definition/flows.service';

type Row = Record<string, unknown>;

type Context = {
  params: { model?: string; id?: string };
  request: { body?: Row };
  state: Requester;
};
type Middleware = (context: Context, next: () => Promise<unknown>) => Promise<unknown>;

type Options = {
  strapi: Core.Strapi;
  schemas: Schemas;
  reading: Reading;
  access: Access;
  shownVerdicts: ShownVerdicts;
  locales: Locales;
  flows: Flows;
  publication: Publication;
  answers: Answers;
  callLog: CallLog;
  listFilter: ListFilter;
};

type WishesOf = (
  context: Context,
  base: { uid: string; documentId: string | null },
) => PublicationWish[];

const bodyOf = ({ request }: Context): Row => request.body ?? {};
const localeOf = (context: Context) => bodyOf(context).locale as string | undefined;

const publish: WishesOf = (context, { uid, documentId }) => [
  { uid, documentId, command: 'publish', locale: localeOf(context), form: bodyOf(context) },
];

/** Of a document that is not there, the content manager says so itself. */
const unpublish: WishesOf = (context, { uid, documentId }) => {
  if (documentId === null) return [];
  const base = { uid, documentId, locale: localeOf(context) };
  return bodyOf(context).discardDraft
    ? [
        { ...base, command: 'discard' },
        { ...base, command: 'unpublish' },
      ]
    : [{ ...base, command: 'unpublish' }];
};

const discard: WishesOf = (context, { uid, documentId }) =>
  documentId === null ? [] : [{ uid, documentId, command: 'discard', locale: localeOf(context) }];

const many =
  (command: PublicationWish['command']): WishesOf =>
  (context, { uid }) => {
    const { documentIds } = bodyOf(context);
    const ids = Array.isArray(documentIds) ? documentIds : [];
    return ids
      .filter((id) => typeof id === 'string')
      .map((documentId) => ({ uid, documentId, command, locale: localeOf(context) }));
  };

const DOORS: Record<string, WishesOf> = {
  'collection-types.publish': publish,
  'collection-types.unpublish': unpublish,
  'collection-types.discard': discard,
  'collection-types.bulkPublish': many('publish'),
  'collection-types.bulkUnpublish': many('unpublish'),
  'single-types.publish': publish,
  'single-types.unpublish': unpublish,
  'single-types.discard': discard,
};

/** The list is no button, but narrowed at its door too. */
const LIST = 'collection-types.find';

export const isDoor = (handler: string) => handler === LIST || handler in DOORS;

export const createDoors = (options: Options) => {
  const { strapi, schemas, access, locales, flows, publication, answers, callLog } = options;
  const { reading, shownVerdicts } = options;

  const isOpen = async (uid: string): Promise<boolean> => {
    const model = schemas.watched(uid)?.model;
    if (!model || !hasDraftAndPublish(model)) return true;
    return (await flows.own(uid)) !== null || !(await publication.isBound());
  };

  /** A single type's document is not in the path: there is one, or none yet. */
  const documentIdOf = async (uid: string, { params }: Context): Promise<string | null> => {
    if (params.id) return params.id;
    if (schemas.watched(uid)?.model.kind !== 'singleType') return null;
    return (await strapi.db.query(uid).findOne({ select: ['documentId'] }))?.documentId ?? null;
  };

  /** Strapi refuses the rest by itself, and endpoints would say what is in a document that the editor may not see. */
  const mayDo = async (wish: PublicationWish, requester: Requester): Promise<boolean> => {
    const { uid, documentId, command } = wish;
    const chosen = (await locales.many(uid, wish.locale)) ?? [null];
    const answers = await Promise.all(
      chosen.map((locale) =>
        access.mayPublication({ uid, documentId: documentId ?? '', locale }, command, requester),
      ),
    );
    return answers.every(Boolean);
  };

  /** With no more of its form than will be saved; none of what is refused to its editor anyway. */
  const permitted = async (wish: PublicationWish, requester: Requester) => {
    const { uid, documentId, form } = wish;
    if (!(await mayDo(wish, requester))) return [];
    if (!form) return [wish];
    const locale = await locales.one(uid, wish.locale as string | undefined);
    const place = { uid, documentId: documentId ?? '', locale };
    const saved = await access.savable(place, form, requester);
    if (saved === null && documentId === null) return [];
    return [{ ...wish, form: saved ?? undefined }];
  };

  const asked = async (wishesOf: WishesOf, context: Context): Promise<void> => {
    const uid = context.params.model ?? '';
    if (await isOpen(uid)) return;
    const wishes = wishesOf(context, { uid, documentId: await documentIdOf(uid, context) });
    const mayBe = await Promise.all(wishes.map((wish) => permitted(wish, context.state)));
    const permittedWishes = mayBe.flat();
    const asking = publication.ask(permittedWishes).catch(async (error) => {
      throw await shownRefusal(error, permittedWishes, context.state);
    });
    answers.keep(context.state, await asking);
  };

  /** A new document has nothing that its editor did not write. */
  const shownRefusal = async (error: unknown, wishes: PublicationWish[], requester: Requester) => {
    const ids = wishes.flatMap(({ documentId }) => documentId ?? []);
    const [{ uid = '' } = {}] = wishes;
    if (ids.length === 0) return error;
    const entities = await reading.by(requester).edited(uid, ids);
    const isEach = ids.every((id) => entities.some(({ documentId }) => documentId === id));
    const subject = { uid, entities: isEach ? entities : [] };
    return shownVerdicts.shownError(error, subject, requester);
  };

  return (handler: string): Middleware => {
    if (handler === LIST) return options.listFilter.middleware as unknown as Middleware;
    const wishesOf = DOORS[handler];
    return async (context, next) => {
      if (wishesOf) await asked(wishesOf, context);
      try {
        return await next();
      } finally {
        callLog.inBackground(answers.idle(context.state).map(({ decision }) => decision));
      }
    };
  };
};
