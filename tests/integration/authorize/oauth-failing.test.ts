/** OAuth 2 with a failing authorization server: nothing is sent without a token, and no other webhook waits. */
import { startOAuthServer, type OAuthServer, type TokenStep } from '../../support/oauth-server';
import { HOUR, SECOND, Stage, until } from '../delivery/stage';
import {
  checkAuthorization,
  clearAuthorizations,
  CLIENT,
  clientCredentials,
  delivered,
  makeAuthorization,
  makeAuthorized,
} from './authorized';

const SECRET = CLIENT.clientSecret;
const TIMEOUT = 3 * SECOND;
let stage: Stage;
let server: OAuthServer;

beforeAll(async () => {
  stage = await Stage.start({
    config: { delivery: { timeout: TIMEOUT, schedule: [0, HOUR] } },
  });
});
// A new one for each test: a token of an old one would be kept still.
beforeEach(async () => {
  server = await startOAuthServer(CLIENT);
});
afterEach(async () => {
  await server.stop();
  await stage.clear();
  await clearAuthorizations(stage);
});
afterAll(() => stage?.stop());

const makeHook = (more: object = {}, input: object = {}) =>
  makeAuthorized(stage, clientCredentials(server, input), { url: server.resourceUrl, ...more });

const json = (status: number, body: object): TokenStep => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

const FAILURES: [string, TokenStep, RegExp][] = [
  ['401 invalid_client', json(401, { error: 'invalid_client' }), /answered 401, invalid_client/],
  ['400', json(400, { error: 'invalid_scope', error_description: 'No' }), /400, invalid_scope: No/],
  ['500', { status: 500, body: 'Oops' }, /answered 500/],
  ['503', { status: 503, headers: { 'retry-after': '60' } }, /answered 503/],
  ['302', { status: 302, headers: { location: 'http://127.0.0.1:1/' } }, /answered 302/],
  ['no token', { answer: { access_token: undefined } }, /no access_token/],
  ['an empty token', { answer: { access_token: '' } }, /no access_token/],
  ['a number for a token', { answer: { access_token: 42 } }, /no access_token/],
  ['CR LF in a token', { answer: { access_token: 'a\r\nx-evil: 1' } }, /header cannot carry/],
  ['a space in a token', { answer: { access_token: 'a b' } }, /header cannot carry/],
  ['HTML', { status: 200, body: '<html><body>Log in</body></html>' }, /JSON object/],
  ['a list', { status: 200, body: '[1]' }, /JSON object/],
  ['nothing', { status: 200, body: '' }, /JSON object/],
  ['NUL and garbage', { status: 200, body: '\u0000\u0001{"access' }, /JSON object/],
  ['5 MB', 'huge', /more than 256 KB/],
  ['a broken connection', 'reset', /closed the connection/],
];

it.each(FAILURES)(
  'a token endpoint that answers %s: outcome auth, tried again later, and nothing leaves',
  async (_what, step, message) => {
    server.answerTokens(step);
    const webhook = await makeHook();
    const { state, reason, attempts } = await delivered(stage, webhook);
    expect({ state, attempts }).toMatchObject({
      state: 'retrying',
      attempts: [{ outcome: 'auth', response: null, error: expect.stringMatching(message) }],
    });
    expect(reason).toMatch(message);
    expect(attempts[0]?.error).toContain(server.tokenUrl);
    expect(attempts[0]?.request.headers).not.toHaveProperty('authorization');
    expect(server.resourceRequests).toEqual([]);
    server.answerTokens('ok');
    await stage.turn(2 * HOUR);
    expect(await stage.finished(webhook)).toMatchObject([{ state: 'delivered', attemptCount: 2 }]);
  },
);

it.each<TokenStep>(['hang', 'dribble'])(
  'a token endpoint that never ends its answer (%s) costs no more than the deadline of the delivery',
  async (step) => {
    server.answerTokens(step);
    const { state, attempts } = await delivered(stage, await makeHook());
    expect({ state, attempts }).toMatchObject({
      state: 'retrying',
      attempts: [{ outcome: 'auth', error: expect.stringMatching(/token/i) }],
    });
    expect(attempts[0]?.durationMs).toBeLessThan(2 * TIMEOUT);
    expect(server.resourceRequests).toEqual([]);
  },
);

it('a token endpoint where nothing listens is outcome auth', async () => {
  const gone = await startOAuthServer(CLIENT);
  await gone.stop();
  const webhook = await makeHook({}, { tokenUrl: gone.tokenUrl });
  const { attempts } = await delivered(stage, webhook);
  expect(attempts).toMatchObject([
    { outcome: 'auth', error: expect.stringMatching(/No token came.*nothing listens/) },
  ]);
});

it('another token type than bearer is sent as the authorization says', async () => {
  server.answerTokens({ answer: { token_type: 'mac' } });
  expect(['delivered', 'retrying']).toContain((await delivered(stage, await makeHook())).state);
});

it('deliveries to others are not held up while a token is waited for', async () => {
  let release = () => {};
  server.answerTokens({ held: new Promise<void>((resolve) => (release = resolve)) });
  const waiting = await makeHook();
  const other = await stage.makeWebhook({ path: '/other' });
  await stage.write(20);
  const found = await stage.finished(other);
  expect(found.map(({ state }) => state)).toEqual(Array(20).fill('delivered'));
  expect(server.resourceRequests).toEqual([]);
  release();
  await stage.finished(waiting).catch(() => []);
});

