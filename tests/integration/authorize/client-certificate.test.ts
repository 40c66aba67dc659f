/** Client certificates: mutual TLS with authorities made for the test. */
import {
  encryptedKey,
  expired,
  makeAuthority,
  unrelatedKey,
  type Issued,
} from '../../support/authorities';
import { startReceiver, type Receiver } from '../../support/receiver';
import { DAY, Stage } from '../delivery/stage';
import {
  checkAuthorization,
  delivered,
  makeAuthorization,
  makeAuthorized,
  ONE_ATTEMPT,
} from './authorized';

const ours = makeAuthority('Authority of the tests');
/** Another one of the same name, so that only the signature tells them apart. */
const theirs = makeAuthority('Authority of the tests');
const serverCertificate = ours.issue({ name: 'secure.example', hosts: ['127.0.0.1'] });
const client = ours.issue({ name: 'strapi' });
const PASSPHRASE = 'open sesame';

let stage: Stage;
let secure: Receiver;
const receivers: Receiver[] = [];

const startSecure = async ({ certificate, key }: Issued = serverCertificate) => {
  const tls = { cert: certificate, key, ca: ours.certificate };
  const receiver = await startReceiver({ ...tls, requestCert: true, rejectUnauthorized: true });
  receivers.push(receiver);
  return receiver;
};

beforeAll(async () => {
  [stage, secure] = await Promise.all([Stage.start(ONE_ATTEMPT), startSecure()]);
});
afterEach(async () => {
  await stage.clear();
  secure.clear();
});
afterAll(async () => {
  await stage?.stop();
  await Promise.all(receivers.map((receiver) => receiver.stop()));
});

const certificate = (more: object = {}) => ({
  kind: 'clientCertificate',
  certificate: client.certificate,
  privateKey: client.key,
  ca: ours.certificate,
  ...more,
});
const makeHook = (more: object = {}, url = secure.url('/hook')) =>
  makeAuthorized(stage, certificate(more), { url });

