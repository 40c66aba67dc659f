/** Everything that administrators manage: how to create each resource, and another value for each of its fields. */
import { authorizationInputSchema } from '../../../server/contract/authorization';
import { replicationSettingsSchema } from '../../../server/contract/replication';
import { scheduleTimesSchema } from '../../../server/contract/schedule';
import { webhookInputSchema } from '../../../server/contract/webhook';
import { workflowInputSchema } from '../../../server/contract/workflow';
import { encryptedKey, makeAuthority } from '../../support/authorities';
import { dataOf, type PluginApi } from './plugin-api';
import { APPROVAL, ARTICLE, PAGE, type Scene } from '../workflow/scene';

type Fields = Record<string, unknown>;

export type Resource = {
  /** The route, such as `/webhooks`. */
  path: string;
  /** Every field of a PUT, with a value that is not the default. */
  input: Fields;
  /** The body of POST, if it differs from that of PUT. */
  creation?: Fields;
  /** Changes to save one after the other. A step has several fields if they are valid only together. */
  steps: Fields[];
  /** Fields of the schema that a PUT cannot change. */
  fixed: string[];
  /** Every field of the schema. */
  fields: string[];
};

const FIXED = ['kind', 'enabled'];
const HEADERS = { 'x-team': 'web', 'x-key': { value: 'opens the door', secret: true } };
const DAY = 86_400_000;

export const tomorrow = (days: number) => new Date(Date.now() + days * DAY).toISOString();

const authorizationFields = (kind: string): string[] =>
  authorizationInputSchema.options.flatMap(({ shape }) =>
    shape.kind.value === kind ? Object.keys(shape) : [],
  );

const NAMED = [
  { name: 'Other' },
  { description: 'Says something else.' },
  { allowedHosts: ['other.example.com'] },
];

const authorization = (kind: string, own: Fields, steps: Fields[]): Resource => ({
  path: '/authorizations',
  input: { kind, name: 'Own', description: 'Says it.', allowedHosts: ['a.example.com'], ...own },
  steps: [...NAMED, ...steps],
  fixed: ['kind'],
  fields: authorizationFields(kind),
});

const USER = { username: 'ada', password: 'pass word' };
const USER_STEPS = [{ username: 'eve' }, { password: 'another' }];
const OAUTH = {
  tokenUrl: 'https://id.example.com/token',
  authorityUrl: null,
  clientId: 'strapi',
  clientSecret: 'secret',
  clientAuthentication: 'client_secret_post',
  scope: 'read',
  headerPrefix: 'Token',
  additionalBaseAddresses: [],
  parameters: { audience: 'https://api.example.com' },
};
const OAUTH_STEPS = [
  { tokenUrl: 'https://id.example.com/other' },
  { tokenUrl: null, authorityUrl: 'https://id.example.com/' },
  { additionalBaseAddresses: ['https://token.example.com/'] },
  { clientId: 'other' },
  { clientSecret: 'other' },
  { clientAuthentication: 'client_secret_basic' },
  { scope: 'read write' },
  { headerPrefix: 'Bearer' },
  { parameters: { resource: 'urn:a' } },
];

const clientCertificate = (): Resource => {
  const authority = makeAuthority('Authority of the tests');
  const [one, other] = [authority.issue({ name: 'one' }), authority.issue({ name: 'other' })];
  return authorization(
    'clientCertificate',
    {
      certificate: one.certificate.trim(),
      privateKey: encryptedKey(one.key, 'sesame').trim(),
      passphrase: 'sesame',
      ca: authority.certificate.trim(),
    },
    [
      { certificate: other.certificate.trim(), privateKey: other.key.trim(), passphrase: null },
      { ca: null },
    ],
  );
};

const webhook = (kind: string, own: Fields, steps: Fields[]): Resource => ({
  path: '/webhooks',
  input: {
    kind,
    name: 'Own',
    description: 'Says it.',
    enabled: false,
    url: 'http://127.0.0.1:9/a?key=secret',
    headers: HEADERS,
    serialization: 'xml',
    format: 'cloudevents',
    authorization: null,
    signing: 'github',
    events: [],
    contentTypes: [PAGE],
    locales: ['en'],
    filter: { field: 'entry.title', op: 'startsWith', value: 'News' },
    maxAttempts: 3,
    rateLimit: null,
    ordered: false,
    workflow: null,
    state: null,
    command: null,
    onError: 'allow',
    mode: 'warn',
    timeout: 1500,
    ...own,
  },
  steps: [
    { name: 'Other' },
    { description: 'Says something else.' },
    { url: 'http://127.0.0.1:9/b' },
    { headers: { 'x-team': 'shop' } },
    { serialization: 'json' },
    { format: 'standard' },
    { signing: 'standard-ed25519' },
    { contentTypes: [] },
    { locales: ['de', 'en'] },
    { filter: null },
    { maxAttempts: 7 },
    { onError: 'refuse' },
    { mode: 'audit' },
    { timeout: null },
    ...steps,
  ],
  fixed: FIXED,
  fields: Object.keys(webhookInputSchema.shape),
});

