/** OAuth 2 with a scripted authorization server: how tokens are requested, stored, used and renewed. */
import { startOAuthServer, type OAuthServer } from '../../support/oauth-server';
import { HOUR, MINUTE, SECOND, Stage } from '../delivery/stage';
import {
  clearAuthorizations,
  CLIENT,
  clientCredentials,
  delivered,
  makeAuthorization,
  makeAuthorized,
  ONE_ATTEMPT,
  USER,
} from './authorized';

let stage: Stage;
let server: OAuthServer;

beforeAll(async () => {
  stage = await Stage.start(ONE_ATTEMPT);
});
// A new one for each test: a token of an old one would be kept still.
beforeEach(async () => {
  server = await startOAuthServer({ ...CLIENT, ...USER });
});
afterEach(async () => {
  await server.stop();
  await stage.clear();
  await clearAuthorizations(stage);
});
afterAll(() => stage?.stop());

const passwordGrant = (more: object = {}) => ({
  ...clientCredentials(server, more),
  kind: 'oauth2Password',
  ...USER,
});
const makeHook = (input: object) => makeAuthorized(stage, input, { url: server.resourceUrl });
const resourceStatuses = () => server.resourceRequests.map(({ status }) => status);

describe('a token', () => {
  it.each([
    ['oauth2ClientCredentials', 'client_secret_basic'],
    ['oauth2ClientCredentials', 'client_secret_post'],
    ['oauth2Password', 'client_secret_basic'],
    ['oauth2Password', 'client_secret_post'],
  ] as const)('is asked for by %s with %s', async (kind, clientAuthentication) => {
    const input =
      kind === 'oauth2Password'
        ? passwordGrant({ clientAuthentication })
        : clientCredentials(server, { clientAuthentication });
    expect(await delivered(stage, await makeHook(input))).toMatchObject({ state: 'delivered' });
    const [request] = server.tokenRequests;
    expect(request).toMatchObject({
      path: '/token',
      client: { id: CLIENT.clientId, secret: CLIENT.clientSecret, by: clientAuthentication },
      headers: {
        'content-type': expect.stringMatching(/^application\/x-www-form-urlencoded/),
        accept: 'application/json',
        'user-agent': expect.stringMatching(/^strapi-plugin-workflow-webhooks\//),
      },
    });
    const isPassword = kind === 'oauth2Password';
    expect(request?.form).toEqual({
      grant_type: isPassword ? 'password' : 'client_credentials',
      ...(isPassword ? USER : {}),
      ...(clientAuthentication === 'client_secret_post'
        ? { client_id: CLIENT.clientId, client_secret: CLIENT.clientSecret }
        : {}),
    });
    expect(server.resourceRequests).toMatchObject([
      { authorization: `Bearer ${server.tokens[0]}`, status: 200 },
    ]);
  });

  it('is asked for with scope and further parameters', async () => {
    const more = {
      scope: 'read write',
      parameters: { audience: 'https://api.example.com/?a=b&c' },
    };
    await delivered(stage, await makeHook(clientCredentials(server, more)));
    expect(server.tokenRequests[0]?.form).toEqual({
      grant_type: 'client_credentials',
      scope: 'read write',
      audience: 'https://api.example.com/?a=b&c',
    });
  });

  it('is sent behind the prefix that the receiver wants', async () => {
    const other = await startOAuthServer({ ...CLIENT, headerPrefix: 'Token' });
    const input = clientCredentials(other, { headerPrefix: 'Token' });
    const webhook = await makeAuthorized(stage, input, { url: other.resourceUrl });
    const { state } = await delivered(stage, webhook);
    const [request] = other.resourceRequests;
    await other.stop();
    expect(state).toBe('delivered');
    expect(request?.authorization).toMatch(/^Token token-1-/);
  });

  it('is in no record', async () => {
    const { attempts } = await delivered(stage, await makeHook(clientCredentials(server)));
    expect(attempts[0]?.request.headers.authorization).toBe('Bearer ********');
    expect(JSON.stringify(attempts)).not.toContain(server.tokens[0]);
  });

  it('is asked for once, however many deliveries want it at the same time', async () => {
    const webhook = await makeHook(clientCredentials(server));
    let release = () => {};
    server.answerTokens({ held: new Promise<void>((resolve) => (release = resolve)) });
    await stage.write(40);
    while (server.tokenRequests.length === 0) await new Promise((next) => setTimeout(next, 10));
    release();
    const found = await stage.finished(webhook);
    expect(found.map(({ state }) => state)).toEqual(Array(40).fill('delivered'));
    expect(server.tokenRequests).toHaveLength(1);
    expect(new Set(server.resourceRequests.map(({ authorization }) => authorization)).size).toBe(1);
  });

  it('is shared by the webhooks of one authorization, and by none of another', async () => {
    const first = await makeHook(clientCredentials(server));
    const { authorization } = first;
    const second = await stage.makeWebhook({ authorization, url: server.url('/resource/two') });
    const third = await makeHook(clientCredentials(server, { scope: 'other' }));
    await stage.write();
    for (const webhook of [first, second, third]) await stage.finished(webhook);
    expect(server.tokenRequests).toHaveLength(2);
    expect(resourceStatuses()).toEqual([200, 200, 200]);
  });

  it('is asked for anew shortly before it ends', async () => {
    server.lifetime = 3600;
    const webhook = await makeHook(clientCredentials(server));
    await delivered(stage, webhook);
    await stage.turn(50 * MINUTE);
    await delivered(stage, webhook);
    expect(server.tokenRequests).toHaveLength(1);
    await stage.turn(8 * MINUTE);
    await delivered(stage, webhook);
    expect(server.tokenRequests).toHaveLength(2);
    expect(
      server.resourceRequests.map(({ authorization }) => authorization?.split('-')[1]),
    ).toEqual(['1', '1', '2']);
  });

  it.each([0, 1, 20])('that lives %d seconds only is of use all the same', async (lifetime) => {
    server.lifetime = lifetime;
    const webhook = await makeHook(clientCredentials(server));
    await delivered(stage, webhook);
    await stage.turn(lifetime * SECOND);
    expect(await delivered(stage, webhook)).toMatchObject({ state: 'delivered', attemptCount: 1 });
    expect(server.tokenRequests).toHaveLength(2);
  });

  it('whose end is not said is asked for anew after a while', async () => {
    server.lifetime = null;
    const webhook = await makeHook(clientCredentials(server));
    await delivered(stage, webhook);
    await delivered(stage, webhook);
    expect(server.tokenRequests).toHaveLength(1);
    await stage.turn(HOUR);
    await delivered(stage, webhook);
    expect(server.tokenRequests).toHaveLength(2);
  });

  it('of changed credentials is another one', async () => {
    const webhook = await makeHook(clientCredentials(server));
    await delivered(stage, webhook);
    const path = `/authorizations/${webhook.authorization}`;
    const input = { name: 'Changed', ...clientCredentials(server, { scope: 'new' }) };
    await stage.api('PUT', path, input);
    await delivered(stage, webhook);
    expect(server.tokenRequests.map(({ form }) => form.scope)).toEqual([undefined, 'new']);
  });
});

describe('a receiver that answers 401', () => {
  it('is called again, once, with a fresh token: the delivery does not notice', async () => {
    const webhook = await makeHook(clientCredentials(server));
    await delivered(stage, webhook);
    server.revokeAll();
    expect(await delivered(stage, webhook)).toMatchObject({ state: 'delivered', attemptCount: 1 });
    expect(server.tokenRequests).toHaveLength(2);
    expect(resourceStatuses()).toEqual([200, 401, 200]);
  });

  it('again is refused: no third call until the next attempt', async () => {
    server.refuseAll();
    const { state, attempts } = await delivered(stage, await makeHook(clientCredentials(server)));
    expect(state).toBe('retrying');
    expect(attempts).toMatchObject([{ outcome: 'refused', response: { status: 401 } }]);
    expect(server.tokenRequests).toHaveLength(2);
    expect(resourceStatuses()).toEqual([401, 401]);
  });

  it('to many deliveries at once costs about one fresh token, not one each', async () => {
    const webhook = await makeHook(clientCredentials(server));
    await delivered(stage, webhook);
    server.revokeAll();
    await stage.write(20);
    const found = await stage.finished(webhook);
    expect(found.map(({ state }) => state)).toEqual(Array(21).fill('delivered'));
    expect(server.tokenRequests).toHaveLength(2);
  });

  it.each([403, 500])('differs from one that answers %d: no fresh token', async (status) => {
    stage.receiver.on('/hook').answer(status);
    const webhook = await makeAuthorized(stage, clientCredentials(server));
    await delivered(stage, webhook);
    expect(server.tokenRequests).toHaveLength(1);
    expect(stage.calls()).toHaveLength(1);
  });
});

describe('discovery', () => {
  const byAuthority = (more: object = {}) =>
    clientCredentials(server, { tokenUrl: null, authorityUrl: server.url(''), ...more });
  const authOutcome = (message: RegExp) => ({
    state: 'retrying',
    attempts: [{ outcome: 'auth', response: null, error: expect.stringMatching(message) }],
  });

  it('finds the token URL in the OpenID configuration', async () => {
    const webhook = await makeHook(byAuthority());
    expect(await delivered(stage, webhook)).toMatchObject({ state: 'delivered' });
    expect(server.discoveries).toEqual(['/.well-known/openid-configuration']);
  });

  it('takes that of RFC 8414 where there is none', async () => {
    server.describe('/.well-known/openid-configuration', null);
    server.describe('/.well-known/oauth-authorization-server', {});
    const webhook = await makeHook(byAuthority());
    expect(await delivered(stage, webhook)).toMatchObject({ state: 'delivered' });
    expect(server.discoveries).toEqual([
      '/.well-known/openid-configuration',
      '/.well-known/oauth-authorization-server',
    ]);
  });

  it('works for an authority with a path, such as a tenant', async () => {
    const issuer = server.url('/tenant');
    server.describe('/tenant/.well-known/openid-configuration', {
      issuer,
      token_endpoint: server.url('/tenant/token'),
    });
    const webhook = await makeHook(byAuthority({ authorityUrl: issuer }));
    expect(await delivered(stage, webhook)).toMatchObject({ state: 'delivered' });
    expect(server.tokenRequests).toMatchObject([{ path: '/tenant/token' }]);
  });

  it.each([
    [{ issuer: 'https://evil.example' }, /another issuer.*evil\.example/],
    [{ issuer: undefined }, /names no issuer/],
    [{ token_endpoint: undefined }, /names no token_endpoint/],
    [{ token_endpoint: 'nonsense' }, /names no token_endpoint/],
    [{ token_endpoint: 'file:///etc/passwd' }, /another place|names no token_endpoint/],
  ])('does not believe a document with %j', async (document, message) => {
    server.describe('/.well-known/openid-configuration', document);
    const found = await delivered(stage, await makeHook(byAuthority()));
    expect(found).toMatchObject(authOutcome(message));
    expect(server.tokenRequests).toEqual([]);
    expect(server.resourceRequests).toEqual([]);
  });

  it('sends no secret to a token endpoint at another place, unless that is listed', async () => {
    const elsewhere = await startOAuthServer({ ...CLIENT });
    server.describe('/.well-known/openid-configuration', { token_endpoint: elsewhere.tokenUrl });
    const refused = await delivered(stage, await makeHook(byAuthority()));
    const askedBefore = elsewhere.tokenRequests.length;
    const listed = byAuthority({ additionalBaseAddresses: [elsewhere.url('/')] });
    const webhook = await makeAuthorized(stage, listed, { url: elsewhere.resourceUrl, path: '/2' });
    const allowed = await delivered(stage, webhook);
    await elsewhere.stop();
    expect(refused).toMatchObject(authOutcome(/another place.*additional base addresses/));
    expect(askedBefore).toBe(0);
    expect(allowed).toMatchObject({ state: 'delivered' });
  });

  it('takes a base address with a path for that folder alone', async () => {
    const elsewhere = await startOAuthServer({ ...CLIENT });
    const additionalBaseAddresses = [elsewhere.url('/good')];
    const results: string[] = [];
    for (const [index, path] of ['/good/token', '/goodness/token', '/good/../bad'].entries()) {
      server.describe('/.well-known/openid-configuration', { token_endpoint: elsewhere.url(path) });
      const input = byAuthority({ additionalBaseAddresses, scope: `s${index}` });
      const wish = { url: elsewhere.resourceUrl, path: `/${index}` };
      results.push((await delivered(stage, await makeAuthorized(stage, input, wish))).state);
    }
    const paths = elsewhere.tokenRequests.map(({ path }) => path);
    await elsewhere.stop();
    expect(results).toEqual(['delivered', 'retrying', 'retrying']);
    expect(paths).toEqual(['/good/token']);
  });
});

it('the mask keeps the client secret when an authorization is saved again', async () => {
  const authorization = await makeAuthorization(stage, clientCredentials(server));
  expect(authorization).toMatchObject({ clientSecret: '********', tokenUrl: server.tokenUrl });
  const { id } = authorization;
  const input = { name: 'New name', ...clientCredentials(server, { clientSecret: '********' }) };
  await stage.api('PUT', `/authorizations/${id}`, input);
  const webhook = await stage.makeWebhook({ authorization: id, url: server.resourceUrl });
  expect(await delivered(stage, webhook)).toMatchObject({ state: 'delivered' });
});
