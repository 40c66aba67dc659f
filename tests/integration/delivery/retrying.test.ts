/** The delivery, the webhook and the log after a receiver does not accept at once. */
import type { Attempt } from '../../../server/contract/delivery';
import type { Webhook } from '../../../server/contract/webhook';
import { heldAnswer } from '../../support/receiver';
import { DAY, HOUR, MINUTE, SECOND, Stage, until } from './stage';

/**
 * The schedule of Standard Webhooks, which is the default, except for its first step of 5 seconds: jitter could make it so
 * short that a retry comes between two reads of a test.
 */
const SCHEDULE = [
  2 * MINUTE,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
];

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.start({
    config: { delivery: { timeout: 3000, schedule: [0, ...SCHEDULE] } },
  });
});
afterEach(() => stage.clear());
afterAll(() => stage.stop());

const outcomes = (attempts: Attempt[]) => attempts.map(({ outcome }) => outcome).reverse();

describe('a delivery that fails', () => {
  it('is tried again by the schedule, until its last attempt', async () => {
    stage.receiver.on('/hook').answer(500);
    const webhook = await stage.makeWebhook({ maxAttempts: 10 });
    await stage.write();
    for (const [index, wait] of SCHEDULE.entries()) {
      const { state, nextAttemptAt, attempts } = await stage.attempted(webhook, index + 1);
      expect(state).toBe('retrying');
      const waited = Date.parse(nextAttemptAt ?? '') - Date.parse(attempts[0]?.at ?? '');
      // The steps of the schedule are so far apart that a machine's slowness cannot blur them.
      expect(waited).toBeLessThanOrEqual(wait * 1.2 + 20 * SECOND);
      expect(waited).toBeGreaterThanOrEqual(wait * 0.8);
      expect(stage.calls()).toHaveLength(index + 1);
      await stage.turn(wait * 1.21);
    }
    const dead = await stage.attempted(webhook, 10);
    expect(dead).toMatchObject({ state: 'dead', attemptCount: 10, nextAttemptAt: null });
    expect(dead.reason).toBe('The receiver answered 500. That was attempt 10 of 10.');
    expect(outcomes(dead.attempts)).toEqual(Array(10).fill('refused'));
  });

  it('is tried once where the webhook allows one attempt', async () => {
    stage.receiver.on('/hook').answer(500);
    const webhook = await stage.makeWebhook({ maxAttempts: 1 });
    await stage.write();
    const [delivery] = await stage.finished(webhook);
    expect(delivery).toMatchObject({ state: 'dead', attemptCount: 1 });
  });

  it.each([400, 401, 404, 408, 425, 500, 502, 504])(
    'is tried again after an answer %d, and then counts as delivered',
    async (status) => {
      stage.receiver.on('/hook').answer(status, 204);
      const webhook = await stage.makeWebhook();
      await stage.write();
      expect((await stage.attempted(webhook, 1)).state).toBe('retrying');
      await stage.turn(3 * MINUTE);
      const { state, attempts } = await stage.attempted(webhook, 2);
      expect(state).toBe('delivered');
      expect(outcomes(attempts)).toEqual(['refused', 'delivered']);
    },
  );

  it('is tried again where its request could not be made, and says so', async () => {
    // While the receiver pauses, the event of a second delivery is taken away.
    stage.receiver.on('/hook').answer({ status: 429, headers: { 'retry-after': '60' } }, 200);
    const webhook = await stage.makeWebhook();
    await stage.write();
    await stage.attempted(webhook, 1);
    await stage.write(1, 'Second');
    const [, second] = await stage.deliveries(webhook);
    const rename = (ids: { from: string; to: string }) =>
      stage.app.run((strapi, { from, to }) => {
        const events = strapi.db.connection('workflow_webhooks_events');
        return events.where('event_id', from).update({ event_id: to });
      }, ids);
    await rename({ from: second!.eventId, to: 'away' });
    await stage.turn(3 * MINUTE);
    await stage.all(webhook, ({ attemptCount }) => attemptCount > 0);
    const { state, attempts } = await stage.delivery(second!);
    expect(state).toBe('retrying');
    expect(attempts[0]?.error).toContain('The request could not be made: The event');

    await rename({ from: 'away', to: second!.eventId });
    await stage.turn(3 * MINUTE);
    expect((await stage.finished(webhook)).map((each) => each.state)).toEqual([
      'delivered',
      'delivered',
    ]);
    expect(JSON.parse(stage.calls()[2]?.body ?? '').data.entry.title).toBe('Second 1');
  });

  it('is dead after a redirect, which is not followed', async () => {
    stage.receiver.on('/hook').answer({ redirect: stage.receiver.url('/elsewhere') });
    const webhook = await stage.makeWebhook();
    await stage.write();
    const [delivery] = await stage.finished(webhook);
    expect(delivery).toMatchObject({ state: 'dead', attemptCount: 1 });
    expect(delivery?.reason).toContain('redirects are never followed');
    expect(stage.calls('/elsewhere')).toEqual([]);
  });
});

