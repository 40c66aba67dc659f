/** Every kind of authorization with every kind of webhook, when it is sent, tested and resent; and its check. */
import type { Delivery } from '../../../server/contract/delivery';
import type { Webhook } from '../../../server/contract/webhook';
import { makeAuthority } from '../../support/authorities';
import { startDigestServer, type DigestServer } from '../../support/digest-server';
import { startOAuthServer, type OAuthServer } from '../../support/oauth-server';
import { startReceiver, type Received, type Receiver } from '../../support/receiver';
import { HOUR } from '../delivery/stage';
import { Scene, YES } from '../workflow/scene';
import {
  checkAuthorization,
  clearAuthorizations,
  CLIENT,
  makeAuthorization,
  USER,
} from './authorized';

const authority = makeAuthority('Authority of the tests');
const client = authority.issue({ name: 'strapi' });
const stranger = makeAuthority('Another').issue({ name: 'strapi' });
const basic = Buffer.from(`${USER.username}:${USER.password}`).toString('base64');

let scene: Scene;
let digest: DigestServer;
let oauth: OAuthServer;
let secure: Receiver;

/** An endpoint that lets the right credentials pass, and nobody else. */
type Endpoint = {
  good: object;
  /** Credentials that it refuses. */
  bad: object;
  url(path: string): string;
  /** How many calls of a path it let pass. */
  passed(path: string): number;
};

const passedAt = (receiver: Receiver, isGood: (request: Received) => boolean) => (path: string) =>
  receiver.requests.filter((request) => request.path === path && isGood(request)).length;

const plain = (
  input: { good: object; bad: object },
  isGood: (request: Received) => boolean,
): Endpoint => ({
  ...input,
  url: (path) => {
    scene.receiver.on(path).answer((request) => (isGood(request) ? YES : 401));
    return scene.receiver.url(path);
  },
  passed: (path) => passedAt(scene.receiver, isGood)(path),
});

const bearer = (input: object) => ({ kind: 'bearer', ...input });
const key = (more: object) => ({ kind: 'apiKey', key: 'x-api-key', value: 'the key', ...more });

const oauthInput = (kind: string, more: object = {}) => ({
  kind,
  tokenUrl: oauth.tokenUrl,
  ...CLIENT,
  ...(kind === 'oauth2Password' ? USER : {}),
  ...more,
});
const oauthEndpoint = (kind: string): Endpoint => ({
  good: oauthInput(kind),
  bad: oauthInput(kind, { clientSecret: 'wrong' }),
  url: (path) => oauth.url(`/resource${path}`),
  passed: (path) =>
    oauth.resourceRequests.filter((one) => one.path === `/resource${path}` && one.status === 200)
      .length,
});

const certificate = ({
  certificate: own,
  key: privateKey,
}: {
  certificate: string;
  key: string;
}) => ({
  kind: 'clientCertificate',
  certificate: own,
  privateKey,
  ca: authority.certificate,
});

const ENDPOINTS: Record<string, () => Endpoint> = {
  basic: () =>
    plain(
      { good: { kind: 'basic', ...USER }, bad: { kind: 'basic', ...USER, password: 'wrong' } },
      ({ headers }) => headers.authorization === `Basic ${basic}`,
    ),
  bearer: () =>
    plain(
      { good: bearer({ token: 'good' }), bad: bearer({ token: 'bad' }) },
      ({ headers }) => headers.authorization === 'Bearer good',
    ),
  'apiKey (header)': () =>
    plain(
      { good: key({ in: 'header' }), bad: key({ in: 'header', value: 'wrong' }) },
      ({ headers }) => headers['x-api-key'] === 'the key',
    ),
  'apiKey (query)': () =>
    plain(
      { good: key({ in: 'query' }), bad: key({ in: 'query', value: 'wrong' }) },
      ({ query }) => query['x-api-key'] === 'the key',
    ),
  digest: () => ({
    good: { kind: 'digest', ...USER },
    bad: { kind: 'digest', ...USER, password: 'wrong' },
    url: (path) => digest.url(path),
    passed: (path) =>
      digest.requests.filter((one) => one.path === path && one.status === 200).length,
  }),
  oauth2ClientCredentials: () => oauthEndpoint('oauth2ClientCredentials'),
  oauth2Password: () => oauthEndpoint('oauth2Password'),
  clientCertificate: () => ({
    good: certificate(client),
    bad: certificate(stranger),
    url: (path) => {
      secure.on(path).answer(YES);
      return secure.url(path);
    },
    passed: passedAt(secure, (request) => request.client === 'strapi'),
  }),
};
const KINDS = Object.keys(ENDPOINTS);

