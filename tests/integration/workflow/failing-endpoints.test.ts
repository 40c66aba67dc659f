/** Failing validation endpoints are paused and reported; validations are logged, and a test sends the same request. */
import { Webhook as StandardWebhook } from 'standardwebhooks';
import type { DeliveryDetail, TestResult } from '../../../server/contract/delivery';
import type { Webhook, WebhookInput } from '../../../server/contract/webhook';
import type { Workflow } from '../../../server/contract/workflow';
import type { Received, Step } from '../../support/receiver';
import type { Answer } from '../../support/strapi';
import { until } from '../delivery/stage';
import { no, Scene, YES } from './scene';

let scene: Scene;
let workflow: Workflow;

beforeAll(async () => {
  scene = await Scene.start();
});
afterAll(() => scene?.stop());
beforeEach(async () => {
  workflow = await scene.makeWorkflow();
});
afterEach(() => scene.clear());

type Wish = Partial<WebhookInput> & { path?: string };
const validate = (wish?: Wish) => scene.validation(workflow.id, 'submit', wish);
const answer = (...steps: Step[]) => scene.receiver.on('/check').answer(...steps);

/** The calls of a validation as the log has them, oldest first, with their attempts. */
const logged = async (webhook: { id: string }): Promise<DeliveryDetail[]> =>
  Promise.all((await scene.stage.deliveries(webhook)).map((one) => scene.stage.delivery(one)));

describe('An endpoint that keeps failing', () => {
  const failing = (times: number, documentId: string) =>
    Array.from({ length: times }).reduce<Promise<Answer | null>>(
      (before) => before.then(() => scene.run({ documentId }, 'submit')),
      Promise.resolve(null),
    );

  test('is spared for half a minute, visibly, and then asked once to see whether it is back', async () => {
    const webhook = await validate();
    answer(500);
    const documentId = await scene.draft();
    await failing(5, documentId);
    expect((await scene.stage.webhook(webhook)).health).toMatchObject({
      state: 'failing',
      consecutiveFailures: 5,
      pausedUntil: expect.stringMatching(/^\d{4}-/),
    });
    const spared = await scene.run({ documentId }, 'submit');
    expect(spared.status).toBe(400);
    expect(spared.body.error.message).toMatch(
      /^check gave no answer: It is not asked until \d\d:\d\d:\d\d UTC, because it gave no readable answer several times/,
    );
    expect(scene.stage.calls('/check')).toHaveLength(5);
    expect(await scene.stage.deliveries(webhook)).toHaveLength(5);

    await scene.stage.turnNow(31_000);
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    scene.receiver.on('/check').answer(async () => {
      await held;
      return YES;
    });
    const probing = scene.run({ documentId }, 'submit');
    await scene.receiver.waitFor(6, { path: '/check' });
    const other = await scene.run({ documentId: await scene.draft() }, 'submit');
    expect(other.body.error.message).toMatch(/is not asked until/);
    release();
    expect((await probing).status).toBe(200);
    expect(scene.stage.calls('/check')).toHaveLength(6);
    expect((await scene.stage.webhook(webhook)).health).toMatchObject({
      state: 'healthy',
      consecutiveFailures: 0,
      pausedUntil: null,
    });
    expect((await scene.run({ documentId: await scene.draft() }, 'submit')).status).toBe(200);
  });

  test('that is still away when it is asked again is spared again', async () => {
    await validate();
    answer(500);
    const documentId = await scene.draft();
    await failing(5, documentId);
    await scene.stage.turnNow(31_000);
    await failing(2, documentId);
    expect(scene.stage.calls('/check')).toHaveLength(6);
  });

  test('lets documents pass while it is spared, if that is its onError', async () => {
    await validate({ onError: 'allow' });
    answer(500);
    for (let times = 0; times < 5; times += 1) await failing(1, await scene.draft());
    const documentId = await scene.draft();
    const { status, body } = await scene.run({ documentId }, 'submit');
    expect({ status, calls: scene.stage.calls('/check').length }).toEqual({
      status: 200,
      calls: 5,
    });
    expect(body.data.warnings).toEqual([expect.stringMatching(/is not asked until/)]);
  });

  test('is never disabled, not even by 410, and watchers are notified', async () => {
    const watcher = await scene.stage.makeWebhook({
      path: '/watcher',
      events: ['webhook.*'],
      contentTypes: [],
    });
    const webhook = await validate();
    answer(410);
    await failing(5, await scene.draft());
    expect(await scene.stage.webhook(webhook)).toMatchObject({
      enabled: true,
      health: { state: 'failing', disabledReason: null },
    });
    const [request] = await scene.receiver.waitFor(1, { path: '/watcher' });
    expect(JSON.parse(request?.body ?? '')).toMatchObject({
      type: 'webhook.failing',
      data: { documentId: webhook.id, entry: { name: 'check', state: 'failing' } },
    });
    expect(await scene.stage.finished(watcher)).toHaveLength(1);
  });

  test('is another thing than one that keeps saying no', async () => {
    const webhook = await validate();
    answer(no('Never.'));
    const refused = await failing(7, await scene.draft());
    expect(refused?.body.error.message).toBe('check: Never.');
    expect(scene.stage.calls('/check')).toHaveLength(7);
    expect((await scene.stage.webhook(webhook)).health).toMatchObject({
      state: 'healthy',
      consecutiveFailures: 0,
      pausedUntil: null,
    });
  });
});

