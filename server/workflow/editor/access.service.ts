/** What an administrator may do with a document, as the content manager itself decides it, conditions included. */
import type { Core } from '@strapi/strapi';
import {
  createPermissions,
  type Action,
  type Requester,
  type Row,
} from '../../strapi/permissions/permissions.service';
import { PLUGIN_ID } from '../../contract/names';
import type { WorkflowCommand } from '../../contract/workflow';
import { notFound } from '../../strapi/errors';
import { hasDraftAndPublish } from '../../strapi/model/content-model';
import type { Schemas } from '../../strapi/model/schema.service';
import { errors } from '../../strapi/error-classes';
import type { Flow } from '../definition/flow';
import type { Place } from '../../strapi/model/place';
import type { Flows } from '../definition/flows.service';

type Entity = Row | undefined;

const SUPER_ADMIN = 'strapi-super-admin';

const NOT_ALLOWED: Record<Exclude<Action, 'create'>, string> = {
  read: 'You may not read documents of this content type. Ask an administrator for the permission.',
  update: 'You may not edit this document, so you may run no command on it.',
  publish: 'You may not publish this document. Ask an administrator for the permission.',
  unpublish: 'You may not unpublish this document. Ask an administrator for the permission.',
  discard: 'You may not discard changes of this document.',
};

/** The permissions of the content manager that the commands of the publication workflow need. */
const ACTION_OF: Record<string, 'publish' | 'unpublish' | 'discard'> = {
  publish: 'publish',
  unpublish: 'unpublish',
  discard: 'discard',
};

type Options = { strapi: Core.Strapi; schemas: Schemas; flows: Flows };

export const createAccess = ({ strapi, schemas, flows }: Options) => {
  const permissions = createPermissions(strapi);
  const { checkerOf } = permissions;

  /** With what the conditions of its permissions look at. */
  const entityOf = async (place: Place, requester: Requester): Promise<Row | null> => {
    const { uid, documentId, locale } = place;
    const model = schemas.watched(uid)?.model;
    const populate = await permissions.conditionsOf(uid, requester, ['read', 'update', 'publish']);
    return strapi.db.query(uid).findOne({
      where: {
        documentId,
        ...(locale === null ? {} : { locale }),
        ...(model && hasDraftAndPublish(model) ? { publishedAt: null } : {}),
      },
      ...(populate ? { populate } : {}),
    });
  };

  /** Without an entity, whether they may with any document of the type at all. */
  const may = (
    { uid, entity }: { uid: string; entity?: Entity },
    action: Action,
    requester: Requester,
  ): boolean =>
    // A copy: Strapi marks what it checks.
    schemas.watched(uid) !== null && checkerOf(uid, requester).can[action](entity && { ...entity });

  /** Throws where they may not, or where there is no such document. */
  const check = async (
    place: Place,
    action: keyof typeof NOT_ALLOWED,
    requester: Requester,
  ): Promise<Row> => {
    const { uid } = place;
    if (!schemas.watched(uid)) throw notFound('content type');
    if (!may({ uid }, action, requester)) throw new errors.PolicyError(NOT_ALLOWED[action]);
    const entity = await entityOf(place, requester);
    if (!entity) throw notFound('document');
    if (!may({ uid, entity }, action, requester)) throw new errors.PolicyError(NOT_ALLOWED[action]);
    return entity;
  };

  /** Whether they may do with a document what a command of the publication workflow does. */
  const mayPublication = async (
    place: Place,
    command: string,
    requester: Requester,
  ): Promise<boolean> => {
    const entity = (await entityOf(place, requester)) ?? undefined;
    return may({ uid: place.uid, entity }, ACTION_OF[command] ?? 'publish', requester);
  };

  /** To edit the document is what every command needs; one of publication needs what it does besides. */
  const checkRun = async (place: Place, command: string, requester: Requester): Promise<Row> => {
    const entity = await check(place, 'update', requester);
    const flow = await flows.flowOf(place.uid);
    const action = flow?.kind === 'publication' ? ACTION_OF[command] : undefined;
    if (action && !may({ uid: place.uid, entity }, action, requester))
      throw new errors.PolicyError(NOT_ALLOWED[action]);
    return entity;
  };

  /**
   * What the content manager saves of a form before it publishes: the fields that they may edit, and null where they may
   * not edit the document at all. It then publishes what is stored. Of a new document, `documentId` is empty.
   */
  const savable = async (place: Place, form: Row, requester: Requester): Promise<Row | null> => {
    const checker = checkerOf(place.uid, requester);
    const entity = await entityOf(place, requester);
    if (!entity) return checker.can.create() ? checker.sanitizeCreateInput(form) : null;
    return checker.can.update(entity) ? checker.sanitizeUpdateInput(entity)(form) : null;
  };

  /** Throws where there is nothing of this type that they may read. */
  const checkType = (uid: string, requester: Requester): void => {
    if (!schemas.watched(uid)) throw notFound('content type');
    if (!may({ uid }, 'read', requester)) throw new errors.PolicyError(NOT_ALLOWED.read);
  };

  const hasRole = ({ roles }: WorkflowCommand, { user }: Requester): boolean => {
    const own = user?.roles ?? [];
    if (roles.length === 0 || own.some(({ code }) => code === SUPER_ADMIN)) return true;
    return own.some(({ id }) => roles.includes(id));
  };

  const mayRun =
    (uid: string, requester: Requester, { entity }: { entity?: Row } = {}) =>
    (command: WorkflowCommand, flow: Flow): boolean =>
      flow.kind === 'publication'
        ? may({ uid, entity }, ACTION_OF[command.key] ?? 'publish', requester)
        : may({ uid, entity }, 'update', requester) && hasRole(command, requester);

  /** Only together with the right to publish: it is a way past the workflow, not past Strapi. */
  const mayBypass = (
    uid: string,
    requester: Requester,
    { entity }: { entity?: Row } = {},
  ): boolean =>
    may({ uid, entity }, 'publish', requester) &&
    requester.userAbility.can(`plugin::${PLUGIN_ID}.workflow.bypass`);

  return { check, checkRun, checkType, savable, mayPublication, mayRun, mayBypass };
};

export type Access = ReturnType<typeof createAccess>;
