/**
 * Keeps the plugin's own types out of Strapi's generic APIs. They hold ciphertext, the states of documents and the audit
 * trail, which only the plugin's routes may read and write, with their own permissions and checks.
 */
import type { Core } from '@strapi/strapi';
import ownTypes from '../../content-types';
import { PLUGIN_ID } from '../../contract/names';
import { useDocumentMiddleware } from '../documents.service';
import { forbidden } from '../errors';
import { useRouteMiddleware, type StrapiRoute } from '../requests.service';

type ManagerContext = { params: { model?: string; uid?: string }; notFound(): unknown };
type GraphqlExtension = { shadowCRUD(uid: string): { disable(): unknown } };

const OWN = `plugin::${PLUGIN_ID}.`;
const isOwn = (uid: string | undefined): boolean => uid?.startsWith(OWN) === true;

/** To be called when plugins register, before any other document service middleware. */
export function keepOwnTypes(strapi: Core.Strapi, contentManagerRoutes: StrapiRoute[]): void {
  hideFromGraphql(strapi);
  refuseDocuments(strapi);
  contentManagerRoutes.forEach(refuseInContentManager);
}

/** Without this, @strapi/plugin-graphql makes queries and mutations for every content type. */
function hideFromGraphql(strapi: Core.Strapi): void {
  const extension = strapi.plugin('graphql')?.service('extension') as GraphqlExtension | undefined;
  for (const name of Object.keys(ownTypes)) extension?.shadowCRUD(`${OWN}${name}`).disable();
}

/** GraphQL, the content API, the Content Manager and most imports go through the document service; the plugin never does. */
function refuseDocuments(strapi: Core.Strapi): void {
  useDocumentMiddleware(strapi, async ({ uid }, next) => {
    if (!isOwn(uid)) return next();
    throw forbidden('plugin-type-has-no-documents', { uid });
  });
}

/** `visible: false` hides a type from the menu only: a super administrator still has the permission to read it there. */
function refuseInContentManager(route: StrapiRoute): void {
  if (!/:(model|uid)\b/.test(route.path)) return;
  const refuse = (context: ManagerContext, next: () => unknown) =>
    isOwn(context.params.model ?? context.params.uid) ? context.notFound() : next();
  useRouteMiddleware(route, { middleware: () => refuse, isFirst: true });
}