describe('a receiver that asks for a pause', () => {
  /** The second delivery is made while the receiver pauses, and must not be sent before the pause is over. */
  const paused = async (first: { status: number; headers: Record<string, string> }) => {
    stage.receiver.on('/hook').answer(first, 200);
    const webhook = await stage.makeWebhook();
    await stage.write();
    await stage.attempted(webhook, 1);
    await stage.write(1, 'Later');
    await stage.turn(50 * MINUTE);
    return webhook;
  };
  /** Waits until all that was due has been sent: this delivery is the last one that is due. */
  const witness = async () => {
    const webhook = await stage.makeWebhook({ path: '/witness' });
    await stage.write(1, 'Witnessed');
    await stage.finished(webhook);
    await stage.api('DELETE', `/webhooks/${webhook.id}`);
  };
  const RETRY_AFTER: Record<string, () => string> = {
    seconds: () => '3600',
    'a date': () => new Date(Date.now() + HOUR).toUTCString(),
  };

  it.each([
    [429, 'seconds'],
    [503, 'seconds'],
    [503, 'a date'],
  ])(
    'by %d and Retry-After in %s gets it, for all its deliveries, and no attempt is burned',
    async (status, form) => {
      const webhook = await paused({ status, headers: { 'retry-after': RETRY_AFTER[form]!() } });
      await witness();
      expect(stage.calls()).toHaveLength(1);
      const counts = (await stage.deliveries(webhook)).map(({ attemptCount }) => attemptCount);
      expect(counts).toEqual([1, 0, 0]);
      await stage.turn(11 * MINUTE);
      const after = await stage.finished(webhook);
      expect(after.map(({ state }) => state)).toEqual(Array(3).fill('delivered'));
      expect(after.map(({ attemptCount }) => attemptCount)).toEqual([2, 1, 1]);
    },
  );

  it('gets the pause after a restart of Strapi too', async () => {
    const webhook = await paused({ status: 429, headers: { 'retry-after': '86400' } });
    await stage.app.restart();
    await witness();
    expect(stage.calls()).toHaveLength(1);
    expect((await stage.deliveries(webhook)).every(({ state }) => state !== 'delivered')).toBe(
      true,
    );
  });

  it('is ignored when it answers 500: then the schedule decides', async () => {
    const webhook = await paused({ status: 500, headers: { 'retry-after': '86400' } });
    const after = await stage.finished(webhook);
    expect(after.map(({ attemptCount }) => attemptCount)).toEqual([2, 1]);
  });
});

