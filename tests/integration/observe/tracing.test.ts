/** Spans, made by a real OpenTelemetry SDK that runs inside Strapi. */
import { FORMATS } from '../../../server/contract/webhook';
import { plainCanary } from '../../support/canary';
import { MINUTE, Stage, until } from '../delivery/stage';
import { Scene, YES } from '../workflow/scene';
import { ERROR, forgetSpans, KINDS, spansOf, startTracing, type Recorded } from './spans';

const NOTICE = '/content-manager/collection-types/api::notice.notice';

const named = (spans: Recorded[], name: string) => spans.filter((span) => span.name === name);

describe('where the app has a tracing SDK', () => {
  let scene: Scene;
  let stage: Stage;

  beforeAll(async () => {
    scene = await Scene.start({});
    stage = scene.stage;
    await startTracing(scene.app);
  });
  afterEach(async () => {
    await scene.clear();
    await forgetSpans(scene.app);
  });
  afterAll(() => scene?.stop());

  const spans = (count: number, name: string) =>
    until(
      async () => named(await spansOf(scene.app), name),
      (found) => found.length >= count,
    );

  it('a change has a span within its request, and its attempt a trace of its own that leads back to it', async () => {
    const webhook = await stage.makeWebhook({ name: 'Website' });
    await scene.app.request('POST', NOTICE, { title: 'Traced' });
    const [delivery] = await stage.finished(webhook);
    const [recorded] = await spans(1, 'record entry.create');
    const [sent] = await spans(1, 'send Website');
    const request = named(await spansOf(scene.app), 'POST').find(
      ({ spanId }) => spanId === recorded?.parent,
    );

    expect(request?.kind).toBe(KINDS.server);
    expect(recorded).toMatchObject({
      kind: KINDS.producer,
      traceId: request?.traceId,
      attributes: {
        'messaging.system': 'workflow_webhooks',
        'messaging.operation.type': 'create',
        'messaging.message.id': delivery?.eventId,
        'workflow_webhooks.document.uid': 'api::notice.notice',
        'workflow_webhooks.document.id': delivery?.documentId,
        'workflow_webhooks.deliveries': 1,
      },
    });
    expect(sent).toMatchObject({
      kind: KINDS.client,
      parent: null,
      links: [{ traceId: recorded?.traceId, spanId: recorded?.spanId }],
      attributes: {
        'messaging.operation.name': 'send',
        'messaging.destination.name': 'Website',
        'messaging.message.id': delivery?.eventId,
        'http.request.method': 'POST',
        'http.response.status_code': 200,
        'server.address': '127.0.0.1',
        'server.port': Number(new URL(stage.receiver.url()).port),
        'url.scheme': 'http',
        'workflow_webhooks.webhook.id': webhook.id,
        'workflow_webhooks.delivery.id': delivery?.id,
        'workflow_webhooks.attempt': 1,
        'workflow_webhooks.outcome': 'delivered',
      },
    });
    expect(sent?.traceId).not.toBe(recorded?.traceId);
    expect(sent?.attributes).not.toHaveProperty(['error.type']);
  });

  it('the content of the trace changes nothing that is sent', async () => {
    for (const format of FORMATS) await stage.makeWebhook({ path: `/${format}`, format });
    await stage.write();
    await spans(1, 'send /sitecore');
    await stage.receiver.waitFor(FORMATS.length);
    const [recorded] = await spans(1, 'record entry.create');
    for (const { body, headers } of stage.receiver.requests) {
      expect(body).not.toContain('"trace"');
      expect(body + JSON.stringify(headers)).not.toContain(recorded?.traceId);
      expect(headers).not.toHaveProperty('traceparent');
    }
  });

  it('an attempt that fails says how, and the next one is numbered and leads back to the same change', async () => {
    stage.receiver.on('/fails').answer(503, 200);
    const webhook = await stage.makeWebhook({ path: '/fails', name: 'Failing' });
    await stage.write();
    await stage.attempted(webhook, 1);
    await stage.changeWebhook(webhook, { url: 'http://127.0.0.1:1/nobody' });
    await stage.turn(15 * MINUTE);
    await stage.attempted(webhook, 2);
    await stage.changeWebhook(webhook, { url: webhook.url });
    await stage.turn(80 * MINUTE);
    await stage.finished(webhook);
    const [first, second, third] = await spans(3, 'send Failing');
    const [recorded] = await spans(1, 'record entry.create');
    expect(first).toMatchObject({
      status: { code: ERROR, message: 'The receiver answered 503.' },
      attributes: { 'error.type': '503', 'http.response.status_code': 503 },
    });
    expect(second).toMatchObject({
      status: { code: ERROR },
      attributes: { 'error.type': 'connection', 'http.request.resend_count': 1 },
    });
    expect(second?.attributes).not.toHaveProperty(['http.response.status_code']);
    expect(third).toMatchObject({ attributes: { 'workflow_webhooks.attempt': 3 } });
    for (const span of [first, second, third]) {
      expect(span?.links).toEqual([{ traceId: recorded?.traceId, spanId: recorded?.spanId }]);
    }
  });

  it('a validation is part of the request that waits for it', async () => {
    const workflow = await scene.makeWorkflow();
    const validation = await scene.validation(workflow.id, 'submit');
    scene.receiver.on('/check').answer(YES);
    await scene.run({ documentId: await scene.draft() }, 'submit');
    const [asked] = await spans(1, `validate ${validation.name}`);
    const request = named(await spansOf(scene.app), 'POST').find(
      ({ spanId }) => spanId === asked?.parent,
    );
    expect(request?.traceId).toBe(asked?.traceId);
    expect(asked).toMatchObject({
      links: [],
      attributes: { 'workflow_webhooks.webhook.kind': 'validation' },
    });
  });

  it('no span holds a secret, nor the path or query of a URL', async () => {
    const [path, query, header, token] = ['Path', 'Query', 'Header', 'Token'].map(plainCanary);
    const { id: authorization } = await stage.api('POST', '/authorizations', {
      name: 'Bearer',
      kind: 'bearer',
      token,
    });
    const echo = ({ headers, query: asked }: { headers: object; query: object }) => ({
      status: 500,
      body: JSON.stringify([headers, asked]),
    });
    stage.receiver.on(`/${path}`).answer(echo);
    const webhook = await stage.makeWebhook({
      name: 'Secretive',
      url: `${stage.receiver.url(`/${path}`)}?key=${query}`,
      headers: { 'x-secret': { value: header!, secret: true } },
      authorization,
    });
    await stage.write();
    await stage.attempted(webhook, 1);
    await spans(1, 'send Secretive');
    const recorded = JSON.stringify(await spansOf(scene.app));
    for (const secret of [path, query, header, token]) expect(recorded).not.toContain(secret);
    await stage.api('DELETE', `/webhooks/${webhook.id}`);
    await stage.api('DELETE', `/authorizations/${authorization}`);
  });
});

describe('with tracing.propagate', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.start({ config: { tracing: { propagate: true } } });
  });
  afterAll(() => stage?.stop());

  it('without an SDK, receivers are sent no traceparent', async () => {
    await stage.makeWebhook();
    await stage.write();
    const [request] = await stage.receiver.waitFor(1);
    expect(request?.headers).not.toHaveProperty('traceparent');
    await stage.clear();
  });

  it("with one, they are sent the attempt's, unless an administrator set a header of that name", async () => {
    await startTracing(stage.app);
    await stage.makeWebhook({ name: 'Plain' });
    const OWN = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    await stage.makeWebhook({ name: 'Own', path: '/own', headers: { Traceparent: OWN } });
    await stage.write();
    await stage.receiver.waitFor(2);
    const [sent] = await until(
      async () => named(await spansOf(stage.app), 'send Plain'),
      (found) => found.length > 0,
    );
    expect(stage.calls()[0]?.headers.traceparent).toBe(`00-${sent?.traceId}-${sent?.spanId}-01`);
    expect(stage.calls('/own')[0]?.headers.traceparent).toBe(OWN);
  });
});
