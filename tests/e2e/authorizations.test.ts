/** Every kind of credentials from the form to the wire: made in the built panel, tried there, and seen by receivers. */
import { createPublicKey, verify } from 'node:crypto';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Page } from 'playwright-core';
import { encryptedKey, makeAuthority, type Authority, type Issued } from '../support/authorities';
import { startDigestServer, type DigestServer } from '../support/digest-server';
import { startOAuthServer, type OAuthServer } from '../support/oauth-server';
import { startReceiver, type Receiver } from '../support/receiver';
import { openPanel, type Panel } from './panel';

const SETTINGS = '/settings/workflow-webhooks';
const USER = { username: 'ada', password: 'the-password-of-ada' };
const CLIENT = { clientId: 'strapi', clientSecret: 'the-secret-of-the-client' };
const TOKEN = 'the-token-that-lasts';
const KEY = 'the-key-of-the-api';
const PASSPHRASE = 'the-passphrase-of-the-key';

/** An endpoint that requires a certificate of its authority, and keeps the names of the certificates. */
const startTls = async (authority: Authority, { certificate, key }: Issued) => {
  const seen: string[] = [];
  const server = https.createServer(
    {
      cert: certificate,
      key,
      ca: authority.certificate,
      requestCert: true,
      rejectUnauthorized: true,
    },
    (incoming, answer) => {
      seen.push(String((incoming.socket as TLSSocket).getPeerCertificate().subject.CN));
      incoming.resume().on('end', () => answer.end('seen'));
    },
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/tls`;
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url, seen, stop };
};

let panel: Panel;
let page: Page;
let receiver: Receiver;
let digest: DigestServer;
let oauth: OAuthServer;
let authority: Authority;
let tls: Awaited<ReturnType<typeof startTls>>;

beforeAll(async () => {
  receiver = await startReceiver();
  digest = await startDigestServer(USER);
  oauth = await startOAuthServer({ ...CLIENT, ...USER });
  authority = makeAuthority('Partner CA');
  tls = await startTls(authority, authority.issue({ name: 'partner', hosts: ['127.0.0.1'] }));
  panel = await openPanel({});
  page = panel.page;
});

afterAll(async () => {
  await panel?.close();
  await Promise.all([receiver, digest, oauth, tls].map((server) => server?.stop()));
});

const region = (name: string) => page.getByRole('region', { name, exact: true });
/** Finds a field by the beginning of its label: choices and buttons beside a field name it too. */
const field = (label: string) =>
  region('Credentials')
    .getByLabel(new RegExp(`^${label}`))
    .first();
const button = (name: string) => page.getByRole('button', { name, exact: true });

const start = async (kind: string, name: string) => {
  await panel.goTo(`${SETTINGS}/authorizations/create`);
  await region('General').getByLabel('Name').fill(name);
  await page.getByRole('radio', { name: kind, exact: true }).click();
};

const save = async (name: string) => {
  await button('Save').click();
  await page.getByText(`${name} is saved.`).first().waitFor();
  await region('Check').waitFor();
};

/** The region with the result of the check, once the check has succeeded. */
const check = async (url?: string) => {
  const section = region('Check');
  if (url) await section.getByLabel('URL to call').fill(url);
  await section.getByRole('button', { name: 'Check', exact: true }).click();
  await section.getByText('It works', { exact: true }).waitFor();
  return section;
};

const received = async (path: string) => (await receiver.waitFor(1, { path }))[0]!;

describe('An administrator makes in the panel, and tries there', () => {
  test('a basic authorization', async () => {
    await start('Basic', 'The search');
    await field('User name').fill(USER.username);
    await field('Password').fill(USER.password);
    await save('The search');
    await check(receiver.url('/basic'));
    const { headers, body } = await received('/basic');
    const sent = Buffer.from(headers.authorization?.replace('Basic ', '') ?? '', 'base64');
    expect(sent.toString()).toBe(`${USER.username}:${USER.password}`);
    expect(JSON.parse(body).type).toBe('webhook.test');
  });

  test('a bearer token, and sees what was sent without the token', async () => {
    await start('Bearer token', 'The newsletter');
    await field('Token').fill(TOKEN);
    await save('The newsletter');
    receiver.on('/bearer').answer({ status: 202, body: 'thank you' });
    const section = await check(receiver.url('/bearer'));
    expect((await received('/bearer')).headers.authorization).toBe(`Bearer ${TOKEN}`);
    await section.getByText('Status 202').waitFor();
    expect(await section.getByText('thank you').count()).toBe(0);
    await section.getByRole('button', { name: 'Request and answer' }).click();
    await section.getByText('thank you').waitFor();
    await section.getByRole('tab', { name: 'Request' }).click();
    await section.getByText(/authorization: .*\*{8}/).waitFor();
    expect(await page.content()).not.toContain(TOKEN);
  });

  test('an API key in a header of its own', async () => {
    await start('API key', 'The translators');
    await field('Name of the header or parameter').fill('x-translate');
    await field('Key').fill(KEY);
    await save('The translators');
    await check(receiver.url('/key'));
    expect((await received('/key')).headers['x-translate']).toBe(KEY);
  });

  test('a digest authorization', async () => {
    await start('Digest', 'The old system');
    await field('User name').fill(USER.username);
    await field('Password').fill(USER.password);
    await save('The old system');
    await check(digest.url('/digest'));
    expect(digest.requests.at(-1)).toMatchObject({ path: '/digest', status: 200, refusal: null });
    expect(JSON.stringify(digest.requests)).not.toContain(USER.password);
  });

  test('OAuth 2 client credentials with a token URL, needing no URL to try them', async () => {
    await start('OAuth 2.0: client credentials', 'The partner');
    await field('Token URL').fill(oauth.tokenUrl);
    await field('Client ID').fill(CLIENT.clientId);
    await field('Client secret').fill(CLIENT.clientSecret);
    await region('Credentials')
      .getByRole('combobox', { name: /Client authentication/ })
      .click();
    await page.getByRole('option', { name: /client_secret_post/ }).click();
    await field('Scope').fill('content.write');
    await button('Add a parameter').click();
    const row = page.getByRole('group', { name: 'Parameter', exact: true });
    await row.getByLabel('Name').fill('audience');
    await row.getByLabel('Value').fill('https://api.example.com');
    await save('The partner');
    const section = await check();
    await section.getByText(oauth.tokenUrl, { exact: true }).waitFor();
    await section.getByText('content.write', { exact: true }).waitFor();
    expect(oauth.tokenRequests.at(-1)).toMatchObject({
      form: {
        grant_type: 'client_credentials',
        scope: 'content.write',
        audience: 'https://api.example.com',
      },
      client: { id: CLIENT.clientId, secret: CLIENT.clientSecret, by: 'client_secret_post' },
    });
    await check(oauth.resourceUrl);
    const token = oauth.tokens.at(-1)!;
    expect(oauth.resourceRequests.at(-1)).toMatchObject({ authorization: `Bearer ${token}` });
    expect(await page.content()).not.toContain(token);
  });

  test('OAuth 2 password with an authority that says itself where tokens are', async () => {
    await start('OAuth 2.0: password', 'The portal');
    await page.getByRole('radio', { name: 'From an identity provider' }).click();
    await field('Identity provider URL').fill(oauth.url('/'));
    await field('Client ID').fill(CLIENT.clientId);
    await field('Client secret').fill(CLIENT.clientSecret);
    await field('User name').fill(USER.username);
    await field('Password').fill(USER.password);
    await save('The portal');
    await check(oauth.resourceUrl);
    expect(oauth.discoveries.length).toBeGreaterThan(0);
    expect(oauth.tokenRequests.at(-1)?.form).toMatchObject({ grant_type: 'password', ...USER });
    expect(oauth.resourceRequests.at(-1)?.status).toBe(200);
  });

  test('a client certificate with a key that has a passphrase, and is told when it expires', async () => {
    const { certificate, key } = authority.issue({ name: 'strapi.example.com' });
    await start('Client certificate', 'The bank');
    await field('Certificate\\W*$').fill(certificate);
    await field('Private key').fill(encryptedKey(key, PASSPHRASE));
    await field('Certificate authority').fill(authority.certificate);
    await button('Save').click();
    await region('Credentials')
      .getByText(/passphrase/i)
      .first()
      .waitFor();
    await field('Passphrase').fill(PASSPHRASE);
    await save('The bank');
    await region('Credentials').getByText('CN=Partner CA').waitFor();
    await region('Credentials').getByText('The certificate expires soon.').waitFor();
    expect(await field('Private key').inputValue()).toBe('');
    await check(tls.url);
    expect(tls.seen).toEqual(['strapi.example.com']);
  });

  test('what is wrong is told at its field, of lists and parameters too, with the cursor in the first', async () => {
    await start('OAuth 2.0: client credentials', 'Wrong');
    await page.getByLabel('Allowed hosts').fill('api.example.com\nhttps://example.com/hook');
    await field('Token URL').fill('http://169.254.169.254/token');
    await field('Client ID').fill(CLIENT.clientId);
    await field('Client secret').fill(CLIENT.clientSecret);
    await button('Add a parameter').click();
    const row = page.getByRole('group', { name: 'Parameter', exact: true });
    await row.getByLabel('Name').fill('scope');
    await button('Save').click();
    await region('General').getByText('“https://example.com/hook”: Expected a host name').waitFor();
    await row.getByText('"scope" has a field of its own.').waitFor();
    const focused = (name: string) =>
      page.waitForFunction((one) => document.activeElement?.getAttribute('name') === one, name);
    await focused('allowedHosts');
    await page.getByLabel('Allowed hosts').fill('api.example.com');
    await page.getByRole('button', { name: 'Remove scope' }).click();
    await button('Save').click();
    await region('Credentials')
      .getByText(/169\.254\.169\.254 is/)
      .waitFor();
    await focused('tokenUrl');
  });

  test('and a check that fails says why, and one of unsaved changes has to wait', async () => {
    const { body } = await panel.app.request(
      'GET',
      '/workflow-webhooks/authorizations?search=search',
    );
    await panel.goTo(`${SETTINGS}/authorizations/${body.data[0].id}`);
    const section = region('Check');
    await section.getByRole('button', { name: 'Check', exact: true }).click();
    await section.getByText(/Enter a URL/).waitFor();
    receiver.on('/refused').answer(401);
    await section.getByLabel('URL to call').fill(receiver.url('/refused'));
    await section.getByRole('button', { name: 'Check', exact: true }).click();
    await section.getByText('It does not work').waitFor();
    await section.getByText(/did not accept these credentials/).waitFor();
    await field('User name').fill('grace');
    expect(await section.getByRole('button', { name: 'Save first' }).isDisabled()).toBe(true);
    await field('Password').fill('another-password');
    await button('Save').click();
    await region('Changes').getByText('User name, Password').waitFor();
  });
});

describe('Who may edit webhooks only', () => {
  test('picks an authorization by its name, and sees no way to its page', async () => {
    const may = ['read', 'create', 'update', 'test'].map(
      (action) => `plugin::workflow-webhooks.webhook.${action}`,
    );
    const person = await panel.app.createAdmin(may);
    const theirs = await panel.loggedInAs(person.email, person.password);
    await theirs.goto(`${panel.app.url}/admin${SETTINGS}/webhooks/create?kind=event`);
    await theirs.getByRole('textbox', { name: 'Name' }).first().fill('Newsletter');
    await theirs.getByLabel('URL').fill(receiver.url('/newsletter'));
    await theirs.getByRole('combobox', { name: 'Authorization' }).click();
    await theirs.getByRole('option', { name: 'The newsletter' }).click();
    await theirs.getByRole('button', { name: 'Save' }).click();
    await theirs.getByText('Newsletter is saved.').waitFor();
    await theirs
      .getByRole('combobox', { name: 'Authorization' })
      .getByText('The newsletter')
      .waitFor();
    for (const name of [
      'Open the authorization',
      'New authorization',
      'Authorizations',
      'Changes',
    ]) {
      expect(await theirs.getByRole('link', { name, exact: true }).count()).toBe(0);
    }
    await theirs.getByRole('button', { name: 'Send test' }).click();
    await theirs.getByRole('dialog').getByRole('button', { name: 'Send test' }).click();
    expect((await received('/newsletter')).headers.authorization).toBe(`Bearer ${TOKEN}`);
    await theirs.getByRole('dialog').getByText('Delivered').waitFor();
    await theirs.close();
  });
});

describe('A webhook that signs with Ed25519', () => {
  const publicKey = () => region('Public key').innerText();
  const fetched = async () => {
    const response = await fetch(await region('Where receivers can fetch it').innerText());
    return (await response.json()).data as { publicKey: string; validUntil: string | null }[];
  };
  const isSignedBy = (key: string, { headers, body }: Awaited<ReturnType<typeof received>>) => {
    const spki = Buffer.concat([
      Buffer.from('302a300506032b6570032100', 'hex'),
      Buffer.from(key.replace('whpk_', ''), 'base64'),
    ]);
    const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
    const signatures = (headers['webhook-signature'] ?? '').split(' ');
    return signatures.some((signature) =>
      verify(
        null,
        Buffer.from(signed),
        createPublicKey({ key: spki, format: 'der', type: 'spki' }),
        Buffer.from(signature.replace('v1a,', ''), 'base64'),
      ),
    );
  };

  test('shows its public key, which anybody may fetch and check signatures with', async () => {
    await panel.goTo(`${SETTINGS}/webhooks/create?kind=event`);
    await page.getByRole('textbox', { name: 'Name' }).first().fill('Signed');
    await page.getByLabel('URL').fill(receiver.url('/signed'));
    await page.getByRole('combobox', { name: 'Signature' }).click();
    await page.getByRole('option', { name: /Ed25519/ }).click();
    await button('Save').click();
    await region('Public key').waitFor();
    const key = await publicKey();
    expect(key).toMatch(/^whpk_/);
    expect((await fetched()).map((each) => each.publicKey)).toEqual([key]);
    await button('Send test').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Send test' }).click();
    expect(isSignedBy(key, await received('/signed'))).toBe(true);
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();
  });

  test('has another after its rotation, and both are good for a while', async () => {
    const before = await publicKey();
    receiver.clear();
    await button('Generate a new key').click();
    await page.getByText(/There is no secret to copy/).waitFor();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Generate a new key' }).click();
    await page.getByText('There is a new public key.').first().waitFor();
    const after = await publicKey();
    expect(after).not.toBe(before);
    expect((await fetched()).map((each) => [each.publicKey, each.validUntil === null])).toEqual([
      [after, true],
      [before, false],
    ]);
    await button('Send test').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Send test' }).click();
    const request = await received('/signed');
    expect([after, before].map((key) => isSignedBy(key, request))).toEqual([true, true]);
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();
    await region('Changes').getByText('A new signing secret or key').waitFor();
  });
});

describe('The page of changes', () => {
  test('tells of everything, also of what is gone, and can be narrowed', async () => {
    const { body } = await panel.app.request(
      'GET',
      '/workflow-webhooks/authorizations?search=translators',
    );
    await panel.app.request('DELETE', `/workflow-webhooks/authorizations/${body.data[0].id}`);
    await panel.goTo(`${SETTINGS}/changes`);
    const row = (name: string | RegExp) => page.getByRole('row', { name });
    await row(/Ada Admin.*Authorization\s*The translators.*Deleted/is).waitFor();
    expect(await page.getByRole('link', { name: 'The translators' }).count()).toBe(0);
    await row(/Webhook\s*Signed.*Rotated/is).waitFor();
    await page.getByRole('combobox', { name: 'All kinds' }).click();
    await page.getByRole('option', { name: 'Authorizations' }).click();
    await row(/Signed/)
      .first()
      .waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Only changes of The translators' }).first().click();
    await button('Show all changes').waitFor();
    await row(/The search/)
      .first()
      .waitFor({ state: 'detached' });
    expect(await row(/The translators/).count()).toBe(2);
  });

  test('and an edit page shows the newest of its own first, and the rest on request', async () => {
    const credentials = { kind: 'bearer', token: TOKEN };
    const place = '/workflow-webhooks/authorizations';
    const made = await panel.app.request('POST', place, { ...credentials, name: 'Renamed' });
    const { id } = made.body.data;
    for (let turn = 1; turn <= 11; turn += 1) {
      const name = `Renamed ${turn}`;
      await panel.app.request('PUT', `${place}/${id}`, { ...credentials, name });
    }
    await panel.goTo(`${SETTINGS}/authorizations/${id}`);
    const entries = region('Changes').getByRole('listitem');
    await entries.first().waitFor();
    expect(await entries.count()).toBe(10);
    expect(await entries.first().innerText()).toMatch(/Changed\s+Name[\s\S]*Ada Admin/i);
    await button('Show more (2)').click();
    await region('Changes').getByText('Created', { exact: true }).waitFor();
    expect(await entries.count()).toBe(12);
    expect(await button('Show more (2)').count()).toBe(0);
  });

  test('and no page broke on the way', async () => {
    expect(panel.complaints).toEqual([]);
  });
});
