/** Calls through a third-party proxy (tinyproxy) with its own rules. */
import type { DeliveryDetail } from '../../../server/contract/delivery';
import { makeAuthority } from '../../support/authorities';
import { makeFlippingResolver, type FlippingResolver } from '../../support/flipping-resolver';
import { startOAuthServer, type OAuthServer } from '../../support/oauth-server';
import { startProxyServer, type ProxyServer } from '../../support/proxy-server';
import { startReceiver, type Receiver } from '../../support/receiver';
import {
  checkAuthorization,
  CLIENT,
  clientCredentials,
  delivered,
  makeAuthorization,
  makeAuthorized,
} from '../authorize/authorized';
import { HOUR, Stage, type Wish } from '../delivery/stage';

const ca = makeAuthority('Authority of the tests');
const { certificate: cert, key } = ca.issue({ name: 'x', hosts: ['127.0.0.1', 'localhost'] });
const client = ca.issue({ name: 'strapi' });
const USER = { username: 'strapi', password: 'proxy-password-1' };

let stage: Stage;
let proxy: ProxyServer;
let secure: Receiver;
let oauth: OAuthServer;
let resolver: FlippingResolver;

const through = (url: string) => ({
  config: {
    network: { proxy: url, allow: ['127.0.0.1', 'localhost'], ca: ca.certificate },
    delivery: { schedule: [0, HOUR] },
  },
  env: resolver.env,
});

beforeAll(async () => {
  resolver = makeFlippingResolver();
  proxy = await startProxyServer({ user: USER, refuses: ['forbidden\\.example'] });
  const tls = { cert, key, ca: ca.certificate, requestCert: true, rejectUnauthorized: false };
  [stage, secure, oauth] = await Promise.all([
    Stage.start(through(proxy.url)),
    startReceiver(tls),
    startOAuthServer(CLIENT),
  ]);
});
afterEach(async () => {
  await stage.clear();
  secure.clear();
  oauth.clear();
});
afterAll(async () => {
  await stage?.stop();
  await Promise.all([secure?.stop(), oauth?.stop(), proxy?.stop()]);
  resolver?.stop();
});

const hostOf = (url: string) => new URL(url).host;
const deliver = async (wish: Wish = {}): Promise<DeliveryDetail> =>
  delivered(stage, await stage.makeWebhook(wish));
/** The requests that the proxy got in the meantime. */
const asked = async (act: () => Promise<unknown>) => {
  const before = (await proxy.requests()).length;
  await act();
  return (await proxy.requests()).slice(before);
};

it('http goes through it', async () => {
  const requests = await asked(async () =>
    expect(await deliver()).toMatchObject({ state: 'delivered' }),
  );
  expect(requests).toEqual([`CONNECT ${hostOf(stage.receiver.url())}`]);
  expect(stage.calls()[0]?.headers).not.toHaveProperty('proxy-authorization');
});

it('https goes through it, as a tunnel: the receiver is checked by us', async () => {
  const url = secure.url('/hook');
  const requests = await asked(async () =>
    expect(await deliver({ url })).toMatchObject({ state: 'delivered' }),
  );
  expect(requests).toEqual([`CONNECT ${hostOf(url)}`]);
  expect(secure.requests).toMatchObject([{ path: '/hook', client: null }]);
});

it('a client certificate goes through it to the receiver', async () => {
  const input = {
    kind: 'clientCertificate',
    certificate: client.certificate,
    privateKey: client.key,
    ca: ca.certificate,
  };
  const requests = await asked(async () => {
    const webhook = await makeAuthorized(stage, input, { url: secure.url('/hook') });
    expect(await delivered(stage, webhook)).toMatchObject({ state: 'delivered' });
  });
  expect(requests).toEqual([`CONNECT ${hostOf(secure.url())}`]);
  expect(secure.requests).toMatchObject([{ client: 'strapi' }]);
});

it('tokens are asked for through it', async () => {
  const requests = await asked(async () => {
    const authorization = await makeAuthorization(stage, clientCredentials(oauth));
    expect(await checkAuthorization(stage, authorization)).toMatchObject({ ok: true });
  });
  expect(requests).toEqual([`CONNECT ${hostOf(oauth.url())}`]);
});

it('it resolves names by itself: we ask for none, neither at save nor at send', async () => {
  resolver.resolve('localhost', ['10.0.0.1']);
  const url = stage.receiver.url('/hook').replace('127.0.0.1', 'localhost');
  const requests = await asked(async () =>
    expect(await deliver({ url })).toMatchObject({ state: 'delivered' }),
  );
  expect(requests).toEqual([`CONNECT ${hostOf(url)}`]);
  expect(resolver.lookups('localhost')).toBe(0);
});

it.each(['127.0.0.2', '10.0.0.1', '169.254.169.254', '[::1]', '2130706434', 'any.localhost'])(
  'it is not even asked for %s: a private address that is written out is refused by us',
  async (host) => {
    const requests = await asked(async () => {
      const { status, body } = await stage.app.request('POST', '/workflow-webhooks/webhooks', {
        name: host,
        url: `http://${host}/`,
        events: ['*'],
      });
      expect(status).toBe(400);
      expect(JSON.stringify(body)).toMatch(/private or local/);
      const token = { ...clientCredentials(oauth), name: 'x', tokenUrl: `http://${host}/` };
      const saved = await stage.app.request('POST', '/workflow-webhooks/authorizations', token);
      expect(saved.status).toBe(400);
    });
    expect(requests).toEqual([]);
  },
);

it.each(['http', 'https'])(
  'a request that it refuses is a failed call that names the proxy (%s)',
  async (scheme) => {
    const url = `${scheme}://forbidden.example/hook`;
    const { state, attempts } = await deliver({ url });
    expect(state).toBe('retrying');
    expect(attempts).toMatchObject([
      { outcome: 'connection', response: null, error: expect.stringMatching(/proxy/i) },
    ]);
    expect(JSON.stringify(attempts)).not.toContain(USER.password);
  },
);

it('a receiver that it cannot reach is a failed call', async () => {
  const gone = await startReceiver();
  const url = gone.url('/hook');
  await gone.stop();
  expect(await deliver({ url })).toMatchObject({
    state: 'retrying',
    attempts: [{ outcome: 'connection', response: null }],
  });
});

describe('with a wrong password of the proxy', () => {
  it('nothing is sent, and neither log nor record holds the password', async () => {
    await stage.app.restart(through(proxy.url.replace(USER.password, 'wrong-proxy-password')));
    const { attempts } = await deliver();
    expect(attempts).toMatchObject([
      { outcome: 'connection', response: null, error: expect.stringMatching(/proxy/i) },
    ]);
    expect(stage.calls()).toEqual([]);
    expect(JSON.stringify(attempts) + stage.app.logs()).not.toContain('wrong-proxy-password');
  });
});