describe('a webhook', () => {
  const watched = (path = '/watch') =>
    stage.makeWebhook({
      path,
      events: ['webhook.failing', 'webhook.disabled'],
      contentTypes: [],
    });
  const notifications = () => stage.calls('/watch').map(({ body }) => JSON.parse(body));

  it('whose receiver answers 410 is disabled with a reason, and another webhook is notified', async () => {
    await watched();
    stage.receiver.on('/hook').answer(410);
    const webhook = await stage.makeWebhook({ name: 'Gone' });
    await stage.write();
    const [delivery] = await stage.finished(webhook);
    expect(delivery).toMatchObject({ state: 'dead', attemptCount: 1 });
    expect(await stage.webhook(webhook)).toMatchObject({
      enabled: false,
      health: { state: 'disabled', disabledReason: expect.stringContaining('410 Gone') },
    });
    await stage.receiver.waitFor(1, { path: '/watch' });
    expect(notifications()).toMatchObject([
      {
        type: 'webhook.disabled',
        data: {
          documentId: webhook.id,
          entry: { name: 'Gone', reason: expect.stringContaining('410 Gone') },
        },
      },
    ]);
    await stage.write();
    const states = (await stage.deliveries(webhook)).map(({ state }) => state);
    expect(states).toEqual(['dead', 'cancelled']);
    expect(stage.calls()).toHaveLength(1);
  });

  it('is failing after five failures in a row, with one notification to another webhook, and healthy after one success', async () => {
    await watched();
    stage.receiver.on('/hook').answer(500);
    const webhook = await stage.makeWebhook({ name: 'Shaky' });
    await stage.write();
    await stage.attempted(webhook, 1);
    for (const attempts of [2, 3, 4]) {
      await stage.turn(3 * HOUR);
      await stage.attempted(webhook, attempts);
    }
    expect((await stage.webhook(webhook)).health).toMatchObject({
      state: 'healthy',
      consecutiveFailures: 4,
    });
    await stage.turn(3 * HOUR);
    await stage.attempted(webhook, 5);
    expect((await stage.webhook(webhook)).health).toMatchObject({
      state: 'failing',
      consecutiveFailures: 5,
    });
    await stage.receiver.waitFor(1, { path: '/watch' });

    await stage.turn(7 * HOUR);
    await stage.attempted(webhook, 6);
    expect((await stage.health()).webhooks).toContainEqual({
      id: webhook.id,
      name: 'Shaky',
      state: 'failing',
      consecutiveFailures: 6,
      verdicts: null,
    });
    stage.receiver.on('/hook').answer(200);
    await stage.turn(13 * HOUR);
    await stage.attempted(webhook, 7);
    const { health } = await stage.webhook(webhook);
    expect(health).toMatchObject({ state: 'healthy', consecutiveFailures: 0 });
    expect(health.lastSuccessAt).not.toBeNull();
    expect(notifications().map(({ type }) => type)).toEqual(['webhook.failing']);
  });

  const failOnce = async (webhook: Webhook) => {
    const before = stage.calls().length;
    await stage.write();
    await stage.receiver.waitFor(before + 1, { path: '/hook' });
    await stage.finished(webhook);
  };

  it('is disabled after five days of failed attempts only, and not before', async () => {
    await watched();
    stage.receiver.on('/hook').answer(500);
    const webhook = await stage.makeWebhook({ maxAttempts: 1 });
    await failOnce(webhook);
    await stage.turn(5 * DAY - HOUR);
    await failOnce(webhook);
    expect((await stage.webhook(webhook)).enabled).toBe(true);
    await stage.turn(HOUR);
    await failOnce(webhook);
    expect(await stage.webhook(webhook)).toMatchObject({
      enabled: false,
      health: {
        state: 'disabled',
        disabledReason: 'Every attempt of the last 5 days failed.',
      },
    });
    await stage.receiver.waitFor(1, { path: '/watch' });
    expect(notifications()).toMatchObject([{ type: 'webhook.disabled' }]);
  });

  it('that succeeded once in five days stays enabled', async () => {
    stage.receiver.on('/hook').answer(500, 200, 500);
    const webhook = await stage.makeWebhook({ maxAttempts: 1 });
    await failOnce(webhook);
    await stage.turn(3 * DAY);
    await failOnce(webhook);
    await stage.turn(3 * DAY);
    await failOnce(webhook);
    expect(await stage.webhook(webhook)).toMatchObject({
      enabled: true,
      health: { consecutiveFailures: 1 },
    });
  });

  it('that is disabled keeps what waits, and sends it when it is enabled again', async () => {
    stage.receiver.on('/hook').answer(500);
    const webhook = await stage.makeWebhook();
    await stage.write(3);
    await stage.all(webhook, ({ state, attemptCount }) => state === 'retrying' && attemptCount > 0);
    await stage.changeWebhook(webhook, { enabled: false });
    stage.receiver.on('/hook').answer(200);
    await stage.turn(HOUR);
    const witness = await stage.makeWebhook({ path: '/witness' });
    await stage.write();
    await stage.finished(witness);
    expect(stage.calls()).toHaveLength(3);

    await stage.changeWebhook(webhook, { enabled: true });
    const found = await stage.finished(webhook);
    expect(found.map(({ state, attemptCount }) => [state, attemptCount])).toEqual(
      Array(3).fill(['delivered', 2]),
    );
  });

  it('that is deleted leaves what waits in the log, cancelled, with the reason', async () => {
    stage.receiver.on('/hook').answer(500);
    const webhook = await stage.makeWebhook({ name: 'Old' });
    await stage.write();
    const delivery = await stage.attempted(webhook, 1);
    await stage.api('DELETE', `/webhooks/${webhook.id}`);
    await stage.turn(HOUR);
    expect(await stage.delivery(delivery)).toMatchObject({
      state: 'cancelled',
      nextAttemptAt: null,
      reason: 'The webhook "Old" was deleted before this was sent.',
      webhook: { id: webhook.id, name: 'Old', isDeleted: true },
      attempts: [{ outcome: expect.any(String), response: { status: 500 } }],
    });
    expect(stage.calls()).toHaveLength(1);
    const refused = await stage.app.request(
      'POST',
      `/workflow-webhooks/deliveries/${delivery.id}/resend`,
    );
    expect(refused.status).toBe(400);
    expect(refused.body.error.message).toContain('"Old" was deleted');
    const many = { states: ['cancelled', 'dead', 'retrying'], webhook: webhook.id };
    expect(await stage.api('POST', '/deliveries/resend', many)).toEqual({ count: 0 });
  });
});

