/** Secrets stay secret on every path of a call: the tests store, use and fail with unmistakable secrets, and then search for them. */
import { existsSync, readFileSync } from 'node:fs';
import { encryptedKey, makeAuthority } from '../../support/authorities';
import { canary, foundIn, plainCanary, writtenForms } from '../../support/canary';
import { startDigestServer, type DigestServer } from '../../support/digest-server';
import { captureLog, type LogFile } from '../../support/log-file';
import { startOAuthServer, type OAuthServer, type TokenStep } from '../../support/oauth-server';
import { startReceiver, type Received, type Receiver } from '../../support/receiver';
import type { Answer } from '../../support/strapi';
import { HOUR, until } from '../delivery/stage';
import { Scene } from '../workflow/scene';
import { echo } from './echo';

const secrets = new Map<string, string>();
const planted = (name: string, secret: string) => {
  secrets.set(name, secret);
  return secret;
};
const plant = (name: string) => planted(name, canary(name));

const authority = makeAuthority('Authority of the canaries');
const client = authority.issue({ name: 'strapi' });
/** Some of these characters are escaped in a header and some are not: each form is another text there. */
const CLIENT = {
  clientId: "the-client_of.all~!'()*",
  clientSecret: planted('client-secret', `${canary('client-secret')}_.~!'()*`),
};
const USER = { username: 'ada', password: plant('password-grant') };
const DIGEST = { username: 'ada', password: plant('digest-password') };
const PASSPHRASE = plant('passphrase');
/** A line from the middle of a PEM text. */
const middleOf = (pem: string) => pem.split('\n')[8]!;
const ENCRYPTED = encryptedKey(client.key, PASSPHRASE);
planted('private-key', middleOf(client.key));
planted('encrypted-key', middleOf(ENCRYPTED));

let scene: Scene;
let oauth: OAuthServer;
let digest: DigestServer;
let secure: Receiver;
let log: LogFile;
const answers: string[] = [];

/** Keeps each answer of the API, without a secret that is shown once: this secret is planted too. */
const call = async (method: string, path: string, body?: unknown): Promise<Answer> => {
  const answer = await scene.app.request(method, `/workflow-webhooks${path}`, body);
  const { data } = answer.body ?? {};
  if (typeof data?.secret === 'string') {
    const { secret, ...rest } = data;
    planted(`signing ${secrets.size}`, secret);
    planted(`signing ${secrets.size}, bare`, secret.replace(/^[a-z]+_/, ''));
    answers.push(JSON.stringify({ ...answer.body, data: rest }));
    return answer;
  }
  answers.push(JSON.stringify([answer.body, [...answer.headers]]));
  return answer;
};

const ok = async <T = any>(method: string, path: string, body?: unknown): Promise<T> => {
  const answer = await call(method, path, body);
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
  return answer.body.data as T;
};

const refusing = (request: Received) => {
  const said = `No: ${request.headers.authorization} ${request.headers['x-secret']} ${JSON.stringify(request.query)}`;
  return echo(200, {
    allowed: false,
    message: said,
    errors: [{ path: 'title', message: said }],
    warnings: [said],
  })(request);
};

const tokens = (): Record<string, unknown> => ({
  access_token: planted(`access-token-${secrets.size}`, plainCanary('AccessToken')),
  refresh_token: plant(`refresh-token-${secrets.size}`),
  id_token: plant(`id-token-${secrets.size}`),
});

const AUTHORIZATIONS: Record<string, () => object> = {
  none: () => ({}),
  basic: () => ({ kind: 'basic', username: 'ada', password: plant('basic-password') }),
  bearer: () => ({ kind: 'bearer', token: plant('bearer-token') }),
  header: () => ({ kind: 'apiKey', key: 'x-api-key', value: plant('header-key'), in: 'header' }),
  query: () => ({ kind: 'apiKey', key: 'api_key', value: plant('query-key'), in: 'query' }),
  digest: () => ({ kind: 'digest', ...DIGEST }),
  client: () => ({ kind: 'oauth2ClientCredentials', ...CLIENT, tokenUrl: oauth.tokenUrl }),
  password: () => ({
    ...{ kind: 'oauth2Password', ...CLIENT, ...USER },
    authorityUrl: oauth.url('').replace(/\/$/, ''),
  }),
  certificate: () => ({
    kind: 'clientCertificate',
    certificate: client.certificate,
    privateKey: ENCRYPTED,
    passphrase: PASSPHRASE,
    ca: authority.certificate,
  }),
  plainKey: () => ({
    kind: 'clientCertificate',
    certificate: client.certificate,
    privateKey: client.key,
    ca: makeAuthority('Another').certificate,
  }),
};
const SIGNINGS = ['none', 'standard', 'standard-ed25519', 'github', 'stripe'];