beforeAll(async () => {
  const { certificate: cert, key: own } = authority.issue({ name: 'x', hosts: ['127.0.0.1'] });
  const ca = authority.certificate;
  const tls = { cert, key: own, ca, requestCert: true, rejectUnauthorized: true };
  [scene, digest, oauth, secure] = await Promise.all([
    Scene.start({ config: { delivery: { schedule: [0, HOUR] } } }),
    startDigestServer(USER),
    startOAuthServer({ ...CLIENT, ...USER }),
    startReceiver(tls),
  ]);
});
afterEach(async () => {
  await scene.clear();
  await clearAuthorizations(scene.stage);
  for (const server of [secure, digest, oauth]) server.clear();
});
afterAll(async () => {
  await scene?.stop();
  await Promise.all([digest?.stop(), oauth?.stop(), secure?.stop()]);
});

const resend = async (webhook: Webhook): Promise<Delivery> => {
  const [{ id }] = (await scene.stage.deliveries(webhook)) as [Delivery];
  await scene.stage.api('POST', `/deliveries/${id}/resend`);
  await scene.stage.attempted(webhook, 2);
  return scene.stage.delivery({ id });
};

/** An event, a submit and a validation webhook with the same authorization; their paths are their kinds. */
const makeWebhooks = async (endpoint: Endpoint, authorization: string) => {
  const { id: workflow } = await scene.makeWorkflow();
  const at = (path: string) => ({ authorization, path, url: endpoint.url(path) });
  return {
    event: await scene.stage.makeWebhook(at('/event')),
    submit: await scene.submit(workflow, { state: 'review' }, at('/submit')),
    validation: await scene.validation(workflow, 'submit', at('/validation')),
  };
};

describe.each(KINDS)('%s', (kind) => {
  it('is sent with an event, a submit and a validation, with their tests and resends', async () => {
    const endpoint = ENDPOINTS[kind]!();
    const { id } = await makeAuthorization(scene.stage, endpoint.good);
    const { event, submit, validation } = await makeWebhooks(endpoint, id);
    await scene.stage.write();
    expect((await scene.run({ documentId: await scene.draft() }, 'submit')).status).toBe(200);
    for (const webhook of [event, submit])
      expect(await scene.stage.finished(webhook)).toMatchObject([{ state: 'delivered' }]);
    const paths = ['/event', '/submit', '/validation'];
    const before = paths.map(endpoint.passed);
    for (const webhook of [event, submit])
      expect(await resend(webhook)).toMatchObject({ state: 'delivered', attemptCount: 2 });
    for (const { id: webhook } of [event, submit, validation])
      expect(await scene.stage.api('POST', `/webhooks/${webhook}/test`, {})).toMatchObject({
        ok: true,
      });
    const after = paths.map(endpoint.passed);
    expect(after.map((count, index) => count - before[index]!)).toEqual([2, 2, 1]);
  });

  it('that is wrong lets no command pass, and fails what is sent and tested', async () => {
    const endpoint = ENDPOINTS[kind]!();
    const { id } = await makeAuthorization(scene.stage, endpoint.bad);
    const { event, validation } = await makeWebhooks(endpoint, id);
    await scene.stage.write();
    const place = { documentId: await scene.draft() };
    const refused = await scene.run(place, 'submit');
    expect(refused.status).toBe(400);
    expect(refused.body.error.details.verdicts).toMatchObject([{ kind: 'noAnswer' }]);
    expect(await scene.state(place)).toBe('draft');
    const { attempts } = await scene.stage.attempted(event, 1);
    expect(attempts[0]?.outcome).toMatch(/^(refused|auth|connection)$/);
    for (const { id: webhook } of [event, validation])
      expect(await scene.stage.api('POST', `/webhooks/${webhook}/test`, {})).toMatchObject({
        ok: false,
      });
    expect(endpoint.passed('/event') + endpoint.passed('/validation')).toBe(0);
  });

  it('is checked: good, and wrong', async () => {
    const endpoint = ENDPOINTS[kind]!();
    const url = endpoint.url('/check');
    const good = await makeAuthorization(scene.stage, endpoint.good);
    const bad = await makeAuthorization(scene.stage, endpoint.bad);
    expect(await checkAuthorization(scene.stage, good, url)).toMatchObject({
      ok: true,
      message: expect.stringMatching(/answered 200/),
      response: { status: 200 },
      durationMs: expect.any(Number),
    });
    const result = await checkAuthorization(scene.stage, bad, url);
    expect(result.ok).toBe(false);
    expect(result.message).toMatch(/did not accept|No token came|\w+/);
    expect(endpoint.passed('/check')).toBe(1);
  });
});

