/** Digest authentication, against a strict scripted server, Debian's Apache and Debian's lighttpd. */
import { createHash } from 'node:crypto';
import { startApache, type WebServer, type WebServerOptions } from '../../support/apache';
import { startDigestServer, type DigestServer } from '../../support/digest-server';
import { startLighttpd, type LighttpdAlgorithm } from '../../support/lighttpd';
import { Stage } from '../delivery/stage';
import { delivered, makeAuthorized, ONE_ATTEMPT, USER } from './authorized';

let stage: Stage;
let server: DigestServer;

beforeAll(async () => {
  stage = await Stage.start(ONE_ATTEMPT);
});
// A new one for each test: of an old one the nonce would be known still.
beforeEach(async () => {
  server = await startDigestServer(USER);
});
afterEach(async () => {
  await server.stop();
  await stage.clear();
});
afterAll(() => stage?.stop());

const digest = (user: object = USER) => ({ kind: 'digest', ...user });
const makeHook = (user: object = USER, path = '/hook?list=1,2&q=%22') =>
  makeAuthorized(stage, digest(user), { url: server.url(path) });
const statuses = () => server.requests.map(({ status }) => status);
const last = () => server.requests.at(-1)!;

describe('a challenge', () => {
  it.each([
    ['MD5', 'auth'],
    ['MD5-sess', 'auth'],
    ['SHA-256', 'auth'],
    ['SHA-256-sess', 'auth'],
    ['SHA-512-256', 'auth'],
    ['SHA-512-256-sess', 'auth'],
    ['MD5', 'auth-int'],
    ['SHA-256', 'auth-int'],
    ['SHA-512-256-sess', 'auth-int'],
    [null, 'auth'],
    ['MD5', null],
    ['SHA-256', 'auth-int, auth'],
  ])('of %s with qop %s is answered', async (algorithm, qop) => {
    server.challenge({ algorithm, qop });
    const { state, attemptCount } = await delivered(stage, await makeHook());
    expect({
      state,
      attemptCount,
      refusals: server.requests.map(({ refusal }) => refusal),
    }).toEqual({
      state: 'delivered',
      attemptCount: 1,
      refusals: ['no credentials', null],
    });
  });

  it.each([false, true])(
    'is the first of several that can be answered (in headers of their own: %s)',
    async (isSeparate) => {
      server.separateHeaders = isSeparate;
      server.challenge(
        'Negotiate dG9rZW4=',
        'Basic realm="Digest realm=\\"x\\", nonce=y", charset="UTF-8"',
        'Digest realm="x", nonce="1", algorithm=SHA-1024, qop="auth"',
        'Digest realm="x", nonce="2", algorithm=MD5, qop="auth-conf"',
        { algorithm: 'SHA-256', qop: 'auth' },
        { algorithm: 'MD5', qop: 'auth' },
      );
      expect(await delivered(stage, await makeHook())).toMatchObject({ state: 'delivered' });
      expect(last().parameters.algorithm).toBe('SHA-256');
    },
  );

  it('that wants the user name hashed gets a hash, and no name', async () => {
    server.challenge({ algorithm: 'SHA-512-256', qop: 'auth', userhash: true });
    expect(await delivered(stage, await makeHook())).toMatchObject({ state: 'delivered' });
    // Only the parameters are compared: the hash itself may hold the letters of a short name.
    const username = createHash('sha512-256')
      .update(`${USER.username}:${last().parameters.realm}`)
      .digest('hex');
    expect(last().parameters).toMatchObject({ userhash: 'true', username });
    expect(Object.values(last().parameters)).not.toContain(USER.username);
  });

  it.each(['plain', 'Jäsøn Doe', 'with "quotes" and \\'])(
    'is answered for the user %j',
    async (username) => {
      const other = await startDigestServer({ username, password: 'Secret, or not?' });
      const webhook = await makeAuthorized(
        stage,
        digest({ username, password: 'Secret, or not?' }),
        { url: other.url('/') },
      );
      const { state } = await delivered(stage, webhook);
      const refusals = other.requests.map(({ refusal }) => refusal);
      await other.stop();
      expect({ state, refusals }).toEqual({
        state: 'delivered',
        refusals: ['no credentials', null],
      });
    },
  );

  it.each([
    ['Digest realm="x", nonce="1", algorithm=SHA-1024, qop="auth"', /SHA-1024.*SHA-512-256/],
    ['Digest realm="x", nonce="1", qop="auth-conf"', /not known here/],
    ['Basic realm="x"', /asks for basic, not for digest/],
    ['Digest', /not known here/],
    ['', /without saying how to authenticate/],
    ['"\\,,,=="=\t', /without saying how|not known here|not for digest/],
  ])('that cannot be answered (%s) is outcome auth, and says so', async (challenge, message) => {
    server.challenge(challenge);
    const { state, attempts } = await delivered(stage, await makeHook());
    expect(state).toBe('retrying');
    expect(attempts).toMatchObject([{ outcome: 'auth', error: expect.stringMatching(message) }]);
    expect(statuses()).toEqual([401]);
  });
});