let count = 0;
const settings = (path: string, more: object) => {
  count += 1;
  return {
    name: `${path} ${count}`,
    headers: { 'x-secret': { value: plant(`header-${count}`), secret: true } },
    signing: SIGNINGS[count % SIGNINGS.length],
    ...more,
  };
};
/** A webhook for new notices. */
const makeWebhook = async (kind: string, url: string, authorization: string | null) => {
  const subscription = { events: ['entry.create'], contentTypes: ['api::notice.notice'] };
  const body = settings(kind, { url, authorization, ...subscription });
  return (await ok('POST', '/webhooks', body)).id as string;
};
const withQuery = (url: string) => `${url}?key=${planted(`query-${count}`, plainCanary('Query'))}`;

const settled = (id: string) =>
  until(
    async () => (await scene.stage.deliveries({ id })) as { id: string; state: string }[],
    (found) => found.length > 0 && found.every(({ state }) => !/pending|sending/.test(state)),
  );

/** Does all that can be done with a webhook. */
const useWebhook = async (id: string) => {
  await ok('POST', `/webhooks/${id}/test`, {});
  await call('POST', '/webhooks/preview', { id, events: ['*'] });
  await call('POST', `/webhooks/${id}/secret`, {});
  const [delivery] = await settled(id);
  await call('POST', `/deliveries/${delivery!.id}/resend`);
  for (const { id: one } of await settled(id)) await ok('GET', `/deliveries/${one}`);
  const webhook = await ok('GET', `/webhooks/${id}`);
  await call('PUT', `/webhooks/${id}`, { ...webhook, url: 'nonsense' });
  await call('GET', `/webhooks/${id}/audit`);
};

const readMetrics = async () => {
  const { status, body } = await scene.app.contentApi('GET', '/workflow-webhooks/metrics');
  expect(status).toBe(200);
  answers.push(body);
};

const readEverything = async () => {
  for (const path of ['/webhooks', '/authorizations', '/deliveries', '/audit', '/workflows'])
    await ok('GET', `${path}?pageSize=100`);
  for (const path of ['/health', '/authorizations/choices', '/events']) await ok('GET', path);
  await readMetrics();
};

beforeAll(async () => {
  const { certificate: cert, key } = authority.issue({ name: 'x', hosts: ['127.0.0.1'] });
  const tls = { cert, key, ca: authority.certificate, requestCert: true, rejectUnauthorized: true };
  [scene, oauth, digest, secure] = await Promise.all([
    Scene.start({
      config: { delivery: { schedule: [0, HOUR] }, metrics: { enabled: true } },
      env: { LOG_LEVEL: 'debug' },
    }),
    startOAuthServer({ ...CLIENT, ...USER }),
    startDigestServer(DIGEST),
    startReceiver(tls),
  ]);
  log = await captureLog(scene.app);
  for (const receiver of [scene.receiver, secure]) {
    receiver.on('/echo').answer(echo(200));
    receiver.on('/fails').answer(echo(500));
    receiver.on('/refuses').answer(refusing);
  }
});
afterAll(async () => {
  await scene?.stop();
  await Promise.all([oauth?.stop(), digest?.stop(), secure?.stop()]);
  log?.remove();
});

const placesFor = (kind: string) => {
  if (kind === 'certificate' || kind === 'plainKey') return [secure.url('/echo')];
  if (kind === 'digest') return [digest.url('/echo')];
  return [scene.receiver.url('/echo'), scene.receiver.url('/fails')];
};

const makeAuthorization = async (kind: string): Promise<string | null> => {
  if (kind === 'none') return null;
  const input = { name: kind, ...AUTHORIZATIONS[kind]!() };
  const made = await ok('POST', '/authorizations', input);
  await ok('PUT', `/authorizations/${made.id}`, { ...input, name: 'Again' });
  await call('PUT', `/authorizations/${made.id}`, { ...input, name: '' });
  await call('POST', '/authorizations', { ...input, unknown: 'x' });
  await ok('GET', `/authorizations/${made.id}`);
  await call('GET', `/authorizations/${made.id}/audit`);
  return made.id;
};

