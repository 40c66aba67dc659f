/** What the forms call a field that the audit trail names. */
import type { AuditSubject } from '../../../server/contract/api';
import type { Text, TextKey } from '../../translations/use-text';

const WEBHOOK: Record<string, TextKey> = {
  kind: 'kind.label',
  name: 'webhooks.name',
  description: 'webhooks.description',
  enabled: 'webhooks.enabled',
  url: 'webhooks.url',
  headers: 'headers.title',
  serialization: 'serialization.label',
  format: 'format.label',
  authorization: 'security.authorization',
  signing: 'security.signing',
  events: 'webhooks.events',
  contentTypes: 'scope.contentTypes',
  includesEndUsers: 'endUsers.field',
  locales: 'scope.locales',
  filter: 'filter.title',
  maxAttempts: 'attempts.label',
  rateLimit: 'rateLimit.label',
  ordered: 'ordered.label',
  workflow: 'place.workflow',
  state: 'place.state',
  command: 'place.command',
  onError: 'answer.onError',
  mode: 'answer.mode',
  timeout: 'answer.timeout',
};

const AUTHORIZATION: Record<string, TextKey> = {
  kind: 'authorizations.kind',
  name: 'authorizations.name',
  description: 'authorizations.description',
  allowedHosts: 'authorizations.field.allowedHosts',
  username: 'authorizations.field.username',
  password: 'authorizations.field.password',
  token: 'authorizations.field.token',
  key: 'authorizations.field.key',
  value: 'authorizations.field.value',
  in: 'authorizations.field.in',
  tokenUrl: 'authorizations.field.tokenUrl',
  authorityUrl: 'authorizations.field.authorityUrl',
  clientId: 'authorizations.field.clientId',
  clientSecret: 'authorizations.field.clientSecret',
  clientAuthentication: 'authorizations.field.clientAuthentication',
  scope: 'authorizations.field.scope',
  headerPrefix: 'authorizations.field.headerPrefix',
  additionalBaseAddresses: 'authorizations.field.additionalBaseAddresses',
  parameters: 'authorizations.field.parameters',
  certificate: 'authorizations.field.certificate',
  privateKey: 'authorizations.field.privateKey',
  passphrase: 'authorizations.field.passphrase',
  ca: 'authorizations.field.ca',
};

const REPLICATION: Record<string, TextKey> = {
  name: 'replications.field.name',
  destination: 'replications.field.destination',
  token: 'replications.field.token',
  only: 'replications.field.only',
  exclude: 'replications.field.exclude',
  cron: 'replications.field.cron',
};

const WORKFLOW: Record<string, TextKey> = {
  name: 'workflows.name',
  contentTypes: 'workflows.contentTypes',
  initialState: 'workflows.initial',
  states: 'workflows.states',
  commands: 'workflows.commands',
};

const SCHEDULE: Record<string, TextKey> = {
  publishAt: 'schedule.publish',
  archiveAt: 'schedule.archive',
  timezone: 'schedule.timezone',
};

const LABELS: Record<AuditSubject, Record<string, TextKey>> = {
  webhook: WEBHOOK,
  authorization: AUTHORIZATION,
  workflow: WORKFLOW,
  schedule: SCHEDULE,
  replication: REPLICATION,
};

/** "Password", or "Headers: x-key" for a part of a field; a field that the form does not know, by its own name. */
export const fieldLabel = (subject: AuditSubject, field: string, text: Text): string => {
  const [first = '', ...rest] = field.split('.');
  const key = Object.hasOwn(LABELS[subject], first) ? LABELS[subject][first] : undefined;
  if (!key) return field;
  const part = rest.join('.');
  return part ? text('changes.part', { field: text(key), part }) : text(key);
};
