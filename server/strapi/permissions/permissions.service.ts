/**
 * Strapi's own permission checks with their conditions, fields and locales. Breaks if the content manager renames its
 * services `permission-checker` and `populate-builder`, or Strapi its `query-params` and `createPermissionsManager`.
 */
import type { Core } from '@strapi/strapi';

export type Row = Record<string, unknown>;
export type Action = 'read' | 'create' | 'update' | 'publish' | 'unpublish' | 'discard';

type Ability = { can(action: string, subject?: string): boolean };

/** The parts of an administrator's request that identify the administrator. */
export type Requester = {
  userAbility: Ability;
  user?: { roles?: { id: number; code: string }[] };
};

/** The Content Manager's checks of one content type. */
type Checker = {
  can: Record<Action, (entity?: object, field?: string) => boolean>;
  sanitizeCreateInput(form: Row): Promise<Row>;
  sanitizeUpdateInput(entity: object): (form: Row) => Promise<Row>;
};

type Asked = { uid: string; row?: Row; field?: string };

type Manager = {
  ability: { can(action: string, subject: unknown, field?: string): boolean };
  toSubject(entity: object): object;
  addPermissionsQueryTo(query: object, action: string): { filters?: object };
  sanitizeOutput(data: Row, options: { subject: object; action: string }): Promise<Row>;
};

type PopulateBuilder = (uid: string) => {
  populateFromQuery(query: object): { build(): Promise<object> };
};

const EXPLORER = 'plugin::content-manager.explorer';

/** Unpublishing takes the permission to publish, and discarding the one to update, as in the Content Manager. */
const CONTENT_ACTIONS: Record<Action, string> = {
  read: `${EXPLORER}.read`,
  create: `${EXPLORER}.create`,
  update: `${EXPLORER}.update`,
  publish: `${EXPLORER}.publish`,
  unpublish: `${EXPLORER}.publish`,
  discard: `${EXPLORER}.update`,
};

/** Types that the Content Manager does not manage have permissions of their own. */
const OTHER_READ_ACTIONS: Record<string, string> = {
  'plugin::upload.file': 'plugin::upload.read',
  'plugin::content-releases.release': 'plugin::content-releases.read',
};

const isContent = (uid: string) => OTHER_READ_ACTIONS[uid] === undefined;
const readActionOf = (uid: string) => OTHER_READ_ACTIONS[uid] ?? CONTENT_ACTIONS.read;

export function createPermissions(strapi: Core.Strapi) {
  const contentManager = () => strapi.plugin('content-manager');

  function checkerOf(uid: string, { userAbility }: Requester): Checker {
    return contentManager().service('permission-checker').create({ userAbility, model: uid });
  }

  function managerOf(uid: string, { userAbility }: Requester): Manager {
    return strapi
      .service('admin::permission')
      .createPermissionsManager({ ability: userAbility, model: uid });
  }

  /**
   * Whether a row may be read, or one field of it. The row must have the fields that the conditions read. Without a row,
   * whether any row may be read.
   */
  function mayRead(requester: Requester, { uid, row, field }: Asked): boolean {
    if (!(uid in strapi.contentTypes)) return false;
    // A copy: Strapi marks what it checks.
    const entity = row && { ...row };
    if (isContent(uid)) return checkerOf(uid, requester).can.read(entity, field);
    const { ability, toSubject } = managerOf(uid, requester);
    return ability.can(readActionOf(uid), entity ? toSubject(entity) : uid, field);
  }

  /** The condition of a query for the rows that may be read. Permissions of fields are ignored. */
  function readableWhere(uid: string, requester: Requester): object {
    const filters = managerOf(uid, requester).addPermissionsQueryTo({}, readActionOf(uid)).filters;
    const params = strapi.get('query-params') as {
      transform(uid: string, query: object): { where?: object };
    };
    return params.transform(uid, { filters: filters ?? {} }).where ?? {};
  }

  /** The `populate` that loads what the conditions of these actions read; null if there are none. */
  async function conditionsOf(
    uid: string,
    requester: Requester,
    actions: readonly Action[] = ['read'],
  ): Promise<object | null> {
    const manager = managerOf(uid, requester);
    const filters = actions.flatMap((action) => {
      const name = action === 'read' ? readActionOf(uid) : CONTENT_ACTIONS[action];
      const found = manager.addPermissionsQueryTo({}, name).filters ?? {};
      return Object.keys(found).length > 0 ? [found] : [];
    });
    if (filters.length === 0) return null;
    const builder = contentManager().service('populate-builder') as PopulateBuilder;
    return builder(uid)
      .populateFromQuery({ filters: { $and: filters } })
      .build();
  }

  /** The fields of the data that may be read. The conditions are checked on `subject`. */
  async function permittedOf(
    uid: string,
    data: Row,
    { subject, requester }: { subject: Row; requester: Requester },
  ): Promise<Row> {
    const manager = managerOf(uid, requester);
    return manager.sanitizeOutput(data, {
      subject: manager.toSubject({ ...subject }),
      action: readActionOf(uid),
    });
  }

  return { checkerOf, mayRead, readableWhere, conditionsOf, permittedOf };
}
