/** The content manager's own routes. Their `middlewares` take functions, which Strapi does not document. */
import type { Core } from '@strapi/strapi';

export type ContentManagerRoute = {
  method: string;
  path: string;
  handler: string;
  config: { middlewares?: unknown[] };
};

/** The content manager's routes, which register hands their middlewares. */
export const contentManagerRoutes = (strapi: Core.Strapi): ContentManagerRoute[] => {
  const { routes } = strapi.plugin('content-manager') as unknown as {
    routes: Record<string, { routes: ContentManagerRoute[] }>;
  };
  return routes.admin?.routes ?? [];
};
