/** The requests of a delivery: body, headers and credentials of one attempt and of the next. */
import { Webhook as Verifier } from 'standardwebhooks';
import type { Authorization } from '../../../server/contract/authorization';
import { FORMATS, SERIALIZATIONS, type Format } from '../../../server/contract/webhook';
import { heldAnswer, type Received } from '../../support/receiver';
import { parsed, xmlProblems } from '../../unit/send/xml-checks';
import { MINUTE, Stage, until } from './stage';

const HOSTILE = 'a\u0000b\u0008c ]]> <b> & "q" \ud83d\udc4b \ufffe end';
const VERSION = require('../../../package.json').version as string;

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.start({
    config: { delivery: { schedule: [0, 10 * MINUTE], maxResponseBytes: 1000, timeout: 5000 } },
  });
});
afterEach(() => stage.clear());
afterAll(() => stage.stop());

const signedOf = (headers: Record<string, string>) => ({
  'webhook-id': headers['webhook-id'] ?? '',
  'webhook-timestamp': headers['webhook-timestamp'] ?? '',
  'webhook-signature': headers['webhook-signature'] ?? '',
});

describe('a request', () => {
  it('is a POST with the id of the event, the time of the attempt, and the name of the sender', async () => {
    const webhook = await stage.makeWebhook({ headers: { 'X-Team': 'web' } });
    const [documentId] = await stage.write();
    const [request] = await stage.receiver.waitFor(1);
    const [delivery] = await stage.finished(webhook);

    expect(request).toMatchObject({ method: 'POST', path: '/hook' });
    expect(request?.headers).toMatchObject({
      'webhook-id': delivery?.eventId,
      'user-agent': `strapi-plugin-workflow-webhooks/${VERSION}`,
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(request?.body ?? '')),
      'x-team': 'web',
    });
    expect(request?.headers).not.toHaveProperty('webhook-signature');
    expect(JSON.parse(request?.body ?? '')).toMatchObject({
      type: 'entry.create',
      data: { id: delivery?.eventId, documentId, entry: { title: 'Notice 1' } },
    });
    expect(delivery).toMatchObject({
      state: 'delivered',
      attemptCount: 1,
      nextAttemptAt: null,
      documentId,
      event: 'entry.create',
      webhook: { id: webhook.id, name: '/hook' },
    });
    expect(delivery?.deliveredAt).not.toBeNull();
  });

  it('has the same body and id on every attempt and resend, though format and document changed', async () => {
    stage.receiver.on('/hook').answer(500, 200);
    const webhook = await stage.makeWebhook({ format: 'standard', serialization: 'json' });
    const [documentId] = await stage.write();
    const first = await stage.attempted(webhook, 1);

    await stage.changeWebhook(webhook, { format: 'sitecore', serialization: 'xml' });
    await stage.app.contentApi('PUT', `/notices/${documentId}`, { data: { title: 'Changed' } });
    await stage.turn(15 * MINUTE);
    await stage.attempted(webhook, 2);
    await stage.api('POST', `/deliveries/${first.id}/resend`);
    const last = await stage.attempted(webhook, 3);

    const [one, two, three] = await stage.receiver.waitFor(3);
    for (const later of [two, three]) {
      expect(later?.body).toBe(one?.body);
      expect(later?.headers['webhook-id']).toBe(one?.headers['webhook-id']);
      expect(later?.headers['content-type']).toBe('application/json');
    }
    expect(last.attempts.map(({ request }) => request.body)).toEqual(Array(3).fill(one?.body));
    expect(last.attempts.map(({ trigger }) => trigger)).toEqual([
      'resend',
      'automatic',
      'automatic',
    ]);
  });

  it('has the body of the moment when the event happened, though its first attempt is a later one', async () => {
    const webhook = await stage.makeWebhook();
    const held = heldAnswer(503);
    stage.receiver.on('/hook').answer(held.answer, 200);
    const [documentId] = await stage.write();
    await stage.receiver.waitFor(1);
    await stage.app.contentApi('PUT', `/notices/${documentId}`, { data: { title: 'Changed' } });
    held.release();
    await stage.attempted(webhook, 1);
    await stage.turn(15 * MINUTE);
    const [, second] = await stage.receiver.waitFor(2);
    expect(JSON.parse(second?.body ?? '').data.entry.title).toBe('Notice 1');
  });

  it('carries a new timestamp and a signature of its own on every attempt', async () => {
    stage.receiver.on('/hook').answer(500, 200);
    const webhook = await stage.makeWebhook({ signing: 'standard' });
    await stage.write();
    await stage.attempted(webhook, 1);
    await stage.turn(15 * MINUTE);
    await stage.attempted(webhook, 2);

    const [first, second] = await stage.receiver.waitFor(2);
    const stamps = [first, second].map((each) => Number(each?.headers['webhook-timestamp']));
    expect(stamps[1]! - stamps[0]!).toBeGreaterThanOrEqual((15 * MINUTE) / 1000);
    expect(second?.headers['webhook-signature']).not.toBe(first?.headers['webhook-signature']);
    // The oracle refuses what is not of now, and the second attempt is of 15 turned minutes later.
    const verifier = new Verifier(webhook.secret ?? '');
    expect(() => verifier.verify(first?.body ?? '', signedOf(first?.headers ?? {}))).not.toThrow();
    expect(() => verifier.verify(`${first?.body} `, signedOf(first?.headers ?? {}))).toThrow(
      'No matching signature',
    );
  });

  it('is signed with the old and the new secret after a rotation', async () => {
    const webhook = await stage.makeWebhook({ signing: 'standard' });
    const { secret } = await stage.api('POST', `/webhooks/${webhook.id}/secret`);
    expect(secret).not.toBe(webhook.secret);
    await stage.write();
    const [{ body, headers }] = (await stage.receiver.waitFor(1)) as [Received];
    for (const key of [secret, webhook.secret]) {
      expect(new Verifier(key).verify(body, signedOf(headers))).toEqual(JSON.parse(body));
    }
  });
});

