import type { Core } from '@strapi/strapi';
import { auditQuerySchema, type AuditQuery } from '../../contract/audit';
import { pagingSchema } from '../../contract/paging';
import { parse } from '../../strapi/errors';
import { roomsOf } from '../../wiring.service';
import { idOf, type Context } from '../answers';

export default ({ strapi }: { strapi: Core.Strapi }) => {
  const list = async (context: Context, query: AuditQuery) => {
    context.body = await roomsOf(strapi).audit.list(query, parse(pagingSchema, context.query));
  };
  return {
    find: (context: Context) => list(context, parse(auditQuerySchema, context.query)),
    /** Also of one that is deleted: its entries stay. */
    ofWebhook: (context: Context) => list(context, { subject: 'webhook', id: idOf(context) }),
    ofAuthorization: (context: Context) =>
      list(context, { subject: 'authorization', id: idOf(context) }),
    ofWorkflow: (context: Context) => list(context, { subject: 'workflow', id: idOf(context) }),
    ofReplication: (context: Context) =>
      list(context, { subject: 'replication', id: idOf(context) }),
  };
};
