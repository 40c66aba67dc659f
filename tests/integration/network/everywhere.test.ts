/**
 * The address guard wherever a call can begin: at save, at send, at a test, at a check, and where tokens are asked for.
 * One Strapi saves webhooks to every kind of private host while its developer allows all; then he allows one address.
 */
import type { Authorization } from '../../../server/contract/authorization';
import type { Webhook } from '../../../server/contract/webhook';
import { makeFlippingResolver, type FlippingResolver } from '../../support/flipping-resolver';
import { checkAuthorization } from '../authorize/authorized';
import { Stage } from '../delivery/stage';
import { BAD_URLS, EVERYTHING, PRIVATE_HOSTS } from './addresses';

let stage: Stage;
let resolver: FlippingResolver;
const hooks = new Map<string, Webhook>();
/** Webhooks to the receiver itself, whose token is at a private host. */
const tokenHooks = new Map<string, Webhook>();

const urlOf = (host: string) => `http://${host}:9/path`;
const config = (allow: string[]) => ({
  config: { network: { allow }, delivery: { concurrency: 8 } },
});
const oauth = (tokenUrl: string) => ({
  kind: 'oauth2ClientCredentials',
  name: 'A client',
  clientId: 'client',
  clientSecret: 'a secret of the client',
  tokenUrl,
});
const post = (path: string, body: object) =>
  stage.app.request('POST', `/workflow-webhooks${path}`, body);
const eventHook = (url: string, more: object = {}) => ({
  name: 'A webhook',
  url,
  events: ['entry.create'],
  contentTypes: ['api::notice.notice'],
  ...more,
});

beforeAll(async () => {
  resolver = makeFlippingResolver();
  resolver.resolve('metadata.google.internal', []);
  resolver.resolve('metadata.google.internal.', []);
  stage = await Stage.start({ ...config([...EVERYTHING]), env: resolver.env });
  for (const host of PRIVATE_HOSTS) {
    hooks.set(host, await stage.api('POST', '/webhooks', eventHook(urlOf(host))));
    const { id } = await stage.api<Authorization>('POST', '/authorizations', oauth(urlOf(host)));
    const hook = eventHook(stage.receiver.url('/token'), { authorization: id });
    tokenHooks.set(host, await stage.api('POST', '/webhooks', hook));
  }
  await stage.app.restart({ ...config(['127.0.0.1']), env: resolver.env });
}, 300_000);

afterAll(async () => {
  await stage?.stop();
  resolver?.stop();
});

describe('at save', () => {
  it.each(PRIVATE_HOSTS)('a webhook to %s is refused', async (host) => {
    const { status, body } = await post('/webhooks', eventHook(urlOf(host)));
    expect({ status, errors: body.error?.details?.errors }).toMatchObject({
      status: 400,
      errors: [
        { path: ['url'], message: expect.stringMatching(/private or local.*network\.allow/) },
      ],
    });
  });

  it.each(PRIVATE_HOSTS)('a token URL at %s is refused, and so is an authority', async (host) => {
    const places = [{ tokenUrl: urlOf(host) }, { tokenUrl: null, authorityUrl: urlOf(host) }];
    for (const place of places) {
      const { status, body } = await post('/authorizations', { ...oauth(urlOf(host)), ...place });
      const field = place.tokenUrl ? 'tokenUrl' : 'authorityUrl';
      expect({ status, errors: body.error?.details?.errors }).toMatchObject({
        status: 400,
        errors: [{ path: [field], message: expect.stringMatching(/private or local/) }],
      });
    }
  });

  it.each(BAD_URLS)('%j is refused as a URL of a webhook and of tokens', async (url) => {
    const webhook = await post('/webhooks', eventHook(url));
    const authorization = await post('/authorizations', oauth(url));
    expect([webhook.status, authorization.status]).toEqual([400, 400]);
    expect(webhook.body.error.details.errors[0].path).toEqual(['url']);
    expect(authorization.body.error.details.errors[0].path).toEqual(['tokenUrl']);
  });
});

describe('a webhook that was saved while its host was allowed', () => {
  beforeAll(async () => {
    await stage.write();
    for (const webhook of [...hooks.values(), ...tokenHooks.values()])
      await stage.finished(webhook);
  });

  const only = async (webhook: Webhook) => {
    const [delivery] = await stage.deliveries(webhook);
    return stage.delivery(delivery!);
  };

  it.each(PRIVATE_HOSTS)('is not sent to %s: blocked, and dead at once', async (host) => {
    const { state, attempts } = await only(hooks.get(host)!);
    expect({ state, attempts }).toMatchObject({
      state: 'dead',
      attempts: [
        { outcome: 'blocked', response: null, error: expect.stringMatching(/private or local/) },
      ],
    });
  });

  it.each(PRIVATE_HOSTS)('is not tested at %s', async (host) => {
    const result = await stage.api('POST', `/webhooks/${hooks.get(host)!.id}/test`, {});
    expect(result).toMatchObject({
      ok: false,
      response: null,
      error: expect.stringMatching(/private or local/),
    });
  });

  it.each(PRIVATE_HOSTS)('gets no token from %s, and nothing leaves without one', async (host) => {
    const { state, attempts } = await only(tokenHooks.get(host)!);
    expect({ state, attempts }).toMatchObject({
      state: 'dead',
      attempts: [
        { outcome: 'auth', response: null, error: expect.stringMatching(/private or local/) },
      ],
    });
    expect(stage.calls('/token')).toEqual([]);
  });

  it.each(PRIVATE_HOSTS)('is not checked at %s', async (host) => {
    const { authorization } = tokenHooks.get(host)!;
    expect(await checkAuthorization(stage, { id: authorization! })).toMatchObject({
      ok: false,
      token: null,
      request: null,
      message: expect.stringMatching(/private or local/),
    });
  });
});