describe('an authorization', () => {
  const requestWith = async (settings: object) => {
    const made = await stage.api<Authorization>('POST', '/authorizations', {
      name: 'Endpoint',
      ...settings,
    });
    const webhook = await stage.makeWebhook({ authorization: made.id });
    await stage.write();
    const [request] = await stage.receiver.waitFor(1);
    const [delivery] = await stage.finished(webhook);
    return { request: request!, attempt: (await stage.delivery(delivery!)).attempts[0]! };
  };

  it('of kind basic arrives as user name and password', async () => {
    const { request, attempt } = await requestWith({
      kind: 'basic',
      username: 'ada',
      password: 'pässword:with-colon',
    });
    const [scheme, credentials = ''] = request.headers.authorization?.split(' ') ?? [];
    expect(scheme).toBe('Basic');
    expect(Buffer.from(credentials, 'base64').toString()).toBe('ada:pässword:with-colon');
    expect(JSON.stringify(attempt)).not.toContain(credentials);
  });

  it('of kind bearer arrives as a bearer token', async () => {
    const { request, attempt } = await requestWith({ kind: 'bearer', token: 'token-4711' });
    expect(request.headers.authorization).toBe('Bearer token-4711');
    expect(JSON.stringify(attempt)).not.toContain('token-4711');
  });

  it('of kind apiKey arrives in the header that it names', async () => {
    const { request, attempt } = await requestWith({
      kind: 'apiKey',
      key: 'X-Api-Key',
      value: 'key-4711',
    });
    expect(request.headers['x-api-key']).toBe('key-4711');
    expect(JSON.stringify(attempt)).not.toContain('key-4711');
  });

  it('of kind apiKey arrives in the query parameter that it names', async () => {
    const { request, attempt } = await requestWith({
      kind: 'apiKey',
      key: 'api_key',
      value: 'key canary&more',
      in: 'query',
    });
    expect(request.query).toEqual({ api_key: 'key canary&more' });
    expect(attempt.request.url).not.toContain('canary');
  });
});

describe('over the wire', () => {
  const LEADS: Record<Format, string> = {
    standard: 'type',
    strapi: 'event',
    sitecore: 'EventName',
    vee: 'entityType',
    cloudevents: 'specversion',
  };
  const mediaTypeOf = (format: Format) =>
    format === 'cloudevents' ? 'application/cloudevents+json' : 'application/json';

  it.each(FORMATS.flatMap((format) => SERIALIZATIONS.map((as) => [format, as] as const)))(
    'the format %s as %s can be read, whatever the content holds',
    async (format, serialization) => {
      const webhook = await stage.makeWebhook({ format, serialization });
      await stage.app.run(
        (strapi, text) =>
          strapi.documents('api::notice.notice').create({ data: { title: 'Hostile', text } }),
        HOSTILE,
      );
      const [request] = await stage.receiver.waitFor(1);
      const [delivery] = await stage.finished(webhook);
      const body = request?.body ?? '';

      expect(delivery?.state).toBe('delivered');
      expect(request?.headers['x-strapi-event']).toBe(
        format === 'strapi' ? 'entry.create' : undefined,
      );
      if (serialization === 'xml') {
        expect(request?.headers['content-type']).toBe('application/xml; charset=utf-8');
        expect(xmlProblems([body])).toEqual([]);
      } else expect(request?.headers['content-type']).toBe(mediaTypeOf(format));
      const tree = serialization === 'xml' ? parsed(body).event : JSON.parse(body);
      expect(tree).toHaveProperty(LEADS[format]);
      expect(body).toContain('\ud83d\udc4b');
    },
  );
});

describe('the answer', () => {
  it('is stored with the attempt, as far as it was read, and what the receiver echoes is masked', async () => {
    const { id: authorization } = await stage.api('POST', '/authorizations', {
      name: 'Endpoint',
      kind: 'bearer',
      token: 'canary-4711',
    });
    stage.receiver.on('/hook').answer({
      status: 418,
      headers: { 'x-seen': 'Bearer canary-4711' },
      body: `canary-4711 ${'é'.repeat(5000)}`,
    });
    const webhook = await stage.makeWebhook({ authorization });
    await stage.write();
    const { attempts } = await stage.attempted(webhook, 1);

    expect(attempts[0]).toMatchObject({ outcome: 'refused', response: { status: 418 } });
    const { body = '', headers = {} } = attempts[0]?.response ?? {};
    expect(Buffer.byteLength(body)).toBeLessThan(1100);
    expect(body.startsWith('******** éé')).toBe(true);
    expect(body.endsWith('[the rest was not read]')).toBe(true);
    expect(headers['x-seen']).toBe('Bearer ********');
  });
});

describe('a request to Strapi', () => {
  it('begins and ends with the events by which strapi/traffic lets it go first', async () => {
    const seen = () => stage.app.run<string[]>(() => (globalThis as any).seen);
    await stage.app.run((strapi) => {
      const events: string[] = ((globalThis as any).seen = []);
      strapi.server.httpServer.on('request', (_request: unknown, response: any) => {
        events.push('begin');
        response.once('close', () => events.push('end'));
      });
    });
    await stage.api('GET', '/webhooks');
    expect(await until(seen, ({ length }) => length === 2)).toEqual(['begin', 'end']);
  });
});
