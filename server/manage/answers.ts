/** What controllers read of a request, and how they answer it. */
import type { Requester } from '../strapi/permissions/permissions.service';
import { permissionUid, type PermissionName } from '../contract/names';
import { errors } from '../strapi/errors';

/** The parts of a Koa context that a controller uses. */
export type Context = {
  params: Record<string, string>;
  query: Record<string, unknown>;
  request: { body?: unknown };
  /** Strapi's admin authentication puts it there. */
  state: { userAbility: { can(action: string, subject?: string): boolean } };
  body: unknown;
  status: number;
};

export const one = (context: Context, data: unknown) => {
  context.body = { data };
};

export const created = (context: Context, data: unknown) => {
  context.status = 201;
  context.body = { data };
};

/** Nothing else is ever an id, and a database may refuse to look for it (PostgreSQL: a NUL). */
const ID = /^[\w-]{1,64}$/;

/** The id in the path; empty, and so never found, where it cannot be one. */
export const idOf = ({ params }: Context, name = 'id') =>
  ID.test(params[name] ?? '') ? (params[name] ?? '') : '';

/** Whether the administrator of this request has a permission of the plugin. */
export const has = ({ state }: Context, name: PermissionName): boolean =>
  state.userAbility.can(permissionUid(name));

/** Who asks, as far as permissions go. */
export const requesterOf = ({ state }: Context) => state as unknown as Requester;

const NOT_YOURS =
  'You may see neither workflows, webhooks nor schedules. Ask an administrator for the permission to read one of them.';

/** The lists that forms and filters choose from are for whoever may read one of what has them. */
export const checkMayChoose = (context: Context): void => {
  const mayRead = (['workflow.read', 'webhook.read', 'schedule.read'] as const).some((name) =>
    has(context, name),
  );
  if (!mayRead) throw new errors.PolicyError(NOT_YOURS);
};