it('a check calls no private address that it is given', async () => {
  const basic = { kind: 'basic', name: 'Basic', username: 'a', password: 'a password' };
  const authorization = await stage.api<Authorization>('POST', '/authorizations', basic);
  for (const host of ['127.0.0.2', '[::1]', 'localhost', '169.254.169.254']) {
    const { status, body } = await post(`/authorizations/${authorization.id}/check`, {
      url: urlOf(host),
    });
    const said = JSON.stringify(body);
    expect(status === 400 || body.data.ok === false).toBe(true);
    expect(said).toMatch(/private or local/);
  }
});

describe('a name that leads elsewhere than when it was saved', () => {
  const port = () => new URL(stage.receiver.url()).port;
  const at = (name: string, path = '/hook') => `http://${name}:${port()}${path}`;
  const delivery = async (webhook: Webhook) => {
    await stage.write();
    const [first] = await stage.finished(webhook);
    return stage.delivery(first!);
  };

  it('is refused at save where one of its addresses is private', async () => {
    resolver.resolve('mixed.example', ['8.8.8.8', '127.0.0.2']);
    const { status, body } = await post('/webhooks', eventHook(at('mixed.example')));
    expect(status).toBe(400);
    expect(JSON.stringify(body)).toContain('mixed.example leads to 127.0.0.2');
    const token = await post('/authorizations', oauth(at('mixed.example')));
    expect(token.status).toBe(400);
  });

  it.each([
    ['a private address', ['127.0.0.2']],
    ['public and private ones', ['8.8.8.8', '10.0.0.1']],
    ['a mapped one', ['::ffff:10.0.0.1']],
    ['one of a cloud', ['169.254.169.254']],
  ])('to %s is blocked at send', async (_what, later) => {
    const name = `rebinding-${later.length}-${later[0]!.replace(/[.:]/g, '-')}.example`;
    resolver.resolve(name, ['8.8.8.8'], later);
    const webhook = await stage.api<Webhook>('POST', '/webhooks', eventHook(at(name)));
    expect(await delivery(webhook)).toMatchObject({
      state: 'dead',
      attempts: [{ outcome: 'blocked', error: expect.stringContaining(`${name} leads to`) }],
    });
    await stage.api('DELETE', `/webhooks/${webhook.id}`);
  });

  it('is asked for once per connection: what was checked is what is called', async () => {
    resolver.resolve('once.example', ['127.0.0.1'], ['127.0.0.1'], ['127.0.0.2']);
    const url = at('once.example', '/once');
    const webhook = await stage.api<Webhook>('POST', '/webhooks', eventHook(url));
    expect(resolver.lookups('once.example')).toBe(1);
    expect(await delivery(webhook)).toMatchObject({ state: 'delivered' });
    expect(resolver.lookups('once.example')).toBe(2);
    expect(stage.calls('/once')[0]?.headers.host).toBe(`once.example:${port()}`);
    await stage.api('DELETE', `/webhooks/${webhook.id}`);
  });

  it('gives no token', async () => {
    resolver.resolve('token.example', ['8.8.8.8'], ['127.0.0.2']);
    const input = oauth(at('token.example', '/token'));
    const { id } = await stage.api<Authorization>('POST', '/authorizations', input);
    const hook = eventHook(stage.receiver.url('/resource'), { authorization: id });
    const webhook = await stage.api<Webhook>('POST', '/webhooks', hook);
    expect(await delivery(webhook)).toMatchObject({
      state: 'dead',
      attempts: [{ outcome: 'auth', error: expect.stringContaining('token.example leads to') }],
    });
    expect(stage.calls('/resource')).toEqual([]);
    expect(stage.calls('/token')).toEqual([]);
    await stage.api('DELETE', `/webhooks/${webhook.id}`);
  });

  it('gives no token where only its discovery was honest', async () => {
    const authorityUrl = stage.receiver.url('').replace(/\/$/, '');
    const document = { issuer: authorityUrl, token_endpoint: 'http://127.0.0.2:9/token' };
    stage.receiver
      .on('/.well-known/openid-configuration')
      .answer({ status: 200, body: JSON.stringify(document) });
    const input = {
      ...oauth('x'),
      tokenUrl: null,
      authorityUrl,
      additionalBaseAddresses: ['http://127.0.0.2:9/'],
    };
    const { status, body } = await post('/authorizations', input);
    if (status === 400) {
      expect(JSON.stringify(body)).toMatch(/private or local/);
      return;
    }
    const result = await checkAuthorization(stage, { id: body.data.id });
    expect(result).toMatchObject({ ok: false, message: expect.stringMatching(/private or local/) });
  });
});

it('a redirect to a private address is not followed', async () => {
  stage.receiver.on('/redirect').answer({ redirect: 'http://127.0.0.2:9/' });
  const url = stage.receiver.url('/redirect');
  const webhook = await stage.api<Webhook>('POST', '/webhooks', eventHook(url));
  await stage.write();
  const [delivery] = await stage.finished(webhook);
  expect(delivery).toMatchObject({ state: 'dead', reason: expect.stringMatching(/redirect/) });
  expect(stage.calls('/redirect')).toHaveLength(1);
});
