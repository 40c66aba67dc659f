/** A webhook that disabled itself: missed deliveries are kept, waiting ones stay, and both can be sent. */
import type { Webhook } from '../../../server/contract/webhook';
import { reachable } from './reachable';
import { DAY, HOUR, MINUTE, Stage, until } from './stage';

describe.each(reachable('sqlite', 'postgres', 'mysql'))('on %s', (database) => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.start({ database, config: { delivery: { schedule: [0, 10 * MINUTE] } } });
  });
  afterEach(() => stage.clear());
  afterAll(() => stage?.stop());

  const resend = (wish: object) =>
    stage.api<{ count: number }>('POST', '/deliveries/resend', {
      states: ['dead', 'cancelled'],
      ...wish,
    });
  const statesOf = async (webhook: Webhook) =>
    (await stage.deliveries(webhook)).map(({ state }) => state);

  /** Its receiver answers 410 to the first delivery. */
  const disabled = async (): Promise<Webhook> => {
    stage.receiver.on('/hook').answer(410, 200);
    const webhook = await stage.makeWebhook();
    await stage.write(1, 'Refused');
    await stage.finished(webhook);
    return stage.webhook(webhook);
  };

  it('says why and since when', async () => {
    const { enabled, health } = await disabled();
    expect({ enabled, ...health }).toMatchObject({
      enabled: false,
      state: 'disabled',
      disabledReason: 'The receiver answered 410 Gone: it wants no more deliveries.',
      disabledAt: expect.stringMatching(/^\d{4}-.*Z$/),
    });
  });

  it('is listed by its health, with the last delivery of each webhook', async () => {
    const gone = await disabled();
    stage.receiver.on('/failing').answer(500);
    const failing = await stage.makeWebhook({ path: '/failing' });
    const fine = await stage.makeWebhook({ path: '/fine' });
    const off = await stage.makeWebhook({ path: '/off' });
    const [documentId] = await stage.write(5, 'Seen');
    await stage.all(failing, ({ attemptCount }) => attemptCount === 1);
    await stage.finished(fine);
    await stage.finished(off);
    await stage.changeWebhook(off, { enabled: false });
    const listed = async (health: string) =>
      (await stage.api<Webhook[]>('GET', `/webhooks?health=${health}`)).map(({ id }) => id);
    expect(await listed('disabled')).toEqual([gone.id]);
    expect(await listed('failing')).toEqual([failing.id]);
    expect(await listed('healthy')).toEqual([fine.id]);
    expect(await listed('off')).toEqual([off.id]);
    expect((await stage.app.request('GET', `/workflow-webhooks/webhooks?health=x`)).status).toBe(
      400,
    );

    const last = async ({ id }: Webhook) => (await stage.webhook({ id })).health.lastDelivery;
    const newestOf = async (webhook: Webhook) => (await stage.deliveries(webhook)).at(-1);
    const sent = await newestOf(fine);
    expect(await last(fine)).toEqual({ id: sent?.id, state: 'delivered', at: sent?.deliveredAt });
    expect(await last(failing)).toMatchObject({ state: 'retrying' });
    expect(await last(gone)).toMatchObject({ state: 'dead' });
    expect(await last(await stage.makeWebhook({ path: '/new' }))).toBeNull();

    await stage.app.run(
      (strapi, id) => strapi.documents('api::notice.notice').delete({ documentId: id }),
      documentId!,
    );
    const found = async (search: string) =>
      stage.api('GET', `/deliveries?webhook=${fine.id}&search=${search}`);
    expect(await found(documentId!)).toMatchObject([
      { document: { title: 'Seen 1', isOpenable: false } },
    ]);
    expect(await found('sEEN')).toHaveLength(4);
  });

  /** The input of a form that was opened at that time. */
  const saveForm = ({ id, health, createdAt, publicKey, includesEndUsers, ...fields }: Webhook) =>
    stage.api<Webhook>('PUT', `/webhooks/${id}`, { ...fields, name: 'Renamed' });

  it('stays disabled when a form that was opened before is saved', async () => {
    stage.receiver.on('/hook').answer(410, 200);
    const opened = await stage.makeWebhook();
    await stage.write(1, 'Refused');
    await stage.finished(opened);
    expect(await saveForm(opened)).toMatchObject({
      name: 'Renamed',
      enabled: false,
      health: { state: 'disabled' },
    });
  });

  it('stays enabled when a form that was opened before is saved', async () => {
    const opened = await disabled();
    expect(await stage.api('POST', `/webhooks/${opened.id}/enable`)).toMatchObject({
      enabled: true,
      health: { state: 'healthy', disabledReason: null },
    });
    expect(await saveForm(opened)).toMatchObject({ name: 'Renamed', enabled: true });
    await stage.write(1, 'After');
    await stage.receiver.waitFor(2);
  });

  it('has fresh health after a restore enabled it again', async () => {
    const webhook = await disabled();
    await stage.app.run(
      (app, id) =>
        app.db
          .query('plugin::workflow-webhooks.webhook')
          .update({ where: { documentId: id }, data: { enabled: true } }),
      webhook.id,
    );
    await stage.turn(2 * MINUTE);
    await stage.app.run((app) => app.plugin('workflow-webhooks').service('pruner').keep());
    expect((await stage.webhook(webhook)).health).toMatchObject({
      state: 'healthy',
      disabledReason: null,
      disabledAt: null,
    });
  });

  it('missed deliveries are kept with the reason, not sent, and can be resent', async () => {
    const webhook = await disabled();
    const from = webhook.health.disabledAt!;
    const ids = await stage.write(3, 'Missed');
    const missed = (await stage.deliveries(webhook)).slice(1);
    expect(missed).toMatchObject(
      ids.map((documentId) => ({
        documentId,
        state: 'cancelled',
        attemptCount: 0,
        reason:
          'The webhook was disabled when this happened. The receiver answered 410 Gone: it wants no more deliveries.',
      })),
    );
    await stage.changeWebhook(webhook, { enabled: true });
    await stage.write(1, 'After');
    await stage.receiver.waitFor(2);
    expect(await resend({ webhook: webhook.id, from, dryRun: true })).toMatchObject({ count: 3 });
    expect(stage.calls()).toHaveLength(2);

    expect(await resend({ webhook: webhook.id, from })).toEqual({ count: 3 });
    await stage.all(webhook, ({ state }) => state === 'delivered' || state === 'dead');
    const titles = stage.calls().map(({ body }) => JSON.parse(body).data.entry.title);
    expect(titles.sort()).toEqual(['After 1', 'Missed 1', 'Missed 2', 'Missed 3', 'Refused 1']);
    expect(await resend({ webhook: webhook.id, from, dryRun: true })).toMatchObject({ count: 0 });
  });

  it('a resent missed delivery gets as many attempts as any other', async () => {
    const webhook = await disabled();
    await stage.write(1, 'Missed');
    stage.receiver.on('/hook').answer(500, 200);
    await stage.changeWebhook(webhook, { enabled: true });
    await resend({ webhook: webhook.id, states: ['cancelled'] });
    // The delivery is "retrying" from the start, so only its attempt shows that the first call was made.
    await stage.all(
      webhook,
      ({ state, attemptCount }) => state === 'dead' || (state === 'retrying' && attemptCount === 1),
    );
    await stage.turn(15 * MINUTE);
    const [, missed] = await stage.finished(webhook);
    expect(missed).toMatchObject({ state: 'delivered', attemptCount: 2 });
  });

  it('a change that is rolled back was not missed', async () => {
    const webhook = await disabled();
    await stage.app.run(async (strapi) => {
      await strapi.db
        .transaction(async () => {
          await strapi.documents('api::notice.notice').create({ data: { title: 'Never' } });
          throw new Error('Rolled back');
        })
        .catch(() => undefined);
    });
    expect(await statesOf(webhook)).toEqual(['dead']);
  });

  it('waiting deliveries stay, and are sent when it is enabled again', async () => {
    stage.receiver.on('/hook').answer(500, 410, 200);
    const webhook = await stage.makeWebhook();
    await stage.write(1, 'Waiting');
    await stage.attempted(webhook, 1);
    await stage.write(1, 'Refused');
    await stage.all(webhook, ({ state, attemptCount }) => attemptCount > 0 && state !== 'sending');
    await stage.turn(15 * MINUTE);
    const witness = await stage.makeWebhook({ path: '/witness' });
    await stage.write(1, 'Missed');
    await stage.finished(witness);
    expect(await statesOf(webhook)).toEqual(['retrying', 'dead', 'cancelled']);
    expect(stage.calls()).toHaveLength(2);

    await stage.changeWebhook(webhook, { enabled: true });
    await stage.finished(webhook);
    expect(await statesOf(webhook)).toEqual(['delivered', 'dead', 'cancelled']);
  });

  it('a webhook that an administrator disabled misses nothing', async () => {
    const webhook = await stage.makeWebhook({ enabled: false });
    await stage.write();
    expect(await statesOf(webhook)).toEqual([]);
    await stage.changeWebhook(webhook, { enabled: true });
    await stage.changeWebhook(webhook, { enabled: false });
    await stage.write();
    expect(await statesOf(webhook)).toEqual([]);
  });

  it('keeps what a submit webhook misses of a publication', async () => {
    stage.receiver.on('/hook').answer(410, 200);
    const webhook = await stage.makeWebhook({
      kind: 'submit',
      workflow: 'publication',
      state: 'published',
      contentTypes: [],
      events: [],
    });
    const publish = (title: string) =>
      stage.app.run(async (strapi, name) => {
        const pages = strapi.documents('api::page.page');
        const { documentId } = await pages.create({ data: { title: name } });
        await pages.publish({ documentId });
      }, title);
    await publish('Refused');
    await stage.finished(webhook);
    await publish('Missed');
    expect(await statesOf(webhook)).toEqual(['dead', 'cancelled']);
  });

  it('failing watchers notify each other, but never themselves, so the notifications end', async () => {
    stage.receiver.on('/one').answer(410);
    stage.receiver.on('/two').answer(410);
    const news = { events: ['webhook.failing', 'webhook.disabled'], contentTypes: [] };
    const one = await stage.makeWebhook({ path: '/one', ...news });
    const two = await stage.makeWebhook({ path: '/two', ...news });
    await disabled();
    for (const watcher of [one, two])
      await until(
        () => stage.webhook(watcher),
        ({ enabled }) => !enabled,
      );
    const witness = await stage.makeWebhook({ path: '/witness' });
    await stage.write(1, 'Witnessed');
    await stage.finished(witness);

    const notifications = async (webhook: Webhook) =>
      (await stage.deliveries(webhook)).map(({ event, documentId }) => [event, documentId]);
    for (const [watcher, other] of [
      [one, two],
      [two, one],
    ] as const) {
      expect((await stage.webhook(watcher)).enabled).toBe(false);
      const received = await notifications(watcher);
      expect(received.filter(([, subject]) => subject === watcher.id)).toEqual([]);
      // Of the hook and of the other one, once each: the second one is kept for who is disabled already.
      expect(received).toHaveLength(2);
      expect(received).toContainEqual(['webhook.disabled', other.id]);
    }
    expect(stage.calls('/one').length + stage.calls('/two').length).toBeLessThanOrEqual(4);
  });

  it('is disabled too if everything failed for days and its failures began earlier', async () => {
    stage.receiver.on('/hook').answer(500);
    const webhook = await stage.makeWebhook({ maxAttempts: 1 });
    await stage.write(1, 'First');
    await stage.finished(webhook);
    await stage.turn(6 * DAY);
    await stage.write(1, 'Last');
    await stage.finished(webhook);
    await stage.write(1, 'Missed');
    const { health } = await stage.webhook(webhook);
    expect(Date.parse(health.disabledAt!) - Date.parse(health.failingSince!)).toBeGreaterThan(
      5 * DAY,
    );
    const since = { webhook: webhook.id, dryRun: true };
    expect(await resend({ ...since, from: health.disabledAt })).toMatchObject({ count: 1 });
    expect(await resend(since)).toMatchObject({ count: 3 });
  });

  it('offers to resend everything that failed or was missed since its first failure in a row, even if it was made long before', async () => {
    let isDown = false;
    stage.receiver
      .on('/hook')
      .answer(({ body }) =>
        body.includes('Last') ? 410 : isDown || body.includes('Old') ? 500 : 200,
      );
    const webhook = await stage.makeWebhook({ maxAttempts: 3 });
    await stage.write(1, 'Old');
    await stage.attempted(webhook, 1);
    await stage.write(1, 'Fine');
    await stage.all(
      webhook,
      ({ attemptCount, state }) => attemptCount === 1 && state !== 'sending',
    );
    isDown = true;
    await stage.turn(HOUR);
    await until(
      () => stage.deliveries(webhook),
      ([old]) => old?.attemptCount === 2 && old.state === 'retrying',
    );
    await stage.turn(HOUR);
    await stage.finished(webhook);
    await stage.write(1, 'Last');
    await stage.finished(webhook);
    await stage.write(1, 'Missed');
    const { health } = await stage.webhook(webhook);
    const lost = { webhook: webhook.id, dryRun: true };
    expect(await resend({ ...lost, from: health.failingSince })).toMatchObject({ count: 2 });
    expect(await resend({ ...lost, endedFrom: health.failingSince })).toMatchObject({ count: 3 });
    expect(await resend({ ...lost, endedFrom: health.disabledAt })).toMatchObject({ count: 2 });
  });
});
