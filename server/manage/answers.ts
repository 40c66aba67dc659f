/** How controllers read requests and answer them. */
import type { z } from 'zod';
import { pagingSchema, type Page, type Paging } from '../contract/api';
import { permissionUid, type PermissionName } from '../contract/names';
import { forbidden, parse, parseChange, type Change } from '../strapi/errors';
import type { Requester } from '../strapi/permissions/permissions.service';

/** The parts of a Koa context that a controller uses. */
export type Context = {
  params: Record<string, string>;
  query: Record<string, unknown>;
  request: { body?: unknown };
  /** Strapi's admin authentication puts the requester there. */
  state: Requester;
  body: unknown;
  status: number;
  set(name: string, value: string): void;
};

export const answer = (context: Context, data: unknown) => {
  context.body = { data };
};

export const created = (context: Context, data: unknown) => {
  context.status = 201;
  context.body = { data };
};

/** Nothing else is ever an id, and a database may refuse to look for other text (PostgreSQL: a NUL). */
const ID = /^[\w-]{1,64}$/;

/** The id in the path; empty, and so never found, if the text cannot be an id. */
export const idOf = ({ params }: Context, name = 'id') =>
  ID.test(params[name] ?? '') ? (params[name] ?? '') : '';

/** An action on the resource that the path names; it answers what `act` does. */
export const byId = (act: (id: string) => Promise<unknown>) => async (context: Context) =>
  answer(context, await act(idOf(context)));

/** Whether the administrator of this request has a permission of the plugin. */
export const has = ({ state }: Context, name: PermissionName): boolean =>
  state.userAbility.can(permissionUid(name));

/** Forms and filters offer these lists. An administrator needs the permission to read workflows, webhooks or schedules. */
export const checkMayChoose = (context: Context): void => {
  const names = ['workflow.read', 'webhook.read', 'schedule.read'] as const;
  if (!names.some((name) => has(context, name))) throw forbidden('may-not-choose');
};

type Service<Query, Settings> = {
  list(query: Query, paging: Paging): Promise<Page<unknown>>;
  find(id: string): Promise<unknown>;
  create(settings: Settings): Promise<unknown>;
  update(id: string, change: Change<Settings>): Promise<unknown>;
  remove(id: string): Promise<unknown>;
};

/** The actions that every resource has. */
export const resourceActions = <Query extends z.ZodType, Settings extends z.ZodType>(
  service: () => Service<z.output<Query>, z.output<Settings>>,
  schemas: { query: Query; settings: Settings },
) => ({
  async find(context: Context) {
    const query = parse(schemas.query, context.query);
    context.body = await service().list(query, parse(pagingSchema, context.query));
  },
  findOne: byId((id) => service().find(id)),
  async create(context: Context) {
    created(context, await service().create(parse(schemas.settings, context.request.body)));
  },
  async update(context: Context) {
    const change = parseChange(schemas.settings, context.request.body);
    answer(context, await service().update(idOf(context), change));
  },
  delete: byId((id) => service().remove(id)),
});
