/**
 * Keeps what the plugin stores out of Strapi's generic APIs. Its content types hold ciphertext, the states of documents
 * and the audit trail, which only its own routes may read and write, with their own permissions and checks.
 */
import type { Core } from '@strapi/strapi';
import ownTypes from '../../content-types';
import { PLUGIN_ID } from '../../contract/names';
import { errors } from '../error-classes';
import type { ContentManagerRoute } from '../content-manager-routes.service';

type Next = () => Promise<unknown>;
type ManagerContext = { params: { model?: string; uid?: string }; notFound(): unknown };
type DocumentMiddleware = Parameters<Core.Strapi['documents']['use']>[0];
type GraphqlExtension = { shadowCRUD(uid: string): { disable(): unknown } };

const OWN = `plugin::${PLUGIN_ID}.`;
const isOwn = (uid: string | undefined): boolean => uid?.startsWith(OWN) === true;

const notDocuments = (uid: string) =>
  new errors.PolicyError(
    `"${uid}" is stored by Workflow Webhooks and has no documents. Use the plugin's own API or services.`,
  );

/** Without this, @strapi/plugin-graphql makes queries and mutations for every content type there is. */
function hideFromGraphql(strapi: Core.Strapi): void {
  const extension = strapi.plugin('graphql')?.service('extension') as GraphqlExtension | undefined;
  for (const name of Object.keys(ownTypes)) extension?.shadowCRUD(`${OWN}${name}`).disable();
}

/** GraphQL, the content API, the Content Manager and most imports go through the document service; the plugin never does. */
function refuseDocuments(strapi: Core.Strapi): void {
  const refuse = (context: { uid: string }, next: Next) => {
    if (isOwn(context.uid)) throw notDocuments(context.uid);
    return next();
  };
  strapi.documents.use(refuse as unknown as DocumentMiddleware);
}

/** `visible: false` hides a type from the menu only: a super administrator still has the permission to read it there. */
function refuseInContentManager(routes: ContentManagerRoute[]): void {
  const refuse = (context: ManagerContext, next: Next) =>
    isOwn(context.params.model ?? context.params.uid) ? context.notFound() : next();
  for (const { path, config } of routes)
    if (/:(model|uid)\b/.test(path)) config.middlewares = [refuse, ...(config.middlewares ?? [])];
}

/** To be called when plugins register, before anything else stands in front of the document service. */
export function keepOwnTypes(strapi: Core.Strapi, routes: ContentManagerRoute[]): void {
  hideFromGraphql(strapi);
  refuseDocuments(strapi);
  refuseInContentManager(routes);
}
