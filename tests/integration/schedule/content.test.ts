/** Schedules of all kinds of content: with a workflow, in several locales, and of single types; and their list. */
import type { ListedSchedule } from '../../../server/contract/schedule';
import { DAY, HOUR, until } from '../delivery/stage';
import { ARTICLE, HOMEPAGE, PAGE } from '../workflow/scene';
import { Planning } from './planning';

let plan: Planning;

beforeAll(async () => {
  plan = await Planning.start();
});
afterAll(() => plan?.stop());
afterEach(() => plan.clear());

const titlesOf = (list: ListedSchedule[]) => list.map(({ title }) => title);

test("A schedule fails with the workflow's message and an event if the document is in no final state; otherwise the document is published", async () => {
  await plan.subscribe(PAGE);
  await plan.scene.makeWorkflow();
  const [early, ready] = [await plan.scene.draft(), await plan.scene.draft()];
  await plan.scene.runAll({ documentId: ready }, 'submit', 'approve');
  const publishAt = plan.fromNow(HOUR);
  const refused = await plan.schedule({ documentId: early }, { publishAt });
  const through = await plan.schedule({ documentId: ready }, { publishAt });
  await plan.turn(2 * HOUR);
  expect(await plan.finished(refused)).toMatchObject({
    state: 'failed',
    step: 'publish',
    error: expect.stringContaining('"Draft"'),
  });
  expect((await plan.finished(through)).state).toBe('done');
  expect(await plan.isPublic({ documentId: early })).toBe(false);
  expect(await plan.isPublic({ documentId: ready })).toBe(true);
  expect(await plan.eventNames(early)).toEqual(['schedule.create', 'schedule.fail']);
  // A new one may be made of what has failed.
  await plan.schedule({ documentId: early }, { publishAt: plan.fromNow(HOUR) });
});

test('Each locale of a document has a schedule of its own', async () => {
  const documentId = await plan.scene.draft({ title: 'English' }, ARTICLE, 'en');
  await plan.scene.edit({ uid: ARTICLE, documentId, locale: 'de' }, { title: 'Deutsch' });
  const [en, de] = (['en', 'de'] as const).map((locale) => ({ uid: ARTICLE, documentId, locale }));
  const first = await plan.schedule(en!, { publishAt: plan.fromNow(HOUR) });
  const second = await plan.schedule(de!, { publishAt: plan.fromNow(DAY) });
  await plan.turn(2 * HOUR);
  expect((await plan.finished(first)).state).toBe('done');
  expect(await plan.isPublic(en!)).toBe(true);
  expect(await plan.isPublic(de!)).toBe(false);
  expect((await plan.find(second)).state).toBe('scheduled');
  expect(titlesOf(await plan.list(`documentId=${documentId}&locale=de`))).toEqual(['Deutsch']);

  // The English one goes, and its German sister keeps its schedule.
  const again = await plan.schedule(en!, { archiveAt: plan.fromNow(DAY) });
  await plan.app.run((strapi, args) => strapi.documents(args.uid).delete(args), en!);
  expect((await plan.find(again)).state).toBe('cancelled');
  expect((await plan.find(second)).state).toBe('scheduled');
});

test('A single type is scheduled as any other', async () => {
  const documentId = await plan.scene.draft({ title: 'Home' }, HOMEPAGE);
  const place = { uid: HOMEPAGE, documentId };
  const made = await plan.schedule(place, {
    publishAt: plan.fromNow(HOUR),
    archiveAt: plan.fromNow(3 * HOUR),
  });
  expect(await plan.find(made)).toMatchObject({
    contentType: { displayName: 'Homepage', kind: 'singleType' },
    title: 'Home',
    step: 'publish',
  });
  await plan.turn(2 * HOUR);
  await until(
    () => plan.isPublic(place),
    (is) => is,
  );
  await plan.turn(2 * HOUR);
  expect((await plan.finished(made)).state).toBe('done');
  expect(await plan.isPublic(place)).toBe(false);
});

test('The event of a publication by schedule says that the document is published', async () => {
  await plan.subscribe(PAGE);
  const documentId = await plan.scene.draft();
  const made = await plan.schedule(
    { documentId },
    { publishAt: plan.fromNow(HOUR), archiveAt: plan.fromNow(3 * HOUR) },
  );
  await plan.scene.stage.api('PUT', `/schedules/${made.id}`, {
    publishAt: made.publishAt,
    archiveAt: plan.fromNow(4 * HOUR),
    timezone: 'Europe/Berlin',
  });
  await plan.turn(2 * HOUR);
  await until(
    () => plan.isPublic({ documentId }),
    (is) => is,
  );
  await plan.turn(3 * HOUR);
  await plan.finished(made);
  const requests = await until(
    async () => plan.scene.receiver.requests,
    (all) =>
      ['update', 'publish', 'archive'].every((step) =>
        all.some(({ body }) => JSON.parse(body).type === `schedule.${step}`),
      ),
  );
  const events = requests.map(({ body }) => JSON.parse(body)).filter(({ data }) => data.schedule);
  const statusOf = (name: string) => events.find(({ type }) => type === name)?.data.status;
  expect(statusOf('schedule.publish')).toBe('published');
  expect(statusOf('schedule.archive')).toBe('draft');
  expect(
    events
      .find(({ type }) => type === 'schedule.update')
      ?.data.changes.map(({ field }: { field: string }) => field),
  ).toEqual(['archiveAt', 'timezone']);
});

