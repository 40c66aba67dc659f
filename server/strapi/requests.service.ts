/**
 * Requests to Strapi: the routes of its own panel, with functions in their `middlewares`, which Strapi runs but does not
 * document; the actor of the request that is under way; and contexts of other things under way.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Core } from '@strapi/strapi';
import { SYSTEM_ACTOR, type Actor } from '../contract/event';

type Next = () => Promise<unknown>;

export type StrapiRoute = {
  method: string;
  path: string;
  /** Controller and action, such as `collection-types.publish`. */
  handler: string;
  config: { middlewares?: unknown[] };
};
type Routed = { routes: Record<string, { routes: StrapiRoute[] } | undefined> };

/** Breaks if Strapi no longer keeps the routes of a plugin in memory until it mounts them, or renames a handler. */
export function contentManagerRoutes(strapi: Core.Strapi): StrapiRoute[] {
  const { routes } = strapi.plugin('content-manager') as Routed;
  return routes.admin?.routes ?? [];
}

/** The route of a handler of @strapi/admin. Breaks as the routes of the content manager do; then it answers undefined. */
export function adminRoute(strapi: Core.Strapi, handler: string): StrapiRoute | undefined {
  const { routes } = strapi.admin as Routed;
  return routes.admin?.routes.find((route) => route.handler === handler);
}

type Options<Context> = {
  /** Called for each request: while routes are registered, the parts of the plugin are not built yet. */
  middleware: () => (context: Context, next: Next) => unknown;
  isFirst?: boolean;
};

/** To be called while Strapi registers plugins. Breaks if Strapi only accepts names of middlewares. */
export function useRouteMiddleware<Context>(
  { config }: StrapiRoute,
  { middleware, isFirst = false }: Options<Context>,
): void {
  const added = (context: Context, next: Next) => middleware()(context, next);
  const others = config.middlewares ?? [];
  config.middlewares = isFirst ? [added, ...others] : [...others, added];
}

type User = {
  id: number | string;
  firstname?: string | null;
  lastname?: string | null;
  username?: string | null;
};
type State = {
  user?: User;
  auth?: { strategy?: { name?: string }; credentials?: { id?: number | string; name?: string } };
};

const ANONYMOUS: Actor = { type: 'user', id: null, name: null };

/**
 * The actor of a change; the system if no request is under way. Breaks if Strapi renames its strategies of authentication,
 * or what they leave in `ctx.state`: then changes are attributed to the system.
 */
export function currentActor(strapi: Core.Strapi): Actor {
  return actorOf(strapi.requestContext.get()?.state as State | undefined);
}

export function actorOf(state: State | undefined): Actor {
  const strategy = state?.auth?.strategy?.name;
  const { user } = state ?? {};
  if (strategy === 'content-api-token' || strategy === 'api-token') {
    const { id = null, name = null } = state?.auth?.credentials ?? {};
    return { type: 'api-token', id, name };
  }
  // An outsider whom the Public role lets in is unknown, but not the system.
  if (!user) return strategy === 'users-permissions' ? ANONYMOUS : SYSTEM_ACTOR;
  return {
    type: strategy === 'admin' || strategy === 'admin-token' ? 'admin' : 'user',
    id: user.id,
    name: nameOf(user),
  };
}

/** Never the e-mail address: receivers have no right to it. */
const nameOf = ({ firstname, lastname, username }: User) =>
  [firstname, lastname].filter(Boolean).join(' ') || username || null;

/** One storage for all contexts: Node copies each storage at every promise, also where nobody uses it. */
const storage = new AsyncLocalStorage<ReadonlyMap<object, unknown>>();

/** A save, a command or a step that is under way, for the code that runs inside it. */
export type Context<Value> = {
  /** Runs the work in this context. An inner call hides the outer one. */
  run<T>(value: Value, work: () => T): T;
  /** Runs the work outside of this context, and inside all others. */
  exit<T>(work: () => T): T;
  /** Undefined outside of `run`. */
  get(): Value | undefined;
};

export function createContext<Value>(): Context<Value> {
  const key = {};
  const runWith = <T>(value: Value | undefined, work: () => T): T =>
    storage.run(new Map(storage.getStore()).set(key, value), work);
  return {
    run: runWith,
    exit: (work) => runWith(undefined, work),
    get: () => storage.getStore()?.get(key) as Value | undefined,
  };
}
