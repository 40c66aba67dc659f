import { auditQuerySchema, type AuditQuery, pagingSchema } from '../../contract/api';
import { parse } from '../../strapi/errors';
import { idOf, type Context } from '../answers';
import type { Audit } from '../../store/audit.service';

type Parts = { audit: Audit };

export default (parts: () => Parts) => {
  const list = async (context: Context, query: AuditQuery) => {
    context.body = await parts().audit.list(query, parse(pagingSchema, context.query));
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