describe('The request of a validation', () => {
  test('cannot be sent again, neither alone nor among many', async () => {
    const webhook = await validate();
    answer(500);
    await scene.run({ documentId: await scene.draft() }, 'submit');
    const [delivery] = await scene.stage.deliveries(webhook);
    const path = `/workflow-webhooks/deliveries/${delivery?.id}/resend`;
    const { status, body } = await scene.app.request('POST', path);
    expect(status).toBe(400);
    expect(body.error.message).toMatch(/question to a validation.*is not sent again/);
    const many = { webhook: webhook.id, states: ['dead', 'delivered'] };
    expect(await scene.stage.api('POST', '/deliveries/resend', many)).toEqual({ count: 0 });
    expect(await scene.stage.deliveries(webhook)).toEqual([delivery]);
  });

  test('is signed, and is logged without its secrets, with any answer of the endpoint', async () => {
    const secret = 'Canary-Secret-4711';
    const webhook = await validate({
      signing: 'standard',
      headers: { 'x-key': { value: secret, secret: true } },
    });
    scene.receiver.on('/check').answer((request: Received) => ({
      status: 200,
      body: JSON.stringify({
        allowed: false,
        message: `Your key ${request.headers['x-key']} is bad.`,
        errors: [{ path: 'title', message: `Not with ${request.headers['x-key']}.` }],
        warnings: [`Change ${request.headers['x-key']}.`],
      }),
    }));
    const documentId = await scene.draft();
    const refused = await scene.run({ documentId }, 'submit');
    const [request] = scene.stage.calls('/check');
    expect(request?.headers['x-key']).toBe(secret);
    const { type } = new StandardWebhook((webhook as Webhook & { secret: string }).secret).verify(
      request?.body ?? '',
      request?.headers ?? {},
    ) as { type: string };
    expect(type).toBe('workflow.validation');
    const tested = await scene.stage.api<TestResult>('POST', `/webhooks/${webhook.id}/test`, {});
    const shown = [refused.body, tested, await logged(webhook), await scene.view({ documentId })];
    expect(JSON.stringify(shown)).toContain('Your key ');
    expect(JSON.stringify(shown)).not.toContain(secret);
  });
});

describe('A test of a validation', () => {
  const test_ = (webhook: Webhook): Promise<TestResult> =>
    scene.stage.api('POST', `/webhooks/${webhook.id}/test`, {});

  test('asks as a command would, and says what the answer would have meant', async () => {
    const webhook = await validate();
    answer(no('The title needs a full stop.'), 'hang');
    expect(await test_(webhook)).toMatchObject({
      ok: true,
      error: null,
      verdict: { kind: 'refused', message: 'The title needs a full stop.' },
    });
    expect(JSON.parse(scene.stage.calls('/check')[0]?.body ?? '')).toMatchObject({
      type: 'workflow.validation',
      data: {
        workflow: { id: workflow.id, name: 'Approval' },
        command: { key: 'submit', name: 'Submit' },
        from: { key: 'draft' },
        to: { key: 'review' },
        dryRun: true,
      },
    });
    await scene.stage.changeWebhook(webhook, { timeout: 150 });
    expect(await test_(webhook)).toMatchObject({
      ok: false,
      response: null,
      verdict: { kind: 'noAnswer', message: expect.stringMatching(/did not answer within/) },
    });
    expect(await scene.stage.deliveries(webhook)).toMatchObject([
      { isTest: true, verdict: 'refused', state: 'delivered' },
      { isTest: true, verdict: 'noAnswer', state: 'dead' },
    ]);
  });

  test('counts neither for nor against the endpoint', async () => {
    const webhook = await validate();
    answer(500);
    for (let times = 0; times < 6; times += 1) await test_(webhook);
    const { health } = await scene.stage.webhook(webhook);
    expect(health).toMatchObject({ state: 'healthy', consecutiveFailures: 0 });
    const report = await until(
      () => scene.stage.health(),
      ({ webhooks }) => webhooks.length > 0,
    );
    expect(report.webhooks.find(({ id }) => id === webhook.id)?.verdicts).toBeNull();
  });
});
