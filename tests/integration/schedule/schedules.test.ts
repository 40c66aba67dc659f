/** A schedule publishes and archives its document, sends events, and fails visibly if it is refused. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Schedule } from '../../../server/contract/schedule';
import { problemsOf } from '../api/plugin-api';
import { reachable } from '../delivery/reachable';
import { HOUR, MINUTE, until } from '../delivery/stage';
import { PAGE, YES, no, type Scene } from '../workflow/scene';
import { Planning } from './planning';

describe.each(reachable('sqlite', 'postgres', 'mysql'))('on %s', (database) => {
  let plan: Planning;
  let scene: Scene;

  beforeAll(async () => {
    plan = await Planning.start({ database });
    scene = plan.scene;
  });
  afterAll(() => plan?.stop());
  afterEach(() => plan.clear());

  const schedule = (documentId: string, times: object) => plan.schedule({ documentId }, times);
  const isPublic = (documentId: string) => plan.isPublic({ documentId });

  /** The next so many publications of documents with this title end in a fault of the server's. */
  const stumble = (times: number) =>
    scene.app.run((strapi, wanted) => {
      const world = globalThis as { stumbles?: number };
      if (world.stumbles === undefined)
        strapi.documents.use(async (context: any, next: () => Promise<any>) => {
          const result = await next();
          const [entry] = context.action === 'publish' ? result.entries : [];
          if (entry?.title === 'Stumbles' && (world.stumbles ?? 0) > 0) {
            world.stumbles = (world.stumbles ?? 0) - 1;
            throw new Error('connection terminated unexpectedly');
          }
          return result;
        });
      world.stumbles = wanted;
    }, times);

  test('A schedule that became due while the server was down runs at the next start', async () => {
    const documentId = await scene.draft();
    const publishAt = plan.fromNow(4000);
    const made = await schedule(documentId, { publishAt });
    await scene.app.kill();
    await sleep(Date.parse(publishAt) - Date.now());
    await plan.restart();
    await until(
      () => plan.find(made),
      ({ state }) => state === 'done',
    );
    expect(await isPublic(documentId)).toBe(true);
  });

  test('A schedule publishes once, then archives once, each with an event', async () => {
    await plan.subscribe(PAGE);
    const documentId = await scene.draft();
    const made = await schedule(documentId, {
      publishAt: plan.fromNow(HOUR),
      archiveAt: plan.fromNow(3 * HOUR),
      timezone: 'Europe/Berlin',
    });
    expect(made).toMatchObject({ state: 'scheduled', timezone: 'Europe/Berlin', error: null });
    await plan.turn(2 * HOUR);
    await until(
      () => isPublic(documentId),
      (is) => is,
    );
    expect((await plan.find(made)).state).toBe('scheduled');
    await plan.turn(2 * HOUR);
    await until(
      () => plan.find(made),
      ({ state }) => state === 'done',
    );
    expect(await isPublic(documentId)).toBe(false);
    expect(await plan.eventNames(documentId)).toEqual([
      'entry.publish',
      'entry.unpublish',
      'schedule.archive',
      'schedule.create',
      'schedule.publish',
    ]);
  });

  test('Up to ten due steps run at once', async () => {
    await scene.validation('publication', 'publish');
    const made: Schedule[] = [];
    for (let count = 0; count < 12; count += 1)
      made.push(await schedule(await scene.draft(), { publishAt: plan.fromNow(HOUR) }));
    // No call is answered before ten have arrived: calls one after the other would never be answered.
    const asked = scene.receiver.waitFor(10, { path: '/check' });
    scene.receiver.on('/check').answer(async () => {
      await asked;
      return YES;
    });
    await plan.turn(2 * HOUR);
    for (const one of made) expect(await plan.finished(one)).toMatchObject({ state: 'done' });
  });

  test('A schedule that a validation refuses fails with the message, and sends an event', async () => {
    await plan.subscribe(PAGE);
    await scene.validation('publication', 'publish');
    scene.receiver.on('/check').answer(no('The lawyers said no.'));
    const documentId = await scene.draft();
    const made = await schedule(documentId, { publishAt: plan.fromNow(HOUR) });
    await plan.turn(2 * HOUR);
    const failed = await until(
      () => plan.find(made),
      ({ state }) => state !== 'scheduled',
    );
    expect(failed).toMatchObject({ state: 'failed', error: expect.stringContaining('lawyers') });
    expect(await isPublic(documentId)).toBe(false);
    expect(await plan.eventNames(documentId)).toEqual([
      'schedule.create',
      'schedule.fail',
      'workflow.validation',
    ]);
  });

  test('An edit during a validation is no refusal: the edited document is validated next', async () => {
    await scene.validation('publication', 'publish');
    const documentId = await scene.draft({ title: 'Before' });
    const editing = async () => {
      await scene.edit({ documentId }, { title: 'After' });
      return YES;
    };
    scene.receiver.on('/check').answer(editing, YES);
    const made = await schedule(documentId, { publishAt: plan.fromNow(HOUR) });
    await plan.turn(2 * HOUR);
    const waiting = await until(
      () => plan.find(made),
      ({ error }) => error !== null,
    );
    expect(waiting.state).toBe('scheduled');
    await plan.turn(MINUTE);
    await plan.finished(made);
    expect(await scene.published({ documentId })).toBe('After');
    expect(scene.receiver.requests.map(({ body }) => JSON.parse(body).data.entry.title)).toEqual([
      'Before',
      'After',
    ]);
  });

  test('A cancelled schedule does not run', async () => {
    const documentId = await scene.draft();
    const cancelled = await schedule(documentId, { publishAt: plan.fromNow(HOUR) });
    await scene.stage.api('DELETE', `/schedules/${cancelled.id}`);
    await plan.turn(2 * HOUR);
    await sleep(1500);
    expect((await plan.find(cancelled)).state).toBe('cancelled');
    expect(await isPublic(documentId)).toBe(false);
  });

  test('Deleting a document deletes its schedule, with one event', async () => {
    await plan.subscribe(PAGE);
    const documentId = await scene.draft();
    const made = await schedule(documentId, { publishAt: plan.fromNow(HOUR) });
    await scene.app.run((strapi, args) => strapi.documents(args.uid).delete(args), {
      uid: PAGE,
      documentId,
    });
    expect(await plan.find(made)).toMatchObject({
      state: 'cancelled',
      error: expect.stringContaining('deleted'),
    });
    const answer = await scene.stage.api(
      'GET',
      `/deliveries?documentId=${documentId}&event=schedule.delete`,
    );
    expect(answer).toHaveLength(1);
    const { body } = (
      await scene.receiver.waitFor((one) => one.body.includes('schedule.delete'))
    )[0]!;
    expect(JSON.parse(body).data).toMatchObject({
      entry: { title: 'A page' },
      schedule: { state: 'cancelled' },
    });
    await plan.turn(2 * HOUR);
    expect(await plan.eventNames(documentId)).toEqual(['schedule.create', 'schedule.delete']);
  });

  test('A schedule fails when it is due if its document was deleted past the document service', async () => {
    const documentId = await scene.draft();
    const made = await schedule(documentId, { publishAt: plan.fromNow(HOUR) });
    await scene.app.run(
      (strapi, { uid, id }) => strapi.db.query(uid).deleteMany({ where: { documentId: id } }),
      {
        uid: PAGE,
        id: documentId,
      },
    );
    await plan.turn(2 * HOUR);
    expect(await plan.finished(made)).toMatchObject({
      state: 'failed',
      error: expect.stringContaining('deleted'),
    });
  });

  test('A step that fails without a refusal is retried until it succeeds', async () => {
    await plan.subscribe(PAGE);
    const documentId = await scene.draft({ title: 'Stumbles' });
    await stumble(2);
    const made = await schedule(documentId, { publishAt: plan.fromNow(HOUR) });
    await plan.turn(2 * HOUR);
    const waiting = await until(
      () => plan.find(made),
      ({ error }) => error !== null,
    );
    expect(waiting).toMatchObject({ state: 'scheduled', error: expect.stringMatching(/again/) });
    expect(waiting.dueAt).toBe(made.publishAt);
    await until(
      async () => {
        await plan.turn(MINUTE);
        return plan.find(made);
      },
      ({ state }) => state === 'done',
    );
    expect((await plan.find(made)).error).toBeNull();
    expect(await plan.eventNames(documentId)).toEqual([
      'entry.publish',
      'schedule.create',
      'schedule.publish',
    ]);
  });

  test('A step that keeps failing without a refusal fails in the end, without the internal error message', async () => {
    const documentId = await scene.draft({ title: 'Stumbles' });
    await stumble(1000);
    const made = await schedule(documentId, { publishAt: plan.fromNow(HOUR) });
    await plan.turn(2 * HOUR);
    const failed = await until(
      async () => {
        await plan.turn(5 * MINUTE);
        return plan.find(made);
      },
      ({ state }) => state === 'failed',
    );
    expect(failed.error).toMatch(/server log/);
    expect(scene.app.logs()).toContain(
      'the publish of a schedule failed and is tried again in 300 s',
    );
    await stumble(0);
  });

  test('A changed schedule runs at its new time, and two simultaneous requests create one schedule', async () => {
    const documentId = await scene.draft();
    const wish = { uid: PAGE, documentId, publishAt: plan.fromNow(HOUR) };
    const both = await Promise.all([plan.requestSchedule(wish), plan.requestSchedule(wish)]);
    expect(both.map(({ status }) => status).sort()).toEqual([201, 400]);
    const made = both.find(({ status }) => status === 201)?.body.data as Schedule;
    await scene.stage.api('PUT', `/schedules/${made.id}`, { publishAt: plan.fromNow(5 * HOUR) });
    await plan.turn(2 * HOUR);
    await sleep(1500);
    expect(await isPublic(documentId)).toBe(false);
    await plan.turn(4 * HOUR);
    await until(
      () => plan.find(made),
      ({ state }) => state === 'done',
    );
    expect(await isPublic(documentId)).toBe(true);
  });

  test('Scheduling requires the permission and the right to publish the document', async () => {
    const documentId = await scene.draft();
    const wish = { uid: PAGE, documentId, publishAt: plan.fromNow(HOUR) };
    const explorer = (action: string) => ({
      action: `plugin::content-manager.explorer.${action}`,
      subject: PAGE,
    });
    const reading = explorer('read');
    const own = 'plugin::workflow-webhooks.schedule.create';
    const answers = [];
    for (const role of [
      [reading, own],
      [reading, explorer('publish')],
      [reading, explorer('publish'), own],
    ]) {
      const admin = await scene.app.createAdmin(role);
      answers.push((await admin.request('POST', '/workflow-webhooks/schedules', wish)).status);
    }
    expect(answers).toEqual([403, 403, 201]);
  });

  test('Bad input is refused where it is wrong', async () => {
    const documentId = await scene.draft();
    const right = { uid: PAGE, documentId, publishAt: plan.fromNow(HOUR) };
    const pathsOf = async (body: object) =>
      Object.keys(problemsOf(await plan.requestSchedule(body)));
    expect(await pathsOf({ ...right, publishAt: 'tomorrow' })).toEqual(['publishAt']);
    expect(await pathsOf({ ...right, publishAt: '2020-01-01T00:00:00Z' })).toEqual(['publishAt']);
    expect(await pathsOf({ ...right, timezone: 'Mars/Base' })).toEqual(['timezone']);
    expect(await pathsOf({ ...right, uid: 'api::notice.notice' })).toEqual(['uid']);
    expect(await pathsOf({ ...right, documentId: 'nobody' })).toEqual(['documentId']);
    await schedule(documentId, { publishAt: right.publishAt });
    expect(await pathsOf(right)).toEqual(['documentId']);
  });
});
