/** The delivery log, resending, sending a test, previews and health. */
import { FORMATS } from '../../../server/contract/webhook';
import { startReceiver, type Receiver } from '../../support/receiver';
import { startStrapi, type App } from '../../support/strapi';
import {
  dataOf,
  hook,
  makeNotice,
  NOTICE,
  pluginApi,
  settledDelivery,
  type PluginApi,
} from './plugin-api';

const HOUR = 3_600_000;
/** A second attempt comes in an hour, so that what waits for one keeps waiting. */
const CONFIG = { delivery: { schedule: [0, HOUR], timeout: 4000 } };

let app: App;
let api: PluginApi;
let receiver: Receiver;

beforeAll(async () => {
  [app, receiver] = await Promise.all([startStrapi({ config: CONFIG }), startReceiver()]);
  api = pluginApi(app);
});
afterAll(async () => {
  await app?.stop();
  await receiver?.stop();
});

const make = async (path: string, more: object = {}) =>
  dataOf(await api.post('/webhooks', hook(receiver.url(path), { name: path, ...more })));
const detail = async (id: string) => dataOf(await api.get(`/deliveries/${id}`));
const ids = (data: { id: string }[]) => data.map(({ id }) => id);

describe('the log', () => {
  let ok: { id: string };
  let failing: { id: string };
  let notice: { documentId: string; title: string };

  beforeAll(async () => {
    receiver.on('/fails').answer({ status: 503, headers: { 'x-why': 'busy' }, body: 'Too much.' });
    ok = await make('/ok');
    failing = await make('/fails', { maxAttempts: 1 });
    notice = await makeNotice(app);
    await settledDelivery(api, ok.id, 'delivered');
    await settledDelivery(api, failing.id, 'dead');
  });

  it('holds a delivery with every key of the contract', async () => {
    const [delivery] = dataOf(await api.get(`/deliveries?webhook=${ok.id}`));
    expect(delivery).toEqual({
      id: expect.stringMatching(/^\d+$/),
      eventId: expect.stringMatching(/^evt_[0-9a-f]{32}$/),
      event: 'entry.create',
      webhook: { id: ok.id, name: '/ok', isDeleted: false },
      state: 'delivered',
      reason: null,
      attemptCount: 1,
      nextAttemptAt: null,
      createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
      deliveredAt: expect.stringMatching(/^\d{4}-.*Z$/),
      uid: NOTICE,
      documentId: notice.documentId,
      locale: null,
      isTest: false,
      verdict: null,
      document: {
        title: notice.title,
        contentType: { displayName: 'Notice', kind: 'collectionType' },
        isOpenable: true,
      },
    });
  });

  it('shows the request and the answer of each attempt', async () => {
    const [dead] = dataOf(await api.get(`/deliveries?webhook=${failing.id}`));
    const { attempts, isContentHidden, ...delivery } = await detail(dead.id);
    expect(delivery).toEqual(dead);
    expect(isContentHidden).toBe(false);
    expect(dead).toMatchObject({
      state: 'dead',
      reason: expect.stringMatching(/answered 503.*attempt 1 of 1/),
    });
    expect(attempts).toEqual([
      {
        id: expect.stringMatching(/^\d+$/),
        at: expect.stringMatching(/Z$/),
        durationMs: expect.any(Number),
        outcome: 'refused',
        trigger: 'automatic',
        request: {
          method: 'POST',
          url: receiver.url('/fails'),
          headers: expect.objectContaining({ 'webhook-id': dead.eventId }),
          body: expect.stringContaining(notice.title),
        },
        response: {
          status: 503,
          headers: expect.objectContaining({ 'x-why': 'busy' }),
          body: 'Too much.',
        },
        error: null,
      },
    ]);
  });

  it('is filtered by webhook, states, event, document and time', async () => {
    const of = async (query: string) => dataOf(await api.get(`/deliveries?${query}`));
    const both = `documentId=${notice.documentId}`;
    expect(await of(both)).toHaveLength(2);
    expect(await of(`${both}&state=dead`)).toHaveLength(1);
    expect(await of(`${both}&state=dead,delivered`)).toHaveLength(2);
    expect(await of(`${both}&state=cancelled`)).toEqual([]);
    expect(await of(`${both}&event=entry.create`)).toHaveLength(2);
    expect(await of(`${both}&event=entry.delete`)).toEqual([]);
    expect(await of('webhook=nobody')).toEqual([]);
    const [{ createdAt }] = await of(`webhook=${ok.id}`);
    const before = new Date(Date.parse(createdAt) - 1).toISOString();
    const after = new Date(Date.parse(createdAt) + 1).toISOString();
    expect(await of(`webhook=${ok.id}&from=${before}&to=${after}`)).toHaveLength(1);
    expect(await of(`webhook=${ok.id}&from=${after}`)).toEqual([]);
    expect(await of(`webhook=${ok.id}&to=${before}`)).toEqual([]);
  });

  it('comes in pages, by default newest first', async () => {
    await makeNotice(app);
    await settledDelivery(api, ok.id, 'delivered');
    const newest = dataOf(await api.get(`/deliveries?webhook=${ok.id}`));
    expect(Number(newest[0].id)).toBeGreaterThan(Number(newest[1].id));
    const oldest = dataOf(await api.get(`/deliveries?webhook=${ok.id}&sort=createdAt:asc`));
    expect(ids(oldest)).toEqual(ids(newest).reverse());
    const { body } = await api.get(`/deliveries?webhook=${ok.id}&page=2&pageSize=1`);
    expect(ids(body.data)).toEqual([newest[1].id]);
    expect(body.meta).toEqual({ pagination: { page: 2, pageSize: 1, pageCount: 2, total: 2 } });
  });
});

