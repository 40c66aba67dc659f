/** A schedule publishes and archives its document, tells of it, and fails visibly where it may not. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Schedule } from '../../../server/contract/schedule';
import { problemsOf } from '../api/plugin-api';
import { reachable } from '../delivery/reachable';
import { HOUR, until } from '../delivery/stage';
import { PAGE, Scene, no } from '../workflow/scene';

describe.each(reachable('sqlite', 'postgres', 'mysql'))('on %s', (database) => {
  let scene: Scene;

  beforeAll(async () => {
    scene = await Scene.start({ database });
  });
  afterAll(() => scene?.stop());
  afterEach(async () => {
    turned = 0;
    await scene.clear();
  });

  /** By the clock that tests turn. */
  let turned = 0;
  const hence = (ms: number) => new Date(Date.now() + turned + ms).toISOString();
  const turn = async (ms: number) => {
    turned += ms;
    await scene.stage.turn(ms);
  };

  const asked = (body: object) => scene.app.request('POST', '/workflow-webhooks/schedules', body);
  const schedule = async (documentId: string, times: object): Promise<Schedule> => {
    const { status, body } = await asked({ uid: PAGE, documentId, ...times });
    expect({ status, error: body.error }).toEqual({ status: 201, error: undefined });
    return body.data;
  };
  const find = async ({ id, documentId }: Schedule): Promise<Schedule> => {
    const all = await scene.stage.api<Schedule[]>('GET', `/schedules?documentId=${documentId}`);
    const found = all.find((one) => one.id === id);
    if (!found) throw new Error(`No schedule ${id}.`);
    return found;
  };
  const isPublic = (documentId: string): Promise<boolean> =>
    scene.app.run(
      async (strapi, args) =>
        (await strapi.documents(args.uid).findOne({
          documentId: args.documentId,
          status: 'published',
        })) !== null,
      { uid: PAGE, documentId },
    );
  const told = async (documentId: string): Promise<string[]> => {
    const all = await scene.stage.api<{ event: string }[]>(
      'GET',
      `/deliveries?documentId=${documentId}&pageSize=100`,
    );
    return all.map(({ event }) => event).sort();
  };
  const listen = () =>
    scene.stage.makeWebhook({
      events: ['schedule.*', 'entry.publish', 'entry.unpublish'],
      contentTypes: [PAGE],
    });

  test('What fell due while the server was down runs at the next start', async () => {
    const documentId = await scene.draft();
    const publishAt = hence(4000);
    const made = await schedule(documentId, { publishAt });
    await scene.app.kill();
    await sleep(Date.parse(publishAt) - Date.now());
    await scene.app.restart();
    await until(
      () => find(made),
      ({ state }) => state === 'done',
    );
    expect(await isPublic(documentId)).toBe(true);
  });

  test('It publishes, then archives, each once, and each is told', async () => {
    await listen();
    const documentId = await scene.draft();
    const made = await schedule(documentId, {
      publishAt: hence(HOUR),
      archiveAt: hence(3 * HOUR),
      timezone: 'Europe/Berlin',
    });
    expect(made).toMatchObject({ state: 'scheduled', timezone: 'Europe/Berlin', error: null });
    await turn(2 * HOUR);
    await until(
      () => isPublic(documentId),
      (is) => is,
    );
    expect((await find(made)).state).toBe('scheduled');
    await turn(2 * HOUR);
    await until(
      () => find(made),
      ({ state }) => state === 'done',
    );
    expect(await isPublic(documentId)).toBe(false);
    expect(await told(documentId)).toEqual([
      'entry.publish',
      'entry.unpublish',
      'schedule.archive',
      'schedule.create',
      'schedule.publish',
    ]);
  });

  test('What a validation refuses fails with its message, and is told', async () => {
    await listen();
    await scene.validation('publication', 'publish');
    scene.receiver.on('/check').answer(no('The lawyers said no.'));
    const documentId = await scene.draft();
    const made = await schedule(documentId, { publishAt: hence(HOUR) });
    await turn(2 * HOUR);
    const failed = await until(
      () => find(made),
      ({ state }) => state !== 'scheduled',
    );
    expect(failed).toMatchObject({ state: 'failed', error: expect.stringContaining('lawyers') });
    expect(await isPublic(documentId)).toBe(false);
    expect(await told(documentId)).toEqual([
      'schedule.create',
      'schedule.fail',
      'workflow.validation',
    ]);
  });

  test('What is cancelled does not run, and what was deleted fails', async () => {
    const [kept, gone] = [await scene.draft(), await scene.draft()];
    const cancelled = await schedule(kept, { publishAt: hence(HOUR) });
    const orphan = await schedule(gone, { publishAt: hence(HOUR) });
    await scene.stage.api('DELETE', `/schedules/${cancelled.id}`);
    await scene.app.run((strapi, args) => strapi.documents(args.uid).delete(args), {
      uid: PAGE,
      documentId: gone,
    });
    await turn(2 * HOUR);
    const failed = await until(
      () => find(orphan),
      ({ state }) => state === 'failed',
    );
    expect(failed.error).toMatch(/deleted/);
    expect((await find(cancelled)).state).toBe('cancelled');
    expect(await isPublic(kept)).toBe(false);
  });

  test('A changed schedule runs at its new time, and of two at once one is made', async () => {
    const documentId = await scene.draft();
    const wish = { uid: PAGE, documentId, publishAt: hence(HOUR) };
    const both = await Promise.all([asked(wish), asked(wish)]);
    expect(both.map(({ status }) => status).sort()).toEqual([201, 400]);
    const made = both.find(({ status }) => status === 201)?.body.data as Schedule;
    await scene.stage.api('PUT', `/schedules/${made.id}`, { publishAt: hence(5 * HOUR) });
    await turn(2 * HOUR);
    await sleep(1500);
    expect(await isPublic(documentId)).toBe(false);
    await turn(4 * HOUR);
    await until(
      () => find(made),
      ({ state }) => state === 'done',
    );
    expect(await isPublic(documentId)).toBe(true);
  });

  test('To schedule takes the permission, and the right to publish the document', async () => {
    const documentId = await scene.draft();
    const wish = { uid: PAGE, documentId, publishAt: hence(HOUR) };
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
    const right = { uid: PAGE, documentId, publishAt: hence(HOUR) };
    const pathsOf = async (body: object) => Object.keys(problemsOf(await asked(body)));
    expect(await pathsOf({ ...right, publishAt: 'tomorrow' })).toEqual(['publishAt']);
    expect(await pathsOf({ ...right, publishAt: '2020-01-01T00:00:00Z' })).toEqual(['publishAt']);
    expect(await pathsOf({ ...right, timezone: 'Mars/Base' })).toEqual(['timezone']);
    expect(await pathsOf({ ...right, uid: 'api::notice.notice' })).toEqual(['uid']);
    expect(await pathsOf({ ...right, documentId: 'nobody' })).toEqual(['documentId']);
    await schedule(documentId, { publishAt: right.publishAt });
    expect(await pathsOf(right)).toEqual(['documentId']);
  });
});
