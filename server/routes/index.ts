/** The admin API of the contract: each path, what it calls, and the permission it needs. */
import { permissionUid, type PermissionName } from '../contract/permissions';

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

const route = (method: Method, path: string, to: { handler: string; needs: PermissionName }) => ({
  method,
  path,
  handler: to.handler,
  config: {
    policies: [
      'admin::isAuthenticatedAdmin',
      { name: 'admin::hasPermissions', config: { actions: [permissionUid(to.needs)] } },
    ],
  },
});

const routes = [
  route('GET', '/events', { handler: 'events.find', needs: 'webhook.read' }),
  route('GET', '/content-types', { handler: 'events.contentTypes', needs: 'webhook.read' }),

  route('GET', '/webhooks', { handler: 'webhooks.find', needs: 'webhook.read' }),
  route('POST', '/webhooks', { handler: 'webhooks.create', needs: 'webhook.create' }),
  route('POST', '/webhooks/preview', { handler: 'webhooks.preview', needs: 'webhook.read' }),
  route('GET', '/webhooks/:id', { handler: 'webhooks.findOne', needs: 'webhook.read' }),
  route('PUT', '/webhooks/:id', { handler: 'webhooks.update', needs: 'webhook.update' }),
  route('DELETE', '/webhooks/:id', { handler: 'webhooks.delete', needs: 'webhook.delete' }),
  route('POST', '/webhooks/:id/test', { handler: 'webhooks.test', needs: 'webhook.test' }),
  route('POST', '/webhooks/:id/secret', { handler: 'webhooks.rotate', needs: 'webhook.update' }),

  route('GET', '/authorizations', { handler: 'authorizations.find', needs: 'authorization.read' }),
  route('POST', '/authorizations', {
    handler: 'authorizations.create',
    needs: 'authorization.create',
  }),
  route('GET', '/authorizations/:id', {
    handler: 'authorizations.findOne',
    needs: 'authorization.read',
  }),
  route('PUT', '/authorizations/:id', {
    handler: 'authorizations.update',
    needs: 'authorization.update',
  }),
  route('DELETE', '/authorizations/:id', {
    handler: 'authorizations.delete',
    needs: 'authorization.delete',
  }),

  route('GET', '/deliveries', { handler: 'deliveries.find', needs: 'delivery.read' }),
  route('POST', '/deliveries/resend', {
    handler: 'deliveries.resendMany',
    needs: 'delivery.resend',
  }),
  route('GET', '/deliveries/:id', { handler: 'deliveries.findOne', needs: 'delivery.read' }),
  route('POST', '/deliveries/:id/resend', {
    handler: 'deliveries.resend',
    needs: 'delivery.resend',
  }),
  route('GET', '/health', { handler: 'deliveries.health', needs: 'delivery.read' }),
];

export default { admin: { type: 'admin', routes } };
