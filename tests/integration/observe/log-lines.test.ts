/** The lines of the server's log, as a JSON logger gets them. */
import { captureLog, type LogFile } from '../../support/log-file';
import type { StartOptions } from '../../support/strapi';
import { MINUTE, until } from '../delivery/stage';
import { no, Scene } from '../workflow/scene';

let scene: Scene;
let log: LogFile;

const start = async (options: StartOptions = {}) => {
  scene = await Scene.start(options);
  log = await captureLog(scene.app);
};

const lines = () => log.lines().filter(({ message }) => message.startsWith('workflow-webhooks:'));

const linesOf = (kind: string) => lines().filter(({ line }) => line === kind);

const waitFor = (count: number, kind: string) =>
  until(
    async () => linesOf(kind),
    (found) => found.length >= count,
  );

afterEach(async () => {
  await scene?.stop();
  log?.remove();
});

it('one line an event and one an attempt, with all that a search needs', async () => {
  await start({ config: { log: { events: 'info', attempts: 'info' } } });
  const { stage } = scene;
  stage.receiver.on('/hook').answer({ status: 503, body: 'busy' }, 200);
  const webhook = await stage.makeWebhook({ name: 'Website' });
  const [documentId] = await stage.write();
  const { id, eventId } = await stage.attempted(webhook, 1);
  await stage.turn(15 * MINUTE);
  await stage.attempted(webhook, 2);

  const [event, ...moreEvents] = await waitFor(1, 'event');
  expect(moreEvents).toEqual([]);
  expect(event).toMatchObject({
    level: expect.stringContaining('info'),
    message: `workflow-webhooks: recorded entry.create of api::notice.notice ${documentId} for "Website" (${eventId})`,
    eventId,
    event: 'entry.create',
    uid: 'api::notice.notice',
    documentId,
    actorType: 'system',
    webhooks: [webhook.id],
    deliveries: 1,
  });

  const [first, second, ...more] = await waitFor(2, 'attempt');
  expect(more).toEqual([]);
  expect(first).toMatchObject({
    eventId,
    event: 'entry.create',
    documentId,
    webhookId: webhook.id,
    webhook: 'Website',
    deliveryId: id,
    attempt: 1,
    trigger: 'automatic',
    outcome: 'refused',
    status: 503,
    state: 'retrying',
    nextAttemptAt: expect.stringMatching(/^\d{4}-.*Z$/),
    reason: 'The receiver answered 503.',
    durationMs: expect.any(Number),
    requestBytes: expect.any(Number),
    responseBytes: 4,
  });
  expect(second).toMatchObject({
    attempt: 2,
    outcome: 'delivered',
    status: 200,
    state: 'delivered',
  });
  expect(second?.message).toContain(`delivery ${id}, attempt 2`);
  expect(first?.requestBytes).toBe(Buffer.byteLength(stage.calls()[0]?.body ?? ''));
});

it('tests and validations are attempts too', async () => {
  await start({ config: { log: { attempts: 'info' } } });
  const workflow = await scene.makeWorkflow();
  const validation = await scene.validation(workflow.id, 'submit');
  scene.receiver.on('/check').answer(no('Not yet.'));
  await scene.run({ documentId: await scene.draft() }, 'submit');
  await scene.stage.api('POST', `/webhooks/${validation.id}/test`, {});
  const [asked, tested] = await waitFor(2, 'attempt');
  expect(asked).toMatchObject({
    event: 'workflow.validation',
    webhookId: validation.id,
    verdict: 'refused',
    status: 200,
    trigger: 'automatic',
  });
  expect(tested).toMatchObject({ webhookId: validation.id, trigger: 'test' });
});

it('a rolled back change is never recorded', async () => {
  await start({ config: { log: { events: 'info' } } });
  const { stage } = scene;
  const webhook = await stage.makeWebhook();
  await stage.app.run(async (strapi) => {
    const documents = strapi.documents('api::notice.notice');
    const undone = strapi.db.transaction(async () => {
      await documents.create({ data: { title: 'Undone' } });
      throw new Error('Undo it.');
    });
    await undone.catch(() => undefined);
    await strapi.db.transaction(() => documents.create({ data: { title: 'Done' } }));
  });
  await stage.finished(webhook);
  expect(await waitFor(1, 'event')).toHaveLength(1);
});