describe('resending', () => {
  const resend = (id: string) => api.post(`/deliveries/${id}/resend`);

  it('sends one again with the same id and the same body, and says so', async () => {
    receiver.on('/again').answer(410, 200);
    const { id } = await make('/again');
    await makeNotice(app);
    const dead = await settledDelivery(api, id, 'dead');
    const settings = hook(receiver.url('/again'), { format: 'strapi', name: 'Other by now' });
    dataOf(await api.put(`/webhooks/${id}`, settings));
    dataOf(await api.post(`/webhooks/${id}/enable`));
    const answer = dataOf(await resend(dead.id));
    expect(answer).toMatchObject({ id: dead.id, attempts: [{ outcome: 'refused' }] });
    const [first, second] = await receiver.waitFor(2, { path: '/again' });
    expect(second?.body).toBe(first?.body);
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    const delivered = await settledDelivery(api, id, 'delivered');
    expect(delivered).toMatchObject({ id: dead.id, attemptCount: 2, reason: null });
    const { attempts } = await detail(dead.id);
    expect(attempts.map(({ trigger, outcome }: any) => [trigger, outcome])).toEqual([
      ['resend', 'delivered'],
      ['automatic', 'refused'],
    ]);
    expect(attempts[0].request.body).toBe(first?.body);
  });

  it('sends many again: those of a webhook, in these states, of this time', async () => {
    receiver.on('/many').answer(410, 410, 200);
    const one = await make('/many', { maxAttempts: 1 });
    await makeNotice(app);
    const first = await settledDelivery(api, one.id, 'dead');
    const choose = async (more: object) =>
      dataOf(await api.post('/deliveries/resend', { webhook: one.id, states: ['dead'], ...more }));
    expect(await choose({ states: ['delivered', 'cancelled'] })).toEqual({ count: 0 });
    expect(await choose({ webhook: 'nobody' })).toEqual({ count: 0 });
    expect(await choose({ to: first.createdAt.replace(/^\d{4}/, '2000') })).toEqual({ count: 0 });
    expect(await choose({ from: first.createdAt })).toEqual({ count: 1 });
  });

  it('is 404 for a delivery that is not there', async () => {
    expect((await resend('999999')).status).toBe(404);
    expect((await resend('nothing')).status).toBe(404);
  });
});