test('The format vee says at each step of a schedule whether visitors see its document', async () => {
  await plan.scene.stage.makeWebhook({
    events: ['schedule.*'],
    contentTypes: [PAGE],
    format: 'vee',
  });
  const documentId = await plan.scene.draft();
  const times = { publishAt: plan.fromNow(HOUR), archiveAt: plan.fromNow(3 * HOUR) };
  const made = await plan.schedule({ documentId }, times);
  await plan.turn(2 * HOUR);
  await until(
    () => plan.isPublic({ documentId }),
    (is) => is,
  );
  const later = { ...times, archiveAt: plan.fromNow(4 * HOUR) };
  await plan.scene.stage.api('PUT', `/schedules/${made.id}`, later);
  await plan.turn(5 * HOUR);
  await plan.finished(made);
  const bodies = (await plan.scene.receiver.waitFor(4)).map(({ body }) => JSON.parse(body));
  expect(bodies.map(({ type, data }) => [type, data.data.published]).sort()).toEqual([
    ['schedule.archive', false],
    ['schedule.create', false],
    ['schedule.publish', true],
    ['schedule.update', true],
  ]);
});

describe('The list', () => {
  const make = async (title: string, { uid = PAGE, hours = 1 } = {}) =>
    plan.schedule(
      { uid, documentId: await plan.scene.draft({ title }, uid) },
      { publishAt: plan.fromNow(hours * HOUR) },
    );

  test('is by state, content type, document and time, with paging, sorted by when each is due', async () => {
    const day = (days: number) => encodeURIComponent(plan.fromNow(days * DAY));
    const late = await make('Listed late', { hours: 50 * 24 });
    const soon = await make('Listed soon', { hours: 40 * 24 });
    const gone = await make('Listed gone', { hours: 45 * 24, uid: ARTICLE });
    await plan.scene.stage.api('DELETE', `/schedules/${gone.id}`);
    const found = (query: string) =>
      plan.list(`from=${day(39)}&pageSize=100&${query}`).then(titlesOf);
    expect(await found('')).toEqual(['Listed soon', 'Listed gone', 'Listed late']);
    expect(await found('sort=dueAt:desc')).toEqual(['Listed late', 'Listed gone', 'Listed soon']);
    expect(await found('state=cancelled')).toEqual(['Listed gone']);
    expect(await found(`uid=${PAGE}`)).toEqual(['Listed soon', 'Listed late']);
    expect(await found(`documentId=${late.documentId}`)).toEqual(['Listed late']);
    expect(await found(`to=${day(47)}`)).toEqual(['Listed soon', 'Listed gone']);
    const { body } = await plan.app.request(
      'GET',
      `/workflow-webhooks/schedules?from=${day(39)}&pageSize=1&page=2&state=scheduled`,
    );
    expect(titlesOf(body.data)).toEqual(['Listed late']);
    expect(body.meta.pagination).toEqual({ page: 2, pageSize: 1, pageCount: 2, total: 2 });
    expect((await plan.find(soon)).dueAt).toBe(soon.publishAt);
  });

  test('shows the title of a document only to users who may read it', async () => {
    const { documentId } = await make('Under wraps');
    const permission = 'plugin::workflow-webhooks.schedule.read';
    const reading = (properties: Record<string, unknown>) => ({
      action: 'plugin::content-manager.explorer.read',
      subject: PAGE,
      properties,
    });
    const titles = [];
    for (const role of [
      [permission],
      [permission, reading({ fields: ['slug'] })],
      [permission, reading({ fields: ['title'] })],
    ]) {
      const admin = await plan.app.createAdmin(role);
      const path = `/workflow-webhooks/schedules?documentId=${documentId}`;
      titles.push(...titlesOf((await admin.request('GET', path)).body.data));
    }
    expect(titles).toEqual([null, null, 'Under wraps']);
  });

  test('asks which documents of a type there are, and which may be read, once, however many', async () => {
    const queriesOf = () =>
      plan.app.run(async (strapi) => {
        const queries: string[] = [];
        const record = ({ sql }: { sql: string }) => queries.push(sql);
        strapi.db.connection.on('query', record);
        const rooms = strapi.plugin('workflow-webhooks').controller('schedules');
        const admin = await strapi.db.query('admin::user').findOne({ populate: ['roles'] });
        const userAbility = await strapi
          .service('admin::permission')
          .engine.generateUserAbility(admin);
        const context: any = { query: {}, state: { userAbility, user: admin } };
        await rooms.find(context);
        strapi.db.connection.removeListener('query', record);
        return queries.filter((sql) => /from .?pages/.test(sql)).length;
      });
    await make('One');
    expect(await queriesOf()).toBe(2);
    for (const title of ['Two', 'Three', 'Four']) await make(title);
    expect(await queriesOf()).toBe(2);
  });
});