it.each(Object.keys(AUTHORIZATIONS))(
  'plants and uses those of %s: sent, refused, tested, checked and resent',
  async (kind) => {
    oauth.answerTokens({ answer: tokens() }, { answer: tokens() });
    const authorization = await makeAuthorization(kind);
    const ids: string[] = [];
    for (const url of placesFor(kind))
      ids.push(await makeWebhook(kind, withQuery(url), authorization));
    await scene.stage.write();
    for (const id of ids) await useWebhook(id);
    if (authorization) {
      await ok('POST', `/authorizations/${authorization}/check`, { url: placesFor(kind)[0] });
      await ok('POST', `/authorizations/${authorization}/check`, {});
    }
    await readEverything();
    for (const id of ids) await ok('DELETE', `/webhooks/${id}`);
    if (authorization) await ok('DELETE', `/authorizations/${authorization}`);
  },
);

/** The secrets that a grant sends to the token endpoint, as text. */
const sentBy = (kind: string) =>
  kind === 'password' ? `${CLIENT.clientSecret} ${USER.password}` : CLIENT.clientSecret;

const error = (status: number, description: string, more: object = {}) => ({
  status,
  body: JSON.stringify({ error: 'invalid_client', error_description: description, ...more }),
});

const token = (text: string, more: object = {}) => ({ answer: { access_token: text, ...more } });

type Hostile = (secret: string, kind: string) => TokenStep;
const HOSTILE: [string, Hostile][] = [
  [
    'repeats them in its error',
    (secret, kind) => error(400, `${sentBy(kind)} ${secret}`, { access_token: secret }),
  ],
  ['cuts them off in its error', (_, kind) => error(401, 'x'.repeat(250) + sentBy(kind))],
  ['repeats them as scope', (_, kind) => ({ answer: { ...tokens(), scope: sentBy(kind) } })],
  ['repeats a token as its scope', (secret) => token(secret, { scope: secret })],
  ['is HTML', (secret, kind) => ({ status: 200, body: `<p>${sentBy(kind)} ${secret}</p>` })],
  ['is a token and garbage', (secret) => ({ status: 200, body: `{"access_token":"${secret}",` })],
  ['is a token that no header carries', (secret) => token(`${secret}\r\n`)],
  ['is a token that the receiver does not take', (secret) => token(secret)],
  ['is huge', () => 'huge'],
  ['breaks off', () => 'reset'],
];

it.each(HOSTILE)('fails with a token endpoint that %s', async (_what, stepOf) => {
  for (const kind of ['client', 'password']) {
    oauth.clear();
    oauth.refuseAll();
    const secret = planted(`hostile-${secrets.size}`, plainCanary('Hostile'));
    oauth.answerTokens(stepOf(secret, kind));
    const authorization = await makeAuthorization(kind);
    const id = await makeWebhook(kind, oauth.resourceUrl, authorization);
    await scene.stage.write();
    await useWebhook(id);
    await ok('POST', `/authorizations/${authorization}/check`, {});
    await ok('DELETE', `/webhooks/${id}`);
  }
  await readEverything();
  oauth.clear();
});

it('fails with a receiver that is somebody else (TLS), and one that hangs up', async () => {
  const other = makeAuthority('Impostor').issue({ name: 'x', hosts: ['127.0.0.1'] });
  const impostor = await startReceiver({ cert: other.certificate, key: other.key });
  scene.receiver.on('/reset').answer('reset');
  for (const [kind, url] of [
    ['certificate', impostor.url('/echo')],
    ['bearer', impostor.url('/echo')],
    ['basic', scene.receiver.url('/reset')],
    ['query', 'http://127.0.0.1:1/nobody'],
  ] as const) {
    const authorization = await makeAuthorization(kind);
    const id = await makeWebhook(kind, withQuery(url), authorization);
    await scene.stage.write();
    await useWebhook(id);
    await ok('DELETE', `/webhooks/${id}`);
  }
  await impostor.stop();
});

it.each(['basic', 'bearer', 'query', 'client', 'digest', 'certificate'])(
  'is refused by a validation that repeats the whole request, with %s',
  async (kind) => {
    oauth.answerTokens({ answer: tokens() });
    const authorization = await makeAuthorization(kind);
    const workflow = await scene.makeWorkflow();
    const at = kind === 'certificate' ? secure : scene.receiver;
    const place = kind === 'digest' ? digest.url('/refuses') : at.url('/refuses');
    const common = { authorization, url: withQuery(place), workflow: workflow.id };
    const validation = settings(kind, { ...common, kind: 'validation', command: 'submit' });
    const submit = settings(kind, { ...common, kind: 'submit', state: 'review' });
    const made = [await ok('POST', '/webhooks', validation), await ok('POST', '/webhooks', submit)];
    const ids = made.map(({ id }) => id);
    const documentId = await scene.draft();
    const path = `/documents/api::page.page/${documentId}`;
    await call('POST', `${path}/commands/submit`, { dryRun: true });
    await call('POST', `${path}/commands/submit`, {});
    await call('GET', path);
    for (const id of ids) await ok('POST', `/webhooks/${id}/test`, {});
    await readEverything();
    for (const id of ids) {
      for (const { id: one } of await scene.stage.deliveries({ id }))
        await ok('GET', `/deliveries/${one}`);
      await ok('DELETE', `/webhooks/${id}`);
    }
    await scene.clear();
    for (const receiver of [scene.receiver, secure]) receiver.on('/refuses').answer(refusing);
  },
);