describe('sending a test', () => {
  const test = async (id: string, sample?: object) =>
    dataOf(await api.post(`/webhooks/${id}/test`, sample));

  it('really calls the endpoint, also of a disabled webhook, and shows the answer', async () => {
    receiver.on('/test').answer({ status: 202, headers: { 'x-thanks': 'yes' }, body: 'Thanks.' });
    const { id } = await make('/test', { enabled: false, headers: { 'x-team': 'web' } });
    const result = await test(id);
    const [request] = await receiver.waitFor(1, { path: '/test' });
    expect(result).toEqual({
      ok: true,
      request: {
        method: 'POST',
        url: receiver.url('/test'),
        headers: expect.objectContaining({
          'x-team': 'web',
          'webhook-id': request?.headers['webhook-id'],
        }),
        body: request?.body,
      },
      response: {
        status: 202,
        headers: expect.objectContaining({ 'x-thanks': 'yes' }),
        body: 'Thanks.',
      },
      error: null,
      durationMs: expect.any(Number),
    });
    expect(JSON.parse(result.request.body).type).toBe('webhook.test');
  });

  it('is stored as a test, in the log and apart from its own deliveries', async () => {
    const { id } = await make('/logged', { enabled: false });
    await test(id, { event: 'entry.update' });
    const [delivery] = dataOf(await api.get(`/deliveries?webhook=${id}`));
    expect(delivery).toMatchObject({ event: 'entry.update', state: 'delivered', isTest: true });
    const { attempts } = await detail(delivery.id);
    expect(attempts).toMatchObject([{ trigger: 'test', outcome: 'delivered' }]);
    const many = { webhook: id, states: ['delivered'] };
    expect(dataOf(await api.post('/deliveries/resend', many))).toEqual({ count: 0 });
  });

  it('of an endpoint that fails shows its answer, and is not retried', async () => {
    receiver.on('/test-fails').answer({ status: 500, body: 'Ouch.' });
    const { id } = await make('/test-fails', { enabled: false });
    expect(await test(id)).toMatchObject({
      ok: false,
      response: { status: 500, body: 'Ouch.' },
      error: null,
    });
    const [delivery] = dataOf(await api.get(`/deliveries?webhook=${id}`));
    expect(delivery).toMatchObject({ state: 'dead', nextAttemptAt: null, isTest: true });
  });

  it('of an endpoint that hangs gives up at the deadline', async () => {
    receiver.on('/test-hangs').answer('hang');
    const { id } = await make('/test-hangs', { enabled: false });
    expect(await test(id)).toMatchObject({
      ok: false,
      response: null,
      error: expect.stringMatching(/\S/),
    });
    const [delivery] = dataOf(await api.get(`/deliveries?webhook=${id}`));
    expect((await detail(delivery.id)).attempts).toMatchObject([{ outcome: 'timeout' }]);
  });

  it('of a closed port says that the connection failed', async () => {
    const { id } = dataOf(await api.post('/webhooks', hook('http://127.0.0.1:9/')));
    expect(await test(id)).toMatchObject({
      ok: false,
      response: null,
      error: expect.stringMatching(/refused the connection/),
    });
    dataOf(await api.remove(`/webhooks/${id}`));
  });

  it('sends a real document, without what is private', async () => {
    const made = await app.contentApi('POST', '/articles', {
      data: { title: 'A real one', internalNotes: 'Not for you', previewPassword: 'Nor this' },
    });
    const { documentId } = dataOf(made);
    const { id } = await make('/real', { enabled: false });
    const sample = { event: 'entry.publish', uid: 'api::article.article', documentId };
    const { data } = JSON.parse((await test(id, sample)).request.body);
    expect(data).toMatchObject({ documentId, uid: sample.uid, entry: { title: 'A real one' } });
    expect(data.entry).not.toHaveProperty('internalNotes');
    expect(data.entry).not.toHaveProperty('previewPassword');
  });
});