describe('a nonce', () => {
  it.each(['MD5', 'SHA-256-sess'])(
    'serves all deliveries that follow, each with a number of its own: one round trip each (%s)',
    async (algorithm) => {
      server.challenge({ algorithm, qop: 'auth' });
      const webhook = await makeHook();
      for (let index = 0; index < 4; index += 1) {
        await stage.write();
        await stage.finished(webhook);
      }
      expect(statuses()).toEqual([401, 200, 200, 200, 200]);
      const used = server.requests.slice(1).map(({ parameters }) => parameters);
      expect(used.map(({ nc }) => nc)).toEqual(['00000001', '00000002', '00000003', '00000004']);
      expect(new Set(used.map(({ nonce }) => nonce)).size).toBe(1);
    },
  );

  it('is used by many deliveries at once, and by none twice with the same number', async () => {
    const webhook = await makeHook();
    await delivered(stage, webhook);
    await stage.write(30);
    const found = await stage.finished(webhook);
    expect(found.map(({ state }) => state)).toEqual(Array(31).fill('delivered'));
    expect(statuses()).toEqual([401, ...Array(31).fill(200)]);
  });

  it('that is stale is replaced, at the cost of one more round trip', async () => {
    const webhook = await makeHook();
    await delivered(stage, webhook);
    server.expireNonces();
    expect(await delivered(stage, webhook)).toMatchObject({ state: 'delivered', attemptCount: 1 });
    await delivered(stage, webhook);
    expect(server.requests.map(({ refusal }) => refusal)).toEqual([
      'no credentials',
      null,
      'stale',
      null,
      null,
    ]);
  });

  it('that a restarted server knows no more is replaced too', async () => {
    const webhook = await makeHook();
    await delivered(stage, webhook);
    server.forgetNonces();
    expect(await delivered(stage, webhook)).toMatchObject({ state: 'delivered', attemptCount: 1 });
    expect(server.requests.map(({ refusal }) => refusal)).toEqual([
      'no credentials',
      null,
      'an unknown nonce',
      null,
    ]);
  });

  it('that the server names for the next request is used for it', async () => {
    server.namesNextNonce = true;
    const webhook = await makeHook();
    for (let index = 0; index < 3; index += 1) await delivered(stage, webhook);
    expect(statuses()).toEqual([401, 200, 200, 200]);
    const used = server.requests.slice(1).map(({ parameters }) => parameters);
    expect(used.map(({ nc }) => nc)).toEqual(['00000001', '00000001', '00000001']);
    expect(new Set(used.map(({ nonce }) => nonce)).size).toBe(3);
  });

  it('that is never fresh enough ends in a refusal, after a few calls', async () => {
    server.isAlwaysStale = true;
    const { attempts } = await delivered(stage, await makeHook());
    expect(attempts).toMatchObject([{ outcome: 'refused', response: { status: 401 } }]);
    expect(server.requests.length).toBeLessThanOrEqual(3);
  });

  it('of one server is shown to no other', async () => {
    const other = await startDigestServer(USER);
    const { authorization } = await makeHook();
    const there = await stage.makeWebhook({ url: other.url('/'), authorization, path: '/other' });
    expect(await delivered(stage, there)).toMatchObject({ state: 'delivered' });
    const refusals = other.requests.map(({ refusal }) => refusal);
    await other.stop();
    expect(refusals).toEqual(['no credentials', null]);
  });
});

