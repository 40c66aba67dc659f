/** The log of deliveries: resending from it, and deleting old entries. */
import type { Delivery } from '../../../server/contract/delivery';
import { heldAnswer } from '../../support/receiver';
import { DAY, MINUTE, HOUR, Stage } from './stage';

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.start({
    config: { delivery: { retentionDays: 10, schedule: [0, 10 * MINUTE] } },
  });
});
afterEach(() => stage.clear());
afterAll(() => stage.stop());

describe('a resend', () => {
  it('sends a dead delivery again, once, and without further attempts if it fails again', async () => {
    stage.receiver.on('/hook').answer(500, 500, 200);
    const webhook = await stage.makeWebhook({ maxAttempts: 1 });
    await stage.write();
    const [delivery] = await stage.finished(webhook);
    await stage.api('POST', `/deliveries/${delivery!.id}/resend`);
    const again = await stage.attempted(webhook, 2);
    expect(again).toMatchObject({ state: 'dead', attempts: [{ trigger: 'resend' }, {}] });
    await stage.api('POST', `/deliveries/${delivery!.id}/resend`);
    const last = await stage.attempted(webhook, 3);
    expect(last).toMatchObject({ state: 'delivered', reason: null });
    expect(new Set(stage.calls().map(({ body }) => body)).size).toBe(1);
    expect(new Set(stage.calls().map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  });

  it('sends a delivered and a cancelled delivery again', async () => {
    const webhook = await stage.makeWebhook();
    await stage.write(2);
    const [one, other] = await stage.finished(webhook);
    // A delivery of a webhook that is there is never cancelled today; workflows will do it.
    await stage.app.run(
      (strapi, id) =>
        strapi.db
          .connection('workflow_webhooks_deliveries')
          .where('id', Number(id))
          .update({ state: 'cancelled' }),
      other!.id,
    );
    for (const { id } of [one!, other!]) await stage.api('POST', `/deliveries/${id}/resend`);
    const found = await stage.all(webhook, ({ attemptCount }) => attemptCount === 2);
    expect(found.map(({ state }) => state)).toEqual(['delivered', 'delivered']);
    expect(stage.calls()).toHaveLength(4);
  });

  it('is refused while the delivery is on its way', async () => {
    const held = heldAnswer(200);
    stage.receiver.on('/hook').answer(held.answer);
    const webhook = await stage.makeWebhook();
    await stage.write();
    await stage.receiver.waitFor(1);
    const [delivery] = await stage.deliveries(webhook);
    const path = `/workflow-webhooks/deliveries/${delivery!.id}/resend`;
    const refused = await stage.app.request('POST', path);
    held.release();
    expect(refused.status).toBe(400);
    expect(refused.body.error.message).toContain('already on its way');
    await stage.finished(webhook);
    expect(stage.calls()).toHaveLength(1);
  });

  it('of many returns how many match the filter, and sends those', async () => {
    stage.receiver.on('/dead').answer(500, 500, 500, 200);
    const dead = await stage.makeWebhook({ path: '/dead', maxAttempts: 1 });
    const fine = await stage.makeWebhook({ path: '/fine' });
    await stage.write(3);
    await stage.finished(dead);
    await stage.finished(fine);

    const resend = (choice: object) => stage.api('POST', '/deliveries/resend', choice);
    const later = new Date(Date.now() + HOUR).toISOString();
    expect(await resend({ webhook: dead.id, states: ['delivered'] })).toEqual({ count: 0 });
    expect(await resend({ webhook: dead.id, states: ['dead'], from: later })).toEqual({ count: 0 });
    expect(await resend({ webhook: dead.id, states: ['dead', 'delivered'] })).toEqual({ count: 3 });
    const again = await stage.all(dead, ({ attemptCount }) => attemptCount === 2);
    expect(again.map(({ state }) => state)).toEqual(Array(3).fill('delivered'));
    expect(await resend({ webhook: fine.id, states: ['delivered'], to: later })).toEqual({
      count: 3,
    });
    await stage.all(fine, ({ attemptCount }) => attemptCount === 2);
    expect(stage.calls('/fine')).toHaveLength(6);
  });
});

describe('the log', () => {
  /** How many rows there are of these events: the events, their deliveries, and those's attempts. */
  const rowsOf = (deliveries: Delivery[]) =>
    stage.app.run(
      async (strapi, ids) => {
        const count = async (table: string, column: string, values: string[]) => {
          const rows = strapi.db.connection(`workflow_webhooks_${table}`);
          return Number((await rows.whereIn(column, values).count({ n: '*' }))[0].n);
        };
        return [
          await count('events', 'event_id', ids.events),
          await count('deliveries', 'event_id', ids.events),
          await count('attempts', 'delivery_id', ids.deliveries),
        ];
      },
      {
        events: [...new Set(deliveries.map(({ eventId }) => eventId))],
        deliveries: deliveries.map(({ id }) => id),
      },
    );
  const prune = () =>
    stage.app.run((strapi) => strapi.plugin('workflow-webhooks').service('pruner').prune());

  it('is searched by a part of a title, by a document and by an event', async () => {
    const webhook = await stage.makeWebhook();
    const [documentId] = await stage.write(1, 'Weather report');
    await stage.write(1, 'Another');
    const [delivery] = await stage.finished(webhook);
    const found = async (search: string) => {
      const query = new URLSearchParams({ webhook: webhook.id, search });
      const rows: Delivery[] = await stage.api('GET', `/deliveries?${query}`);
      return rows.map((row) => row.documentId);
    };
    const { eventId } = delivery!;
    for (const search of ['EATHER rep', documentId!, ` ${eventId} `])
      expect(await found(search)).toEqual([documentId]);
    expect(await found(eventId.slice(0, -1))).toEqual([]);
    expect(await found('A title that no notice has')).toEqual([]);
    expect(await found(' ')).toHaveLength(2);
  });

  it('knows the title of a document that was deleted, which it cannot open', async () => {
    const webhook = await stage.makeWebhook();
    const [documentId] = await stage.write(1, 'Soon gone');
    const [delivery] = await stage.finished(webhook);
    const document = { title: 'Soon gone 1', contentType: { displayName: 'Notice' } };
    const path = `/deliveries/${delivery!.id}`;
    expect(await stage.api('GET', path)).toMatchObject({
      document: { ...document, isOpenable: true },
    });
    await stage.app.run(
      (strapi, id) => strapi.documents('api::notice.notice').delete({ documentId: id }),
      documentId!,
    );
    const gone = { document: { ...document, isOpenable: false } };
    expect(await stage.api('GET', path)).toMatchObject(gone);
    expect(await stage.api('GET', `/deliveries?documentId=${documentId}`)).toMatchObject([gone]);
  });

  it('finds the deliveries after a given one, and those up to it', async () => {
    const webhook = await stage.makeWebhook();
    await stage.write(2);
    const ids = async (query: string) => {
      const path = `/deliveries?webhook=${webhook.id}&${query}`;
      return (await stage.api<Delivery[]>('GET', path)).map(({ id }) => id);
    };
    const known = await ids('');
    const [newest] = known;
    expect(await ids(`after=${newest}`)).toEqual([]);
    await stage.write();
    expect(await ids(`after=${newest}`)).toHaveLength(1);
    expect(await ids(`upTo=${newest}`)).toEqual(known);
    expect(await ids('after=9999999999')).toEqual([]);
    const refused = await stage.app.request('GET', '/workflow-webhooks/deliveries?after=soon');
    expect(refused.status).toBe(400);
  });

  it('forgets finished deliveries, their attempts and events when they are old, and no others', async () => {
    stage.receiver.on('/failing').answer(500);
    const fine = await stage.makeWebhook({ path: '/fine' });
    const failing = await stage.makeWebhook({ path: '/failing' });
    await stage.write(2);
    await stage.all(failing, ({ attemptCount }) => attemptCount === 1);
    await stage.changeWebhook(failing, { enabled: false });
    // These two events have only finished deliveries.
    await stage.write(2, 'Finished');
    const old = await stage.finished(fine);
    await stage.turn(9 * DAY);
    await prune();
    expect(await rowsOf(old)).toEqual([4, 6, 4]);
    await stage.turn(2 * DAY);
    await stage.write(1, 'Young');
    const [young] = (await stage.finished(fine)).slice(-1);
    await prune();

    expect((await stage.deliveries(fine)).map(({ id }) => id)).toEqual([young!.id]);
    const kept = await stage.deliveries(failing);
    expect(kept.map(({ state }) => state)).toEqual(['retrying', 'retrying']);
    expect(await rowsOf(old)).toEqual([2, 2, 0]);
    expect(await rowsOf(kept)).toEqual([2, 2, 2]);
    expect(await rowsOf([young!])).toEqual([1, 1, 1]);

    await stage.changeWebhook(failing, { enabled: true, url: stage.receiver.url('/fine') });
    const sent = await stage.finished(failing);
    expect(sent.map(({ state }) => state)).toEqual(['delivered', 'delivered']);
  });

  it('is pruned to its end, though many old events still wait for their receiver', async () => {
    // More than one batch of the pruner takes.
    const many = 210;
    const waiting = await stage.makeWebhook({ path: '/waiting' });
    stage.receiver.on('/waiting').answer(500);
    await stage.write(many, 'Waiting');
    await stage.changeWebhook(waiting, { enabled: false });
    const fine = await stage.makeWebhook({ path: '/fine' });
    await stage.write(1, 'Fine');
    const old = await stage.finished(fine);
    await stage.turn(11 * DAY);
    await prune();
    expect(await rowsOf(old)).toEqual([0, 0, 0]);
    const [events, deliveries] = await rowsOf(await stage.deliveries(waiting));
    expect([events, deliveries]).toEqual([many, many]);
  });
});

describe('a delivery of a webhook that is gone', () => {
  const keep = () =>
    stage.app.run((strapi) => strapi.plugin('workflow-webhooks').service('pruner').keep());
  const orphan = (id: string) =>
    stage.app.run(
      (strapi, row) =>
        strapi.db
          .connection('workflow_webhooks_deliveries')
          .where('id', row)
          .update({ webhook_id: 'gone' }),
      Number(id),
    );
  const stateOf = async (id: string) => (await stage.api('GET', `/deliveries/${id}`)).state;

  it('is cancelled when it is not new any more, and says why', async () => {
    stage.receiver.on('/hook').answer(500);
    const webhook = await stage.makeWebhook();
    await stage.write(2);
    const [left, other] = await stage.all(webhook, ({ attemptCount }) => attemptCount === 1);
    await orphan(left!.id);
    await keep();
    expect(await stateOf(left!.id)).toBe('retrying');
    await stage.turn(2 * MINUTE);
    await keep();
    expect(await stage.api('GET', `/deliveries/${left!.id}`)).toMatchObject({
      state: 'cancelled',
      reason: 'The webhook was deleted before this was sent.',
      webhook: { name: left!.webhook.name, isDeleted: true },
    });
    expect(await stateOf(other!.id)).not.toBe('cancelled');
  });
});