const workflowResource = (): Resource => ({
  path: '/workflows',
  input: { ...APPROVAL, name: 'Own', contentTypes: [ARTICLE], moveTo: {} },
  steps: [
    { name: 'Other' },
    { contentTypes: [] },
    { states: APPROVAL.states.map((state) => ({ ...state, name: `${state.name}!` })) },
    { commands: (APPROVAL.commands ?? []).map((one) => ({ ...one, comment: 'optional' })) },
    { initialState: 'review' },
  ],
  fixed: ['moveTo'],
  fields: Object.keys(workflowInputSchema.shape),
});

const scheduleResource = (documentId: string): Resource => {
  const times = { publishAt: tomorrow(1), archiveAt: tomorrow(3), timezone: 'Europe/Berlin' };
  return {
    path: '/schedules',
    input: times,
    creation: { uid: PAGE, documentId, ...times },
    steps: [{ publishAt: tomorrow(2) }, { archiveAt: null }, { timezone: 'Asia/Tokyo' }],
    fixed: [],
    fields: Object.keys(scheduleTimesSchema.shape),
  };
};

const replicationResource = (): Resource => ({
  path: '/replications',
  input: {
    name: 'Own',
    destination: 'http://127.0.0.1:9/admin',
    token: 'a-token',
    only: ['content'],
    exclude: [],
    cron: '0 3 * * *',
  },
  steps: [
    { name: 'Other' },
    { destination: 'http://127.0.0.1:10/admin', token: 'another-token' },
    { token: 'a-third-token' },
    { only: [], exclude: ['files'] },
    { cron: null },
  ],
  fixed: [],
  fields: Object.keys(replicationSettingsSchema.shape),
});

type World = { scene: Scene; api: PluginApi };
type Make = (world: World) => Promise<Resource> | Resource;

/** Creates another authorization and, for webhooks of a workflow, another workflow. */
const webhookOf =
  (kind: 'event' | 'submit' | 'validation'): Make =>
  async ({ scene, api }) => {
    const bearer = { kind: 'bearer', name: 'For a webhook', token: 'x' };
    const { id } = dataOf(await api.post('/authorizations', bearer));
    if (kind === 'event')
      return webhook(kind, { events: ['entry.create'] }, [
        { authorization: id },
        { events: ['entry.*', 'media.create'] },
        { rateLimit: 2.5 },
        { ordered: true },
      ]);
    const { id: workflow } = await scene.makeWorkflow();
    const { id: other } = await scene.makeWorkflow({ name: 'Another', contentTypes: [ARTICLE] });
    const bound = { workflow, command: 'submit' };
    const steps = [
      { authorization: id },
      { command: 'approve' },
      { workflow: other },
      ...(kind === 'submit'
        ? [{ state: 'review', command: null }, { rateLimit: 2.5 }, { ordered: true }]
        : []),
    ];
    return webhook(kind, bound, steps);
  };

export const RESOURCES: [string, Make][] = [
  ['an event webhook', webhookOf('event')],
  ['a submit webhook', webhookOf('submit')],
  ['a validation webhook', webhookOf('validation')],
  ['a basic authorization', () => authorization('basic', USER, USER_STEPS)],
  ['a digest authorization', () => authorization('digest', USER, USER_STEPS)],
  ['a bearer token', () => authorization('bearer', { token: 'one' }, [{ token: 'other' }])],
  [
    'an API key',
    () =>
      authorization('apiKey', { key: 'x-api-key', value: 'one', in: 'query' }, [
        { key: 'x-other' },
        { value: 'other' },
        { in: 'header' },
      ]),
  ],
  ['OAuth client credentials', () => authorization('oauth2ClientCredentials', OAUTH, OAUTH_STEPS)],
  [
    'an OAuth password',
    () => authorization('oauth2Password', { ...OAUTH, ...USER }, [...OAUTH_STEPS, ...USER_STEPS]),
  ],
  ['a client certificate', clientCertificate],
  ['a workflow', workflowResource],
  ['a schedule', async ({ scene }) => scheduleResource(await scene.draft())],
  ['a replication', replicationResource],
];