it('is cut off in the middle of what a validation says', async () => {
  const authorization = await makeAuthorization('bearer');
  const workflow = await scene.makeWorkflow();
  const common = { authorization, url: scene.receiver.url('/cuts'), workflow: workflow.id };
  const validation = settings('cut', { ...common, kind: 'validation', command: 'submit' });
  const { id } = await ok('POST', '/webhooks', validation);
  const path = `/documents/api::page.page/${await scene.draft()}/commands/submit`;
  for (const length of [970, 980, 990, 998]) {
    scene.receiver.on('/cuts').answer(({ headers }) => ({
      status: 200,
      body: JSON.stringify({
        allowed: false,
        message: 'x'.repeat(length) + headers.authorization!.replace('Bearer ', ''),
      }),
    }));
    await call('POST', path, {});
    await ok('POST', `/webhooks/${id}/test`, {});
  }
  await readEverything();
  await scene.clear();
  // Only a secret looks like this; a piece of a secret does not count as its occurrence.
  secrets.set('the beginning of any', 'xxxxxCanary-');
});

it('is refused in a URL, and the refusal does not repeat it', async () => {
  const password = planted('userinfo', plainCanary('Userinfo'));
  const url = `https://ada:${password}@example.com/hook`;
  const grant = { name: 'x', kind: 'oauth2ClientCredentials', ...CLIENT, tokenUrl: url };
  const refusals = [
    await call('POST', '/webhooks', { name: 'x', url, events: ['*'] }),
    await call('POST', '/authorizations', grant),
  ];
  expect(refusals.map(({ status }) => status)).toEqual([400, 400]);
});

describe('then none of them is found', () => {
  beforeAll(readEverything);

  it('though all were used', () => {
    expect(secrets.size).toBeGreaterThan(60);
    const stored = JSON.stringify([
      scene.receiver.requests,
      secure.requests,
      oauth.tokenRequests,
      oauth.resourceRequests,
    ]);
    expect(stored).toMatch(/Canary/);
    expect(answers.join('')).toContain('********');
  });

  it('in any answer of the API', () => {
    const text = answers.join('\n');
    expect(foundIn(text, secrets)).toEqual([]);
    // The search again in the text before JSON was put into JSON.
    expect(foundIn(text.replaceAll('\\"', '"').replaceAll('\\\\', '\\'), secrets)).toEqual([]);
  });

  it('in anything that Strapi logged', () => {
    expect(scene.app.logs()).toContain('Strapi started');
    expect(scene.app.logs()).toMatch(/workflow-webhooks: sent entry\.create to .*: refused 500/);
    expect(log.text()).toContain('"requestBytes"');
    expect(foundIn(scene.app.logs() + log.text(), secrets)).toEqual([]);
  });

  it('in the bytes of the database', async () => {
    const file = await scene.app.run<string>((strapi) =>
      strapi.config.get('database.connection.connection.filename'),
    );
    const files = [file, `${file}-wal`].filter((one) => existsSync(one));
    const bytes = Buffer.concat(files.map((one) => readFileSync(one)));
    expect(bytes.includes('workflow_webhooks_attempts')).toBe(true);
    expect(foundIn(bytes, secrets)).toEqual([]);
  });
});

it('the search itself finds a secret in every way in which it may be written', () => {
  const secret = secrets.get('client-secret')!;
  const one = new Map([['it', secret]]);
  for (const before of ['', 'a', 'ab', 'abc']) {
    const text = Buffer.from(`${before}${secret}${before}`);
    for (const encoding of ['base64', 'base64url', 'hex', 'utf8'] as const)
      expect(foundIn(`x${text.toString(encoding)}x`, one)).not.toEqual([]);
  }
  for (const form of writtenForms(secret)) expect(foundIn(`x${form}x`, one)).not.toEqual([]);
});
