/** The resources of the panel's forms: the path in the panel and in the API, and the required fields. */
import { APPROVAL } from '../integration/workflow/scene';
import { CERTIFICATE, KEY } from '../support/certificate';

export type Fields = Record<string, unknown>;

const OAUTH = {
  tokenUrl: 'https://id.example.com/token',
  clientId: 'strapi',
  clientSecret: 'x',
};

/** One resource for each form, with its required fields except the name. */
export const RESOURCES: [what: string, path: string, input: Fields][] = [
  ['an event webhook', '/webhooks', { url: 'http://127.0.0.1:9/', events: ['entry.create'] }],
  [
    'a submit webhook',
    '/webhooks',
    { kind: 'submit', url: 'http://127.0.0.1:9/', workflow: 'publication', command: 'publish' },
  ],
  [
    'a validation webhook',
    '/webhooks',
    { kind: 'validation', url: 'http://127.0.0.1:9/', workflow: 'publication', command: 'publish' },
  ],
  ['a basic authorization', '/authorizations', { kind: 'basic', username: 'ada', password: 'x' }],
  ['a bearer token', '/authorizations', { kind: 'bearer', token: 'x' }],
  ['an API key', '/authorizations', { kind: 'apiKey', key: 'x-api-key', value: 'x' }],
  ['a digest authorization', '/authorizations', { kind: 'digest', username: 'ada', password: 'x' }],
  ['OAuth client credentials', '/authorizations', { kind: 'oauth2ClientCredentials', ...OAUTH }],
  [
    'an OAuth password',
    '/authorizations',
    { kind: 'oauth2Password', ...OAUTH, username: 'ada', password: 'x' },
  ],
  [
    'a client certificate',
    '/authorizations',
    { kind: 'clientCertificate', certificate: CERTIFICATE, privateKey: KEY },
  ],
  ['a workflow', '/workflows', { ...APPROVAL, contentTypes: [] }],
  ['a replication', '/replications', { destination: 'http://127.0.0.1:9/admin', token: 'x' }],
];