it('a webhook whose tokens all fail does not delay others either', async () => {
  server.answerTokens({ status: 500 });
  await makeHook();
  const other = await stage.makeWebhook({ path: '/other' });
  await stage.write(20);
  const found = await stage.finished(other);
  expect(found.map(({ state }) => state)).toEqual(Array(20).fill('delivered'));
});

describe("the message of a token endpoint's refusal", () => {
  const said = async (description: string) => {
    server.answerTokens(json(400, { error: 'invalid_client', error_description: description }));
    const webhook = await makeHook();
    const delivery = await delivered(stage, webhook);
    const authorization = { id: webhook.authorization! };
    return JSON.stringify([
      delivery,
      await checkAuthorization(stage, authorization),
      await stage.health(),
    ]);
  };

  it('is shown without the secrets that it repeats', async () => {
    const basic = Buffer.from(
      [CLIENT.clientId, SECRET]
        .map((text) => new URLSearchParams([['', text]]).toString().slice(1))
        .join(':'),
    ).toString('base64');
    const text = await said(`You sent ${SECRET} and Basic ${basic}`);
    expect(text).toContain('You sent ********');
    expect(text).not.toContain(JSON.stringify(SECRET).slice(1, -1));
    expect(text).not.toContain(basic);
  });

  it('leaves no piece of a secret where it is cut off', async () => {
    for (const length of [270, 275, 280, 283]) {
      const text = await said('x'.repeat(length) + SECRET);
      expect(text).not.toContain(SECRET.slice(0, 6));
      await stage.clear();
    }
  });

  it('is one line, and bounded', async () => {
    const text = await said(`line\r\nline\u0000${'y'.repeat(10_000)}`);
    expect(text).toContain('line line');
    expect(text).not.toContain('y'.repeat(1000));
  });
});

describe('bad input', () => {
  const problems = async (input: object) => {
    const { status, body } = await stage.app.request('POST', '/workflow-webhooks/authorizations', {
      name: 'Bad',
      ...input,
    });
    expect(status).toBe(400);
    expect(JSON.stringify(body)).not.toContain(SECRET.slice(0, 6));
    return body.error.details.errors.map(({ path }: { path: string[] }) => path.join('.'));
  };

  it.each([
    ['clientId', 'a\r\nb'],
    ['clientSecret', `${SECRET}\r\nx`],
    ['clientSecret', ''],
    ['scope', 'a\r\nb'],
    ['headerPrefix', 'Bearer x'],
    ['headerPrefix', 'Bearer\r\nx-evil:'],
    ['tokenUrl', 'http://127.0.0.1/\r\nx'],
    ['tokenUrl', 'gopher://127.0.0.1/'],
    ['tokenUrl', `http://user:${encodeURIComponent(SECRET)}@127.0.0.1/`],
    ['tokenUrl', null],
    ['tokenUrl', 'http://10.0.0.1/token'],
    ['tokenUrl', 'http://169.254.169.254/token'],
    ['authorityUrl', 'http://127.0.0.1/'],
    ['additionalBaseAddresses', 'http://127.0.0.1/'],
    ['parameters', { client_secret: 'x' }],
    ['parameters', { 'a\r\nb': 'x' }],
    ['kind', 'oauth2Implicit'],
  ])('%s %j is refused, by name and without the secret', async (field, value) => {
    const [path] = await problems(clientCredentials(server, { [field]: value }));
    expect(path.split('.')[0]).toBe(field === 'authorityUrl' ? 'tokenUrl' : field);
  });

  it.each([
    [{ kind: 'digest', username: 'a\r\nb', password: 'x' }, 'username'],
    [{ kind: 'digest', username: 'a', password: `${SECRET}\r\n` }, 'password'],
    [{ kind: 'digest', username: 'a' }, 'password'],
    [{ kind: 'bearer', token: `${SECRET}\r\nx-evil: 1` }, 'token'],
    [{ kind: 'apiKey', key: 'x-key', value: `${SECRET}\n` }, 'value'],
    [{ kind: 'apiKey', key: 'x key', value: 'x' }, 'key'],
    [{ kind: 'oauth2Password', username: 'a\nb' }, 'username'],
    [{ kind: 'clientCertificate', certificate: SECRET, privateKey: 'x' }, 'certificate'],
  ])('%j is refused', async (input, field) => {
    const oauth = (input as { kind: string }).kind === 'oauth2Password';
    const whole = oauth ? { ...clientCredentials(server), password: 'x', ...input } : input;
    expect(await problems(whole)).toContain(field);
  });
});

it('a check says what is wrong with the token endpoint, and asks it anew each time', async () => {
  const authorization = await makeAuthorization(stage, clientCredentials(server));
  expect(await checkAuthorization(stage, authorization)).toMatchObject({
    ok: true,
    token: { scope: null },
  });
  server.answerTokens(json(401, { error: 'invalid_client' }));
  expect(await checkAuthorization(stage, authorization)).toMatchObject({
    ok: false,
    token: null,
    request: null,
    message: expect.stringMatching(/answered 401, invalid_client/),
  });
  expect(server.tokenRequests).toHaveLength(2);
  await until(
    () => stage.health(),
    ({ inFlight }) => inFlight === 0,
  );
});
