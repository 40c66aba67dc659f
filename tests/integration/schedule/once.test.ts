/** A due step runs exactly once, whichever process takes it, and even if a process is killed. */
import { setTimeout as sleep } from 'node:timers/promises';
import { startSecond, turnClock } from '../delivery/cluster';
import { reachable } from '../delivery/reachable';
import { HOUR, MINUTE, until } from '../delivery/stage';
import { PAGE, YES } from '../workflow/scene';
import { Planning } from './planning';

const SOON_MS = 1500;

let plan: Planning;

const takenOnce = async (documentId: string) => {
  expect(await plan.isPublic({ documentId })).toBe(true);
  expect(await plan.eventNames(documentId)).toEqual([
    'entry.publish',
    'schedule.create',
    'schedule.publish',
  ]);
};

describe.each(reachable('sqlite', 'postgres', 'mysql'))('on %s', (database) => {
  beforeAll(async () => {
    plan = await Planning.start({ database });
  });
  beforeEach(() => plan.subscribe(PAGE));
  afterEach(() => plan?.clear());
  afterAll(() => plan?.stop());

  // SQLite is for one process: a second one finds it locked now and then, and postpones its work.
  if (database !== 'sqlite')
    test('One of two instances on one database takes each step', async () => {
      const other = await startSecond(plan.app, {});
      try {
        const ids = await Promise.all(Array.from({ length: 10 }, () => plan.scene.draft()));
        const made = [];
        for (const documentId of ids)
          made.push(await plan.schedule({ documentId }, { publishAt: plan.fromNow(HOUR) }));
        // At the same moment, and on idle instances, so that both look for the same steps.
        await plan.turn(0);
        await Promise.all([turnClock(plan.app, 2 * HOUR), turnClock(other, 2 * HOUR)]);
        for (const one of made) expect(await plan.finished(one)).toMatchObject({ state: 'done' });
        for (const documentId of ids) await takenOnce(documentId);
      } finally {
        await other.stop();
        await turnClock(plan.app, -2 * HOUR);
      }
    });

  test('A step whose process was killed during a validation is taken by the next process', async () => {
    const { scene } = plan;
    await scene.validation('publication', 'publish');
    scene.receiver.on('/check').answer('hang');
    const documentId = await scene.draft();
    const made = await plan.schedule({ documentId }, { publishAt: plan.fromNow(SOON_MS) });
    await scene.receiver.waitFor(1, { path: '/check' });
    await plan.app.kill();
    scene.receiver.on('/check').answer(YES);
    await plan.restart();
    // The dead process still holds the step until its lease ends.
    expect((await plan.find(made)).state).toBe('scheduled');
    await plan.turn(2 * MINUTE);
    expect((await plan.finished(made)).state).toBe('done');
    const all = await plan.eventNames(documentId);
    expect(all.filter((name) => name !== 'workflow.validation')).toEqual([
      'entry.publish',
      'schedule.create',
      'schedule.publish',
    ]);
  });

  test('A step whose process was killed before the commit leaves nothing behind, and is taken again', async () => {
    const documentId = await plan.scene.draft({ title: 'Stuck' });
    await plan.app.run((strapi) => {
      strapi.documents.use(async (context: any, next: () => Promise<unknown>) => {
        const result = await next();
        if (context.action !== 'publish') return result;
        (globalThis as { isStuck?: boolean }).isStuck = true;
        return new Promise(() => undefined);
      });
    });
    const made = await plan.schedule({ documentId }, { publishAt: plan.fromNow(SOON_MS) });
    await until(
      () => plan.app.run(() => Boolean((globalThis as { isStuck?: boolean }).isStuck)),
      (isStuck) => isStuck,
    );
    await plan.app.kill();
    await plan.restart();
    expect(await plan.isPublic({ documentId })).toBe(false);
    expect(await plan.eventNames(documentId)).toEqual(['schedule.create']);
    await plan.turn(2 * MINUTE);
    expect((await plan.finished(made)).state).toBe('done');
    await takenOnce(documentId);
    // And not once more.
    await plan.turn(2 * MINUTE);
    await sleep(1500);
    await takenOnce(documentId);
  });
});
