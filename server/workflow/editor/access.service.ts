/** What an administrator may do with a document, as the content manager itself decides it, conditions included. */
import type { Core } from '@strapi/strapi';
import { PLUGIN_ID } from '../../contract/names';
import type { WorkflowCommand } from '../../contract/workflow';
import { notFound } from '../../errors';
import { hasDraftAndPublish } from '../../schema/content-model';
import type { Schemas } from '../../schema/schema.service';
import { errors } from '../../strapi-errors';
import type { Flow } from '../sources/flow';
import type { Place } from '../state/place';
import type { Rules } from '../sources/rules.service';

type Action = 'read' | 'update' | 'publish' | 'unpublish' | 'discard';
type Row = Record<string, unknown>;
type Checker = {
  can: Record<Action | 'create', (entity?: object) => boolean>;
  sanitizedQuery: Record<Action, (query: object) => Promise<object>>;
  sanitizeCreateInput(form: Row): Promise<Row>;
  sanitizeUpdateInput(entity: object): (form: Row) => Promise<Row>;
};
/** The parts of an administrator's request that say who it is. */
export type Requester = {
  userAbility: { can(action: string, subject?: string): boolean };
  user?: { roles?: { id: number; code: string }[] };
};

const SUPER_ADMIN = 'strapi-super-admin';

const NOT_ALLOWED: Record<Action, string> = {
  read: 'You may not read documents of this content type. Ask an administrator for the permission.',
  update: 'You may not edit this document, so you may run no command on it.',
  publish: 'You may not publish this document. Ask an administrator for the permission.',
  unpublish: 'You may not unpublish this document. Ask an administrator for the permission.',
  discard: 'You may not discard changes of this document.',
};

/** The permissions of the content manager that the commands of the publication workflow need. */
const ACTION_OF: Record<string, Action> = {
  publish: 'publish',
  unpublish: 'unpublish',
  discard: 'discard',
};

type Options = { strapi: Core.Strapi; schemas: Schemas; rules: Rules };

export const createAccess = ({ strapi, schemas, rules }: Options) => {
  const contentManager = () => strapi.plugin('content-manager');

  const checkerOf = (uid: string, { userAbility }: Requester): Checker =>
    contentManager().service('permission-checker').create({ userAbility, model: uid });

  const populateOf = (uid: string, query: object): Promise<object> => {
    const builder = contentManager().service('populate-builder') as unknown as (uid: string) => {
      populateFromQuery(query: object): { build(): Promise<object> };
    };
    return builder(uid).populateFromQuery(query).build();
  };

  /** With what its permissions' conditions look at. */
  const entityOf = async (place: Place, checker: Checker, action: Action) => {
    const { uid, documentId, locale } = place;
    const model = schemas.watched(uid)?.model;
    const query = await checker.sanitizedQuery[action]({});
    const populate = await populateOf(uid, query);
    return strapi.db.query(uid).findOne({
      where: {
        documentId,
        ...(locale === null ? {} : { locale }),
        ...(model && hasDraftAndPublish(model) ? { publishedAt: null } : {}),
      },
      populate,
    });
  };

  const may = (uid: string, action: Action, requester: Requester): boolean =>
    schemas.watched(uid) !== null && checkerOf(uid, requester).can[action]();

  /** Throws where they may not, or where there is no such document. */
  const check = async (place: Place, action: Action, requester: Requester): Promise<void> => {
    if (!schemas.watched(place.uid)) throw notFound('content type');
    const checker = checkerOf(place.uid, requester);
    if (!checker.can[action]()) throw new errors.PolicyError(NOT_ALLOWED[action]);
    const entity = await entityOf(place, checker, action);
    if (!entity) throw notFound('document');
    if (!checker.can[action](entity)) throw new errors.PolicyError(NOT_ALLOWED[action]);
  };

  /** To edit the document is what every command needs; one of publication needs what it does besides. */
  const checkRun = async (place: Place, command: string, requester: Requester): Promise<void> => {
    await check(place, 'update', requester);
    const flow = await rules.flowOf(place.uid);
    const action = flow?.kind === 'publication' ? ACTION_OF[command] : undefined;
    if (action) await check(place, action, requester);
  };

  /**
   * What the content manager saves of a form before it publishes: the fields that they may edit, and null where they may
   * not edit the document at all. It then publishes what is stored. Of a new document, `documentId` is empty.
   */
  const savable = async (place: Place, form: Row, requester: Requester): Promise<Row | null> => {
    const checker = checkerOf(place.uid, requester);
    const entity = await entityOf(place, checker, 'update');
    if (!entity) return checker.can.create() ? checker.sanitizeCreateInput(form) : null;
    return checker.can.update(entity) ? checker.sanitizeUpdateInput(entity)(form) : null;
  };

  /** Throws where there is nothing of this type that they may read. */
  const checkType = (uid: string, requester: Requester): void => {
    if (!schemas.watched(uid)) throw notFound('content type');
    if (!may(uid, 'read', requester)) throw new errors.PolicyError(NOT_ALLOWED.read);
  };

  const hasRole = ({ roles }: WorkflowCommand, { user }: Requester): boolean => {
    const own = user?.roles ?? [];
    if (roles.length === 0 || own.some(({ code }) => code === SUPER_ADMIN)) return true;
    return own.some(({ id }) => roles.includes(id));
  };

  const mayRun =
    (uid: string, requester: Requester) =>
    (command: WorkflowCommand, flow: Flow): boolean =>
      flow.kind === 'publication'
        ? may(uid, ACTION_OF[command.key] ?? 'publish', requester)
        : may(uid, 'update', requester) && hasRole(command, requester);

  /** Only together with the right to publish: it is a way past the workflow, not past Strapi. */
  const mayBypass = (uid: string, requester: Requester): boolean =>
    may(uid, 'publish', requester) &&
    requester.userAbility.can(`plugin::${PLUGIN_ID}.workflow.bypass`);

  return { check, checkRun, checkType, savable, mayRun, mayBypass };
};

export type Access = ReturnType<typeof createAccess>;