describe('a delivery that is cancelled while its request is under way', () => {
  it('keeps that attempt in the log', async () => {
    const held = heldAnswer(200);
    stage.receiver.on('/hook').answer(held.answer);
    const webhook = await stage.makeWebhook();
    await stage.write();
    await stage.receiver.waitFor(1);
    const [delivery] = await stage.deliveries(webhook);
    await stage.api('DELETE', `/webhooks/${webhook.id}`);
    held.release();
    const { state } = await until(
      () => stage.delivery(delivery!),
      ({ attempts }) => attempts.length > 0,
    );
    expect(state).toBe('cancelled');
  });
});

describe('the health of a webhook', () => {
  it('is healthy after a success whose first recording was rolled back', async () => {
    const recorded = await stage.app.run(async (strapi) => {
      const health = strapi.plugin('workflow-webhooks').service('health');
      const now = strapi.plugin('workflow-webhooks').service('clock').now();
      const none = { successes: 0, failures: 0, disable: null, succeededAt: null, failedAt: null };
      const record = (tally: object, fails = false) =>
        strapi.db.connection.transaction(async (trx: any) => {
          await health.record(new Map([['shaky', { ...none, ...tally }]]), { trx, now });
          if (fails) throw new Error('The database goes away');
        });
      await record({ failures: 1, failedAt: now - 10 });
      await record({ successes: 1, succeededAt: now }, true).catch(() => undefined);
      await record({ successes: 1, succeededAt: now });
      const known = (await health.all(['shaky'])).get('shaky').health;
      await health.forget('shaky');
      return known;
    });
    expect(recorded).toMatchObject({ consecutiveFailures: 0, failingSince: null });
    expect(recorded.lastSuccessAt).not.toBeNull();
  });
});