describe('a preview', () => {
  const cases = FORMATS.flatMap((format) => [[format, 'json'] as const, [format, 'xml'] as const]);

  it.each(cases)(
    'shows what %s as %s sends, and is what a test sends',
    async (format, serialization) => {
      const sample = { event: 'entry.update', uid: 'api::article.article' };
      const look = { format, serialization, name: 'Look' };
      const { event, headers, body } = dataOf(
        await api.post('/webhooks/preview', { ...look, ...sample }),
      );
      expect(event).toBe('entry.update');
      expect(headers['content-type']).toMatch(serialization);
      expect(headers['webhook-id']).toMatch(/^evt_/);
      expect(headers['X-Strapi-Event']).toBe(format === 'strapi' ? 'entry.update' : undefined);
      const { id } = await make('/look', { ...look, enabled: false });
      const sent = dataOf(await api.post(`/webhooks/${id}/test`, sample)).request.body;
      // Two samples differ only in times and in ids of events and webhooks, which are replaced here.
      const shape = (text: string) =>
        text
          .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z|\b\d{8}T\d{6}Z/g, 'TIME')
          .replace(/\d{4}-\d\d-\d\d/g, 'DAY')
          .replace(/\d\d:\d\d:\d\d\.\d{3}/g, 'HOUR')
          .replace(/\b\d{13}\b/g, 'MOMENT')
          .replace(/evt_[0-9a-f]{32}/g, 'EVENT')
          .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi, 'GUID');
      expect(shape(sent)).toBe(shape(body));
      expect(body).toContain(serialization === 'xml' ? '<event>' : '{');
    },
  );

  it('takes the first event and content type that are subscribed to', async () => {
    const wishes = { events: ['media.*'], contentTypes: [NOTICE] };
    expect(dataOf(await api.post('/webhooks/preview', wishes)).event).toBe('media.create');
    const notice = dataOf(
      await api.post('/webhooks/preview', { ...wishes, events: ['entry.delete'] }),
    );
    expect(JSON.parse(notice.body)).toMatchObject({ type: 'entry.delete', data: { uid: NOTICE } });
    expect(dataOf(await api.post('/webhooks/preview', {})).event).toBe('entry.publish');
  });

  it('stores nothing', async () => {
    const total = async () => (await api.get('/deliveries')).body.meta.pagination.total;
    const before = await total();
    dataOf(await api.post('/webhooks/preview', {}));
    expect(await total()).toBe(before);
  });
});

describe('health', () => {
  it('shows waiting deliveries, failing webhooks, and whether the dispatcher sends', async () => {
    receiver.on('/fails-later').answer(500);
    const deleted = await make('/fails-later');
    const failing = await make('/fails-later');
    await makeNotice(app);
    await settledDelivery(api, deleted.id, 'retrying');
    await settledDelivery(api, failing.id, 'retrying');
    dataOf(await api.remove(`/webhooks/${deleted.id}`));
    const { id } = await make('/health');
    const health = dataOf(await api.get('/health'));
    expect(health).toEqual({
      deliveries: {
        pending: expect.any(Number),
        sending: expect.any(Number),
        delivered: expect.any(Number),
        retrying: expect.any(Number),
        dead: expect.any(Number),
        cancelled: expect.any(Number),
      },
      oldestPendingMs: expect.any(Number),
      inFlight: expect.any(Number),
      webhooks: expect.any(Array),
      engine: { driver: 'database', isRunning: true, dispatch: true, isReachable: null },
      clockSkewMs: expect.any(Number),
    });
    expect(health.deliveries.cancelled).toBeGreaterThan(0);
    expect(health.deliveries.retrying).toBeGreaterThan(0);
    expect(health.webhooks).toContainEqual({
      id,
      name: '/health',
      state: 'healthy',
      consecutiveFailures: 0,
      verdicts: null,
    });
  });
});

describe('a body over the size limit', () => {
  it('is dead and says which limit, and is sent with the same id once the limit is raised', async () => {
    const small = { delivery: { ...CONFIG.delivery, maxBodyBytes: 1000 } };
    await app.restart({ config: small });
    const { id } = await make('/large');
    const { title } = await makeNotice(app, { text: 'x'.repeat(2000) });
    const dead = await settledDelivery(api, id, 'dead');
    expect(dead.reason).toMatch(/at most 1000.*delivery\.maxBodyBytes/);
    const [attempt] = (await detail(dead.id)).attempts;
    expect(attempt).toMatchObject({ outcome: 'tooLarge', response: null });
    expect(attempt.request.body).toContain(title);
    expect(dataOf(await api.post(`/webhooks/${id}/test`, {})).ok).toBe(true);
    expect(receiver.requests.filter(({ path }) => path === '/large')).toHaveLength(1);

    await app.restart({ config: CONFIG });
    dataOf(await api.post(`/deliveries/${dead.id}/resend`));
    const [, request] = await receiver.waitFor(2, { path: '/large' });
    expect(request?.headers['webhook-id']).toBe(dead.eventId);
    expect(request?.body).toBe(attempt.request.body);
  });
});
