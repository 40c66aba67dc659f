/** Webhooks with limits: a number of requests per second, or one request at a time for each document. */
import { engineFor, engines } from './cluster';
import { heldAnswer } from '../../support/receiver';
import { MINUTE, SECOND, Stage, until } from './stage';

const UPDATES = { events: ['entry.update'], ordered: true };

const COMBINATIONS = engines('sqlite', 'postgres', 'mysql');

describe.each(COMBINATIONS)('on $database, engine $driver', ({ database, driver }) => {
  const engine = engineFor(driver);
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.start({ database, config: { engine: engine.config } });
  });
  afterEach(() => stage?.clear());
  afterAll(async () => {
    await stage?.stop();
    await engine.close();
  });

  /** Renames a notice several times; each is an event of its own. */
  const rename = (documentId: string, ...titles: string[]) =>
    stage.app.run(
      async (strapi, notice) => {
        for (const title of notice.titles)
          await strapi
            .documents('api::notice.notice')
            .update({ documentId: notice.documentId, data: { title } });
      },
      { documentId, titles },
    );

  const titles = () => stage.calls().map(({ body }) => JSON.parse(body).data.entry.title as string);

  describe('a webhook with a rate limit', () => {
    it('gets no more requests than that, spread evenly, and each delivery one attempt', async () => {
      const webhook = await stage.makeWebhook({ rateLimit: 20 });
      const startedAt = Date.now();
      await stage.write(21);
      const found = await stage.finished(webhook);
      expect(found.map(({ state, attemptCount }) => [state, attemptCount])).toEqual(
        Array(21).fill(['delivered', 1]),
      );
      // The last one's place is twenty gaps behind the first one's. A busy machine makes it later, never earlier.
      const last = Math.max(...stage.calls().map(({ at }) => at));
      expect(last - startedAt).toBeGreaterThanOrEqual(20 * 50 - 20);
    });

    it('delays no other webhook', async () => {
      const slow = await stage.makeWebhook({ rateLimit: 2, path: '/slow' });
      const quick = await stage.makeWebhook({ path: '/quick' });
      await stage.write(6);
      await stage.finished(quick);
      const last = stage.receiver.requests.filter(({ path }) => path === '/quick').at(-1)!;
      await stage.finished(slow);
      const calls = stage.calls('/slow');
      expect(calls).toHaveLength(6);
      expect(calls.at(-1)!.at).toBeGreaterThan(last.at);
    });

    it('may be slower than one a second', async () => {
      const webhook = await stage.makeWebhook({ rateLimit: 0.1 });
      await stage.write(2);
      await until(
        () => stage.deliveries(webhook),
        (found) => found.some(({ state }) => state === 'delivered'),
      );
      expect(stage.calls()).toHaveLength(1);
      await stage.turnNow(12 * SECOND);
      await stage.finished(webhook);
      expect(stage.calls()).toHaveLength(2);
    });
  });

  describe('any webhook', () => {
    it('gets the first attempt of a later change when the one before was answered, and other documents go on', async () => {
      const held = heldAnswer(503);
      stage.receiver
        .on('/hook')
        .answer(({ body }) =>
          JSON.parse(body).data.entry.title === 'one 1' ? held.answer() : 200,
        );
      const [one = '', two = ''] = await stage.write(2);
      const webhook = await stage.makeWebhook({ events: ['entry.update'] });
      await rename(one, 'one 1', 'one 2', 'one 3');
      await rename(two, 'two 1', 'two 2');
      await stage.receiver.waitFor(({ body }) => JSON.parse(body).data.entry.title === 'two 2');
      expect(titles().filter((title) => title.startsWith('one'))).toEqual(['one 1']);
      held.release();
      // The retry of the first one is due much later: nobody waits for it.
      await until(
        () => stage.deliveries(webhook),
        (found) => found.filter(({ state }) => state === 'delivered').length === 4,
      );
      expect(titles().filter((title) => title.startsWith('one'))).toEqual([
        'one 1',
        'one 2',
        'one 3',
      ]);
    });

    it('gets update and publish in this order from a click on Publish with an edit', async () => {
      // The first request to come is the slow one: whatever is sent beside it would be first in the log of its receiver.
      const answered: string[] = [];
      stage.receiver.on('/hook').answer(async ({ body }) => {
        if (stage.calls().length === 1) await new Promise((resolve) => setTimeout(resolve, 200));
        answered.push(JSON.parse(body).type);
        return 200;
      });
      const page = '/content-manager/collection-types/api::page.page';
      const made = await stage.app.request('POST', page, { title: 'Draft' });
      const webhook = await stage.makeWebhook({
        events: ['entry.update', 'entry.publish'],
        contentTypes: ['api::page.page'],
      });
      await stage.app.request('POST', `${page}/${made.body.data.documentId}/actions/publish`, {
        title: 'Edited',
      });
      const found = await stage.finished(webhook);
      expect(found.map(({ event }) => event)).toEqual(['entry.update', 'entry.publish']);
      expect(answered).toEqual(['entry.update', 'entry.publish']);
    });

    it('gets many changes of one document one by one, and those of others beside them', async () => {
      const webhook = await stage.makeWebhook({ events: ['entry.update'] });
      const [one = '', two = ''] = await stage.write(2);
      const steps = Array.from({ length: 30 }, (_, index) => index + 1);
      stage.receiver.on('/hook').answer({ status: 200, delayMs: 5 });
      await Promise.all([
        rename(one, ...steps.map((step) => `one ${step}`)),
        rename(two, ...steps.map((step) => `two ${step}`)),
      ]);
      const found = await stage.finished(webhook);
      expect(found.map(({ attemptCount }) => attemptCount)).toEqual(Array(60).fill(1));
      for (const name of ['one', 'two'])
        expect(titles().filter((title) => title.startsWith(name))).toEqual(
          steps.map((step) => `${name} ${step}`),
        );
    });
  });

  describe('an ordered webhook', () => {
    it('sends the deliveries of a document one after the other, in the order of its changes', async () => {
      const open = new Map<string, number>();
      const overlapping: string[] = [];
      stage.receiver.on('/hook').answer(async ({ body }) => {
        const [name = ''] = JSON.parse(body).data.entry.title.split(' ');
        open.set(name, (open.get(name) ?? 0) + 1);
        if (open.get(name) !== 1) overlapping.push(name);
        await new Promise((resolve) => setTimeout(resolve, 40));
        open.set(name, open.get(name)! - 1);
        return 200;
      });
      const [one = '', two = ''] = await stage.write(2);
      const webhook = await stage.makeWebhook(UPDATES);
      for (const step of [1, 2, 3, 4, 5]) {
        await rename(one, `one ${step}`);
        await rename(two, `two ${step}`);
      }
      await stage.finished(webhook);
      expect(overlapping).toEqual([]);
      for (const name of ['one', 'two']) {
        const own = titles().filter((title) => title.startsWith(name));
        expect(own).toEqual([1, 2, 3, 4, 5].map((step) => `${name} ${step}`));
      }
    });

    it('holds back only the document whose delivery fails', async () => {
      let isDown = true;
      stage.receiver
        .on('/hook')
        .answer(({ body }) => (isDown && body.includes('stuck') ? 503 : 200));
      const [one = '', two = ''] = await stage.write(2);
      const webhook = await stage.makeWebhook(UPDATES);
      await rename(one, 'stuck 1', 'stuck 2', 'stuck 3');
      await rename(two, 'free 1', 'free 2');
      await stage.all(webhook, ({ documentId, state }) =>
        documentId === two ? state === 'delivered' : state !== 'sending',
      );
      await until(
        () => stage.deliveries(webhook),
        (found) => found.some(({ state }) => state === 'retrying'),
      );
      expect(titles().sort()).toEqual(['free 1', 'free 2', 'stuck 1']);
      isDown = false;
      await stage.turn(15 * MINUTE);
      await stage.finished(webhook);
      expect(titles().filter((title) => title.startsWith('stuck'))).toEqual([
        'stuck 1',
        'stuck 1',
        'stuck 2',
        'stuck 3',
      ]);
    });

    it('goes on behind a delivery that is given up', async () => {
      const titleIn = (body: string) => JSON.parse(body).data.entry.title;
      stage.receiver.on('/hook').answer(({ body }) => (titleIn(body) === 'lost' ? 301 : 200));
      const [one = ''] = await stage.write(1);
      const webhook = await stage.makeWebhook(UPDATES);
      await rename(one, 'lost', 'found');
      const found = await stage.finished(webhook);
      expect(found.map(({ state }) => state)).toEqual(['dead', 'delivered']);
      expect(titles()).toEqual(['lost', 'found']);
    });
  });
});
