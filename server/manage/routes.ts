/** The APIs of the contract: each path, the action that it calls, and the permission that it needs. */
import { permissionUid, type PermissionName } from '../contract/names';

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** For every signed-in administrator: the controller checks further permissions, which depend on the request. */
const signedIn = (place: `${Method} ${string}`, handler: string, policies: object[] = []) => {
  const [method, path = ''] = place.split(' ') as [Method, string];
  return {
    method,
    path,
    handler,
    config: { policies: ['admin::isAuthenticatedAdmin', ...policies] },
  };
};

const route = (place: `${Method} ${string}`, handler: string, needs: PermissionName) =>
  signedIn(place, handler, [
    { name: 'admin::hasPermissions', config: { actions: [permissionUid(needs)] } },
  ]);

/** The routes of every resource that administrators manage. */
const resource = (subject: 'webhook' | 'authorization' | 'workflow' | 'replication') => {
  const name = `${subject}s`;
  return [
    route(`GET /${name}`, `${name}.find`, `${subject}.read`),
    route(`POST /${name}`, `${name}.create`, `${subject}.create`),
    route(`GET /${name}/:id`, `${name}.findOne`, `${subject}.read`),
    route(`PUT /${name}/:id`, `${name}.update`, `${subject}.update`),
    route(`DELETE /${name}/:id`, `${name}.delete`, `${subject}.delete`),
    route(`GET /${name}/:id/audit`, `audit.${subject}`, `${subject}.read`),
  ];
};

/** A fixed path comes before the path with `:id` that it would match. */
const routes = [
  route('GET /events', 'events.find', 'webhook.read'),
  signedIn('GET /content-types', 'events.contentTypes'),

  route('POST /webhooks/preview', 'webhooks.preview', 'webhook.read'),
  signedIn('POST /webhooks/test', 'webhooks.testUnsaved'),
  ...resource('webhook'),
  route('POST /webhooks/:id/test', 'webhooks.test', 'webhook.test'),
  route('POST /webhooks/:id/enable', 'webhooks.enable', 'webhook.update'),
  route('POST /webhooks/:id/disable', 'webhooks.disable', 'webhook.update'),
  route('POST /webhooks/:id/exclude-end-users', 'webhooks.excludeEndUsers', 'webhook.update'),
  route('POST /webhooks/:id/secret', 'webhooks.rotate', 'webhook.update'),

  route('GET /authorizations/choices', 'authorizations.choices', 'webhook.read'),
  ...resource('authorization'),
  route('POST /authorizations/:id/check', 'authorizations.check', 'authorization.update'),

  route('GET /audit', 'audit.find', 'audit.read'),

  route('GET /deliveries', 'deliveries.find', 'delivery.read'),
  route('POST /deliveries/resend', 'deliveries.resendMany', 'delivery.resend'),
  route('POST /deliveries/cancel', 'deliveries.cancelMany', 'delivery.resend'),
  route('GET /deliveries/export', 'deliveries.export', 'delivery.read'),
  route('GET /deliveries/:id', 'deliveries.findOne', 'delivery.read'),
  route('POST /deliveries/:id/resend', 'deliveries.resend', 'delivery.resend'),

  signedIn('GET /workflows/choices', 'workflows.choices'),
  ...resource('workflow'),

  signedIn('GET /documents/:uid', 'documents.find'),
  signedIn('GET /documents/:uid/:documentId', 'documents.findOne'),
  signedIn('POST /documents/:uid/:documentId/commands/:command', 'documents.run'),
  signedIn('POST /documents/:uid/:documentId/bypass', 'documents.bypass'),

  signedIn('GET /schedules', 'schedules.find'),
  signedIn('POST /schedules', 'schedules.create'),
  signedIn('PUT /schedules/:id', 'schedules.update'),
  signedIn('DELETE /schedules/:id', 'schedules.delete'),

  ...resource('replication'),
  route('GET /replications/:id/runs', 'replications.runs', 'replication.read'),
  route('POST /replications/:id/run', 'replications.run', 'replication.run'),
  route('POST /replications/:id/cancel', 'replications.cancel', 'replication.run'),

  route('GET /health', 'deliveries.health', 'delivery.read'),
  route('GET /statistics', 'statistics.find', 'delivery.read'),
];

/** Below /api, for receivers and for Prometheus. */
const publicRoutes = [
  // `auth: false`: otherwise somebody would first have to grant a permission.
  {
    method: 'GET',
    path: '/public-keys/:webhook',
    handler: 'publicKeys.find',
    config: { auth: false },
  },
  // For an API token, since metrics name the webhooks.
  { method: 'GET', path: '/metrics', handler: 'metrics.find', config: {} },
];

export default {
  admin: { type: 'admin', routes },
  'content-api': { type: 'content-api', routes: publicRoutes },
};