it('a wrong password is refused: one call with it, and no more until the next attempt', async () => {
  const { state, attempts } = await delivered(stage, await makeHook({ ...USER, password: 'no' }));
  expect(state).toBe('retrying');
  expect(attempts).toMatchObject([{ outcome: 'refused', response: { status: 401 } }]);
  expect(server.requests.map(({ refusal }) => refusal)).toEqual([
    'no credentials',
    'another response',
  ]);
});

it('a new password is used from the next delivery on', async () => {
  const webhook = await makeHook({ ...USER, password: 'no' });
  await delivered(stage, webhook);
  await stage.api('PUT', `/authorizations/${webhook.authorization}`, { name: 'New', ...digest() });
  expect(await delivered(stage, webhook)).toMatchObject({ state: 'delivered' });
});

it('the password, its response and its hash are in no record', async () => {
  const webhook = await makeHook();
  const { attempts } = await delivered(stage, webhook);
  const [attempt] = attempts;
  expect(attempt!.request.headers.authorization).toMatch(/^Digest .*response="\*{8}"/);
  expect(JSON.stringify(attempts)).not.toContain(last().parameters.response);
});

describe('servers of other people', () => {
  const REAL = { username: 'ada', password: 'pass "word"' };
  const running: WebServer[] = [];
  const kept = async (starting: Promise<WebServer>) => {
    const started = await starting;
    running.push(started);
    return started;
  };
  const options = (): WebServerOptions => ({ ...REAL, upstream: stage.receiver.url('/') });
  const hookAt = (web: WebServer, user: object = REAL) =>
    makeAuthorized(stage, digest(user), { url: web.url('/hook?a=1') });

  afterEach(async () => {
    for (const web of running.splice(0)) await web.stop();
  });

  it('Apache takes what we send, and a nonce serves more than one delivery', async () => {
    const apache = await kept(startApache(options()));
    const webhook = await hookAt(apache);
    for (let index = 0; index < 3; index += 1) await delivered(stage, webhook);
    expect(stage.calls()).toHaveLength(3);
    expect(await apache.statuses(4)).toEqual([401, 200, 200, 200]);
  });

  it('Apache says when its nonce is stale, and knows none after a restart: nothing fails', async () => {
    const apache = await kept(startApache({ ...options(), nonceLifetime: 1 }));
    const webhook = await hookAt(apache);
    await delivered(stage, webhook);
    // Apache's clock is its own, and cannot be turned.
    const age = () => new Promise((resolve) => setTimeout(resolve, 1500));
    for (const makeOld of [age, () => apache.restart()]) {
      const before = (await apache.statuses(2)).length;
      await makeOld();
      expect(await delivered(stage, webhook)).toMatchObject({
        state: 'delivered',
        attemptCount: 1,
      });
      const since = (await apache.statuses(before + 2)).slice(before);
      expect([since[0], since.at(-1)]).toEqual([401, 200]);
    }
  });

  it('Apache refuses a wrong password, once', async () => {
    const apache = await kept(startApache(options()));
    const { attempts } = await delivered(stage, await hookAt(apache, { ...REAL, password: 'no' }));
    expect(attempts).toMatchObject([{ outcome: 'refused', response: { status: 401 } }]);
    expect(await apache.statuses(2)).toEqual([401, 401]);
    expect(stage.calls()).toEqual([]);
  });

  it.each<[LighttpdAlgorithm, boolean]>([
    ['SHA-256', false],
    ['SHA-512-256', false],
    ['SHA-256', true],
  ])('lighttpd takes %s (user name hashed: %s)', async (algorithm, userhash) => {
    const lighttpd = await kept(startLighttpd({ ...options(), algorithm, userhash }));
    const webhook = await hookAt(lighttpd);
    for (let index = 0; index < 2; index += 1) await delivered(stage, webhook);
    expect(stage.calls()).toHaveLength(2);
    expect(await lighttpd.statuses(3)).toEqual([401, 200, 200]);
  });
});