it('by default the log is quiet, but for a delivery that died', async () => {
  await start();
  const { stage } = scene;
  stage.receiver.on('/moved').answer({ redirect: 'https://example.com/' });
  const good = await stage.makeWebhook();
  const moved = await stage.makeWebhook({ path: '/moved' });
  await stage.write();
  await stage.finished(good);
  await stage.finished(moved);
  const [dead, ...more] = await until(
    async () => lines(),
    (found) => found.length > 0,
  );
  expect(more).toEqual([]);
  expect(dead).toMatchObject({
    level: expect.stringContaining('warn'),
    line: 'attempt',
    webhookId: moved.id,
    status: 302,
    state: 'dead',
    reason: expect.stringContaining('redirect'),
  });
});

it('by default a failed attempt is a warning, one a minute for each webhook, and the health of a webhook an error', async () => {
  const secret = 'path-canary-4711';
  await start({
    config: { delivery: { schedule: [0, 100, 60 * MINUTE] }, log: {} },
  });
  const { stage } = scene;
  stage.receiver.on(`/shaky/${secret}`).answer(503);
  stage.receiver.on('/gone').answer(410);
  const shaky = await stage.makeWebhook({ name: 'Shaky', path: `/shaky/${secret}` });
  await stage.makeWebhook({ name: 'Gone', path: '/gone' });
  await stage.write(3);
  await stage.all(shaky, ({ attemptCount }) => attemptCount === 2);
  const failed = () => linesOf('attempt').filter(({ webhook }) => webhook === 'Shaky');
  const [first, ...more] = failed();
  expect(more).toEqual([]);
  expect(first).toMatchObject({
    level: expect.stringContaining('warn'),
    event: 'entry.create',
    outcome: 'refused',
    status: 503,
    attempt: 1,
    nextAttemptAt: expect.stringMatching(/^\d{4}-.*Z$/),
  });
  for (const part of ['"Shaky"', 'entry.create', 'refused 503', first?.nextAttemptAt, 'attempt 1'])
    expect(first?.message).toContain(part);

  const errors = await waitFor(2, 'health');
  expect(errors.map(({ webhook, state }) => [webhook, state]).sort()).toEqual([
    ['Gone', 'disabled'],
    ['Shaky', 'failing'],
  ]);
  for (const { level } of errors) expect(level).toContain('error');
  expect(errors.find(({ webhook }) => webhook === 'Gone')?.message).toContain('410 Gone');

  // A minute of the server's own time: it is not turned, so a second webhook shows that each has a minute of its own.
  const other = await stage.makeWebhook({ name: 'Other', path: `/shaky/${secret}` });
  await stage.write();
  await stage.all(other, ({ attemptCount }) => attemptCount > 0);
  await until(
    async () => linesOf('attempt'),
    (found) => found.some(({ webhook }) => webhook === 'Other'),
  );
  expect(log.text()).not.toContain(secret);
});

it('"off" is off', async () => {
  await start({
    config: { log: { events: 'off', attempts: 'off' } },
    env: { LOG_LEVEL: 'debug' },
  });
  const { stage } = scene;
  stage.receiver.on('/moved').answer({ redirect: 'https://example.com/' });
  const moved = await stage.makeWebhook({ path: '/moved' });
  await stage.write();
  await stage.finished(moved);
  // Lines are in order: whatever was to be said of these is before this one.
  await stage.app.run((strapi) => {
    strapi.log.info('workflow-webhooks: the end');
  });
  await until(
    async () => lines(),
    (found) => found.some(({ message }) => message.endsWith('the end')),
  );
  expect([...linesOf('event'), ...linesOf('attempt')]).toEqual([]);
});
