/** Routes of Strapi's own panel, and functions in their `middlewares`, which Strapi runs but does not document. */
import type { Core } from '@strapi/strapi';

export type Next = () => Promise<unknown>;

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