const problem = async (more: object) => {
  const { status, body } = await stage.app.request('POST', '/workflow-webhooks/authorizations', {
    name: 'Bad',
    ...certificate(more),
  });
  expect(status).toBe(400);
  expect(JSON.stringify(body)).not.toMatch(/PRIVATE KEY-----[^"]{20}|wrong passphrase|sesame/);
  const [error] = body.error.details.errors;
  return `${error.path.join('.')}: ${error.message}`;
};

describe('a receiver that wants a certificate', () => {
  it('gets it, and is believed because its authority is the one that was entered', async () => {
    expect(await delivered(stage, await makeHook())).toMatchObject({ state: 'delivered' });
    expect(secure.requests).toMatchObject([{ path: '/hook', client: 'strapi' }]);
  });

  it('gets that of an encrypted key', async () => {
    const privateKey = encryptedKey(client.key, PASSPHRASE);
    const webhook = await makeHook({ privateKey, passphrase: PASSPHRASE });
    expect(await delivered(stage, webhook)).toMatchObject({ state: 'delivered' });
    expect(secure.requests).toMatchObject([{ client: 'strapi' }]);
  });

  it('gets a chain where there is one', async () => {
    const chain = `${client.certificate}\n${ours.certificate}`;
    const webhook = await makeHook({ certificate: chain });
    expect(await delivered(stage, webhook)).toMatchObject({ state: 'delivered' });
  });

  it('sees each webhook as who it is, also at the same time', async () => {
    const other = ours.issue({ name: 'other' });
    const first = await makeHook({}, secure.url('/first'));
    const wish = { certificate: other.certificate, privateKey: other.key };
    const second = await makeHook(wish, secure.url('/second'));
    await stage.write(5);
    await stage.finished(first);
    await stage.finished(second);
    const seen = secure.requests.map(({ path, client: name }) => `${path} ${name}`);
    expect(new Set(seen)).toEqual(new Set(['/first strapi', '/second other']));
    expect(seen).toHaveLength(10);
  });

  it('refuses a certificate of another authority, and we say that it hung up', async () => {
    const stranger = theirs.issue({ name: 'strapi' });
    const webhook = await makeHook({
      certificate: stranger.certificate,
      privateKey: stranger.key,
    });
    const { state, attempts } = await delivered(stage, webhook);
    expect(state).toBe('retrying');
    expect(attempts).toMatchObject([
      { outcome: 'connection', response: null, error: expect.stringMatching(/certificate|closed/) },
    ]);
    expect(secure.requests).toEqual([]);
  });

  it('refuses those who show none', async () => {
    const webhook = await stage.makeWebhook({ url: secure.url('/hook') });
    expect(await delivered(stage, webhook)).toMatchObject({
      state: 'retrying',
      attempts: [{ outcome: 'connection' }],
    });
    expect(secure.requests).toEqual([]);
  });
});

describe('a receiver that is not who it should be', () => {
  it('is not called: it has a certificate of another authority', async () => {
    const { certificate: cert, key } = theirs.issue({ name: 'x', hosts: ['127.0.0.1'] });
    const impostor = await startReceiver({ cert, key });
    receivers.push(impostor);
    const { attempts } = await delivered(stage, await makeHook({}, impostor.url('/hook')));
    expect(attempts).toMatchObject([
      { outcome: 'connection', error: expect.stringMatching(/certificate/) },
    ]);
    expect(impostor.requests).toEqual([]);
  });

  it('is not called: its authority is a public one, for all that we know, but another was entered', async () => {
    const { attempts } = await delivered(stage, await makeHook({ ca: null }));
    expect(attempts).toMatchObject([
      { outcome: 'connection', error: expect.stringMatching(/not signed by a trusted authority/) },
    ]);
    expect(secure.requests).toEqual([]);
  });

  it('is not called: its certificate has expired', async () => {
    const old = await startSecure(ours.issue({ name: 'x', hosts: ['127.0.0.1'], ...expired }));
    const { attempts } = await delivered(stage, await makeHook({}, old.url('/hook')));
    expect(attempts).toMatchObject([
      { outcome: 'connection', error: expect.stringMatching(/has expired/) },
    ]);
    expect(old.requests).toEqual([]);
  });

  it('is not called: its certificate is for another host', async () => {
    const other = await startSecure(ours.issue({ name: 'x', hosts: ['other.example'] }));
    const { attempts } = await delivered(stage, await makeHook({}, other.url('/hook')));
    expect(attempts).toMatchObject([
      { outcome: 'connection', error: expect.stringMatching(/another host name/) },
    ]);
    expect(other.requests).toEqual([]);
  });
});

describe('an invalid certificate is refused on save', () => {
  const old = ours.issue({ name: 'old', ...expired });

  it.each<[string, object, RegExp]>([
    ['the key of another certificate', { privateKey: unrelatedKey() }, /^privateKey: .*another/],
    [
      'an expired certificate',
      { certificate: old.certificate, privateKey: old.key },
      /^certificate: .*expired on \d{4}-\d\d-\d\d/,
    ],
    [
      'no passphrase',
      { privateKey: encryptedKey(client.key, PASSPHRASE) },
      /^passphrase: .*encrypted. Enter/,
    ],
    [
      'another passphrase',
      { privateKey: encryptedKey(client.key, PASSPHRASE), passphrase: 'wrong passphrase' },
      /^passphrase: .*does not open/,
    ],
    [
      'a certificate that is none',
      { certificate: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----' },
      /^certificate: .*cannot be read/,
    ],
    [
      'an authority that is none',
      { ca: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----' },
      /^ca: .*cannot be read/,
    ],
    [
      'a key that is none',
      { privateKey: '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----' },
      /^privateKey: .*cannot be read/,
    ],
    ['a certificate in place of the key', { privateKey: client.certificate }, /^privateKey: /],
  ])('%s', async (_what, more, message) => {
    expect(await problem(more)).toMatch(message);
  });

  it('a webhook without TLS', async () => {
    const { id: authorization } = await makeAuthorization(stage, certificate());
    const { status, body } = await stage.app.request('POST', '/workflow-webhooks/webhooks', {
      name: 'Plain',
      url: stage.receiver.url('/hook'),
      events: ['*'],
      authorization,
    });
    expect(status).toBe(400);
    expect(JSON.stringify(body)).toMatch(/over TLS only/);
  });
});

it('a certificate that has expired since is outcome auth, and says what to do', async () => {
  const webhook = await makeHook();
  await stage.turn(31 * DAY);
  expect(await delivered(stage, webhook)).toMatchObject({
    attempts: [{ outcome: 'auth', error: expect.stringMatching(/expired on .*Put a new one/) }],
  });
  expect(secure.requests).toEqual([]);
});

it('answers show the subject and the end date of a certificate, and a mask for its key', async () => {
  const made = await makeAuthorization(stage, certificate());
  expect(made).toMatchObject({
    privateKey: '********',
    passphrase: null,
    certificateFacts: {
      subject: 'CN=strapi',
      issuer: 'CN=Authority of the tests',
      validTo: expect.stringMatching(/^\d{4}-.*Z$/),
    },
  });
});

it('a check shows whether the receiver accepts the certificate', async () => {
  const good = await makeAuthorization(stage, certificate());
  expect(await checkAuthorization(stage, good, secure.url('/check'))).toMatchObject({
    ok: true,
    response: { status: 200 },
  });
  const stranger = theirs.issue({ name: 'strapi' });
  const bad = await makeAuthorization(
    stage,
    certificate({ certificate: stranger.certificate, privateKey: stranger.key }),
  );
  const result = await checkAuthorization(stage, bad, secure.url('/check'));
  expect(result).toMatchObject({ ok: false, response: null, message: expect.stringMatching(/\w/) });
});