it('servers that send an unasked "100 Continue" are understood everywhere, token servers too', async () => {
  const { receiver, stage } = scene;
  const answer = (body: object) => ({ status: 200, body: JSON.stringify(body), continues: true });
  receiver.on('/token').answer(answer({ access_token: 'a-token', token_type: 'Bearer' }));
  for (const path of ['/event', '/validation', '/check'])
    receiver.on(path).answer(answer({ allowed: true }));
  const made = await makeAuthorization(stage, {
    ...oauthInput('oauth2ClientCredentials'),
    tokenUrl: receiver.url('/token'),
  });
  const { id: workflow } = await scene.makeWorkflow();
  const event = await stage.makeWebhook({ authorization: made.id, path: '/event' });
  const validation = await scene.validation(workflow, 'submit', { path: '/validation' });
  await stage.write();
  expect(await stage.finished(event)).toMatchObject([{ state: 'delivered', attemptCount: 1 }]);
  expect((await scene.run({ documentId: await scene.draft() }, 'submit')).status).toBe(200);
  for (const { id } of [event, validation])
    expect(await stage.api('POST', `/webhooks/${id}/test`, {})).toMatchObject({ ok: true });
  expect(await checkAuthorization(stage, made, receiver.url('/check'))).toMatchObject({ ok: true });
});

it.each([
  [
    'a bearer token of 16 KB',
    bearer({ token: 'x'.repeat(16_384) }),
    `Bearer ${'x'.repeat(16_384)}`,
  ],
  ['basic without a password', { kind: 'basic', username: 'key', password: '' }, 'Basic a2V5Og=='],
  ['basic without a user name', { kind: 'basic', username: '', password: 'key' }, 'Basic OmtleQ=='],
])('%s is sent as it is, and is shown nowhere', async (_what, input, header) => {
  const made = await makeAuthorization(scene.stage, input);
  const webhook = await scene.stage.makeWebhook({ authorization: made.id, path: '/sent' });
  await scene.stage.write();
  expect(await scene.stage.finished(webhook)).toMatchObject([{ state: 'delivered' }]);
  expect(scene.stage.calls('/sent')).toMatchObject([{ headers: { authorization: header } }]);
  const [delivery] = await scene.stage.deliveries(webhook);
  const { attempts } = await scene.stage.delivery(delivery!);
  expect(attempts[0]?.request.headers.authorization).toMatch(/^(Basic|Bearer) \*+$/);
});

describe('a check', () => {
  it('without a URL takes that of a webhook that uses the authorization, and asks for one where there is none', async () => {
    const endpoint = ENDPOINTS.bearer!();
    const made = await makeAuthorization(scene.stage, endpoint.good);
    const { status, body } = await scene.app.request(
      'POST',
      `/workflow-webhooks/authorizations/${made.id}/check`,
      {},
    );
    expect({ status, path: body.error.details.errors[0].path }).toEqual({
      status: 400,
      path: ['url'],
    });
    const url = endpoint.url('/own');
    await scene.stage.makeWebhook({ authorization: made.id, url });
    expect(await checkAuthorization(scene.stage, made)).toMatchObject({
      ok: true,
      request: { url },
    });
  });

  it('of OAuth needs no URL: a token is an answer', async () => {
    const made = await makeAuthorization(scene.stage, oauthInput('oauth2ClientCredentials'));
    expect(await checkAuthorization(scene.stage, made)).toMatchObject({
      ok: true,
      token: { url: oauth.tokenUrl, expiresAt: expect.stringMatching(/Z$/), scope: null },
      request: null,
    });
  });

  it('of hosts that are not allowed sends nothing', async () => {
    const endpoint = ENDPOINTS.bearer!();
    const input = { ...endpoint.good, allowedHosts: ['api.example.com'] };
    const made = await makeAuthorization(scene.stage, input);
    const result = await checkAuthorization(scene.stage, made, endpoint.url('/elsewhere'));
    expect(result).toMatchObject({
      ok: false,
      message: expect.stringMatching(/may not be sent to/),
    });
    expect(JSON.stringify(result)).not.toContain('Bearer');
    expect(scene.receiver.requests).toEqual([]);
  });
});
