/** The APIs of the contract: each path, what it calls, and the permission it needs. */
import { permissionUid, type PermissionName } from '../contract/names';

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

/** Whoever is signed in: what more they need depends on what they ask for, and its controller says so. */
const signedIn = (method: Method, path: string, handler: string) => ({
  method,
  path,
  handler,
  config: { policies: ['admin::isAuthenticatedAdmin'] },
});

const routes = [
  route('GET', '/events', { handler: 'events.find', needs: 'webhook.read' }),
  signedIn('GET', '/content-types', 'events.contentTypes'),

  route('GET', '/webhooks', { handler: 'webhooks.find', needs: 'webhook.read' }),
  route('POST', '/webhooks', { handler: 'webhooks.create', needs: 'webhook.create' }),
  route('POST', '/webhooks/preview', { handler: 'webhooks.preview', needs: 'webhook.read' }),
  signedIn('POST', '/webhooks/test', 'webhooks.testUnsaved'),
  route('GET', '/webhooks/:id', { handler: 'webhooks.findOne', needs: 'webhook.read' }),
  route('PUT', '/webhooks/:id', { handler: 'webhooks.update', needs: 'webhook.update' }),
  route('DELETE', '/webhooks/:id', { handler: 'webhooks.delete', needs: 'webhook.delete' }),
  route('GET', '/webhooks/:id/audit', { handler: 'audit.ofWebhook', needs: 'webhook.read' }),
  route('POST', '/webhooks/:id/test', { handler: 'webhooks.test', needs: 'webhook.test' }),
  route('POST', '/webhooks/:id/enable', { handler: 'webhooks.enable', needs: 'webhook.update' }),
  route('POST', '/webhooks/:id/disable', { handler: 'webhooks.disable', needs: 'webhook.update' }),
  route('POST', '/webhooks/:id/exclude-end-users', {
    handler: 'webhooks.excludeEndUsers',
    needs: 'webhook.update',
  }),
  route('POST', '/webhooks/:id/secret', { handler: 'webhooks.rotate', needs: 'webhook.update' }),

  route('GET', '/authorizations', { handler: 'authorizations.find', needs: 'authorization.read' }),
  route('POST', '/authorizations', {
    handler: 'authorizations.create',
    needs: 'authorization.create',
  }),
  route('GET', '/authorizations/choices', {
    handler: 'authorizations.choices',
    needs: 'webhook.read',
  }),
  route('GET', '/authorizations/:id', {
    handler: 'authorizations.findOne',
    needs: 'authorization.read',
  }),
  route('PUT', '/authorizations/:id', {
    handler: 'authorizations.update',
    needs: 'authorization.update',
  }),
  route('POST', '/authorizations/:id/check', {
    handler: 'authorizations.check',
    needs: 'authorization.update',
  }),
  route('DELETE', '/authorizations/:id', {
    handler: 'authorizations.delete',
    needs: 'authorization.delete',
  }),

  route('GET', '/authorizations/:id/audit', {
    handler: 'audit.ofAuthorization',
    needs: 'authorization.read',
  }),

  route('GET', '/audit', { handler: 'audit.find', needs: 'audit.read' }),

  route('GET', '/deliveries', { handler: 'deliveries.find', needs: 'delivery.read' }),
  route('POST', '/deliveries/resend', {
    handler: 'deliveries.resendMany',
    needs: 'delivery.resend',
  }),
  route('POST', '/deliveries/cancel', {
    handler: 'deliveries.cancelMany',
    needs: 'delivery.resend',
  }),
  route('GET', '/deliveries/export', { handler: 'deliveries.export', needs: 'delivery.read' }),
  route('GET', '/deliveries/:id', { handler: 'deliveries.findOne', needs: 'delivery.read' }),
  route('POST', '/deliveries/:id/resend', {
    handler: 'deliveries.resend',
    needs: 'delivery.resend',
  }),
  route('GET', '/workflows', { handler: 'workflows.find', needs: 'workflow.read' }),
  route('POST', '/workflows', { handler: 'workflows.create', needs: 'workflow.create' }),
  signedIn('GET', '/workflows/choices', 'workflows.choices'),
  route('GET', '/workflows/:id', { handler: 'workflows.findOne', needs: 'workflow.read' }),
  route('PUT', '/workflows/:id', { handler: 'workflows.update', needs: 'workflow.update' }),
  route('DELETE', '/workflows/:id', { handler: 'workflows.delete', needs: 'workflow.delete' }),
  route('GET', '/workflows/:id/audit', { handler: 'audit.ofWorkflow', needs: 'workflow.read' }),

  signedIn('GET', '/documents/:uid', 'documents.find'),
  signedIn('GET', '/documents/:uid/:documentId', 'documents.findOne'),
  signedIn('POST', '/documents/:uid/:documentId/commands/:command', 'documents.run'),
  signedIn('POST', '/documents/:uid/:documentId/bypass', 'documents.bypass'),

  signedIn('GET', '/schedules', 'schedules.find'),
  signedIn('POST', '/schedules', 'schedules.create'),
  signedIn('PUT', '/schedules/:id', 'schedules.update'),
  signedIn('DELETE', '/schedules/:id', 'schedules.delete'),

  route('GET', '/replications', { handler: 'replications.find', needs: 'replication.read' }),
  route('POST', '/replications', { handler: 'replications.create', needs: 'replication.create' }),
  route('GET', '/replications/:id', {
    handler: 'replications.findOne',
    needs: 'replication.read',
  }),
  route('PUT', '/replications/:id', {
    handler: 'replications.update',
    needs: 'replication.update',
  }),
  route('DELETE', '/replications/:id', {
    handler: 'replications.delete',
    needs: 'replication.delete',
  }),
  route('GET', '/replications/:id/runs', {
    handler: 'replications.runs',
    needs: 'replication.read',
  }),
  route('GET', '/replications/:id/audit', {
    handler: 'audit.ofReplication',
    needs: 'replication.read',
  }),
  route('POST', '/replications/:id/run', { handler: 'replications.run', needs: 'replication.run' }),
  route('POST', '/replications/:id/cancel', {
    handler: 'replications.cancel',
    needs: 'replication.run',
  }),

  route('GET', '/health', { handler: 'deliveries.health', needs: 'delivery.read' }),
  route('GET', '/statistics', { handler: 'statistics.find', needs: 'delivery.read' }),
];

/** Below /api, for receivers and for Prometheus. `auth: false`: without a permission that somebody would first have to grant. */
const publicRoutes = [
  {
    method: 'GET',
    path: '/public-keys/:webhook',
    handler: 'publicKeys.find',
    config: { auth: false },
  },
  // For an API token: what it tells is nobody else's business.
  { method: 'GET', path: '/metrics', handler: 'metrics.find', config: {} },
];

export default {
  admin: { type: 'admin', routes },
  'content-api': { type: 'content-api', routes: publicRoutes },
};
