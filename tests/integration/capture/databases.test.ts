/** The core of the capture on the available database servers; all other tests use SQLite. */
import type { WebhookInput } from '../../../server/contract/webhook';
import { isReachable, type DatabaseKind } from '../../support/strapi';
import { ARTICLE, NOTICE, PAGE, Recording, summariesOf } from './recording';

describe.each<Exclude<DatabaseKind, 'sqlite'>>(['postgres', 'mysql'])('on %s', (database) => {
  let recording: Recording | null = null;

  beforeAll(async () => {
    if (!(await isReachable(database))) return;
    recording = await Recording.start({ database });
    await recording.webhook();
  });
  afterAll(() => recording?.stop());

  /** A server that is not there is said so, and not passed over. */
  const on = (name: string, test: (here: Recording) => Promise<void>) =>
    it(name, async () => {
      if (recording) return test(recording);
      process.stdout.write(`No ${database} answers here: "${name}" was not tried on it.\n`);
    });

  const all = (here: Recording, uid: string, calls: [string, object][]) =>
    here.eventsOf(() =>
      here.app.run(
        (strapi, { uid, calls }) =>
          Promise.all(calls.map(([action, params]) => strapi.documents(uid)[action](params))),
        { uid, calls },
      ),
    );

  on('ten parallel updates are ten events whose from and to make one chain', async (here) => {
    for (const uid of [NOTICE, PAGE]) {
      const documentId = await here.make(uid, { title: 'Start' });
      const events = await all(
        here,
        uid,
        Array.from({ length: 10 }, (_, index) => [
          'update',
          { documentId, data: { title: `Title ${index}` } },
        ]),
      );
      const steps = events.map(({ changes }) => changes[0]);
      const next = new Map(steps.map((step) => [step?.from, step?.to]));
      expect([steps.length, next.size]).toEqual([10, 10]);
      const chain: unknown[] = ['Start'];
      while (next.has(chain.at(-1))) chain.push(next.get(chain.at(-1)));
      expect(chain).toHaveLength(11);
      expect(events.map(({ entry }) => entry?.title)).toEqual(steps.map((step) => step?.to));
    }
  });

  on('many documents are published side by side without a deadlock', async (here) => {
    const ids: string[] = [];
    for (let index = 0; index < 8; index += 1) ids.push(await here.make(PAGE, { title: 'Page' }));
    for (let round = 0; round < 2; round += 1) {
      const calls = ids.map((documentId): [string, object] => ['publish', { documentId }]);
      const events = await all(here, PAGE, calls);
      expect(summariesOf(events)).toEqual(Array(8).fill('entry.publish published'));
      expect(events.every(({ previous }) => (previous === null) === (round === 0))).toBe(true);
    }
  });

  on('every kind of value is told as Strapi tells it', async (here) => {
    const old = {
      title: 'Old',
      slug: `values-${database}`,
      featured: true,
      views: 1,
      reach: '9007199254740993',
      price: 9.5,
      publishedOn: '2026-01-01',
      embargoUntil: '2026-01-01T00:00:00.000Z',
      metadata: { b: 1, a: [true, null] },
      seo: { metaTitle: 'Meta', social: [{ network: 'n' }] },
      links: [{ label: 'One' }, { label: 'Two' }],
      blocks: [{ __component: 'blocks.quote', text: 'Quote' }],
    };
    const documentId = await here.make(ARTICLE, old);
    const data = {
      featured: false,
      views: 2,
      reach: '9007199254740995',
      price: 10.25,
      publishedOn: '2026-12-31',
      embargoUntil: '2026-12-31T12:00:00.000Z',
      metadata: { b: 2 },
      links: [{ label: 'Two' }],
    };
    const [event] = await here.eventsOf(() =>
      here.documents(ARTICLE, 'update', { documentId, data }),
    );
    const scalars = Object.keys(data).filter((field) => field !== 'links');
    expect(event?.changes.filter(({ field }) => field !== 'links')).toEqual(
      scalars.map((field) => ({
        field,
        from: old[field as keyof typeof old],
        to: data[field as keyof typeof data],
      })),
    );
    expect(event?.changes.find(({ field }) => field === 'links')).toMatchObject({
      from: [{ label: 'One' }, { label: 'Two' }],
      to: [{ label: 'Two' }],
    });
    const read = await here.documents(ARTICLE, 'findOne', {
      documentId,
      populate: { seo: { populate: '*' }, blocks: true },
    });
    expect(event?.entry).toMatchObject({
      createdAt: read.createdAt,
      updatedAt: read.updatedAt,
      publishedAt: null,
      seo: { id: read.seo.id, metaTitle: 'Meta', social: [{ network: 'n' }] },
      blocks: [{ id: read.blocks[0].id, __component: 'blocks.quote', text: 'Quote' }],
    });
  });

  on('a filter compares moments, days and big integers by what they mean', async (here) => {
    const values = {
      embargoUntil: '2026-06-01T12:00:00.000Z',
      publishedOn: '2026-06-01',
      reach: '9007199254740993',
    };
    const conditions: [string, string, unknown, boolean][] = [
      ['entry.embargoUntil', 'eq', '2026-06-01T14:00:00+02:00', true],
      ['entry.embargoUntil', 'gt', '2026-06-01T13:00:00+02:00', true],
      ['entry.embargoUntil', 'lt', '2026-06-01T12:00:00Z', false],
      ['entry.createdAt', 'lt', '2026-06-01T00:00:00+02:00', false],
      ['entry.publishedOn', 'gte', '2026-06-01', true],
      ['entry.reach', 'gt', '9007199254740992', true],
      ['entry.reach', 'eq', '9007199254740992', false],
    ];
    const ids: string[] = [];
    for (const [field, op, value] of conditions) {
      const filter = { field, op, value } as WebhookInput['filter'];
      ids.push(await here.webhook({ events: ['entry.create'], contentTypes: [ARTICLE], filter }));
    }
    const { deliveries } = await here.storedBy(() =>
      here.make(ARTICLE, { title: 'Dated', slug: `dated-${database}`, ...values }),
    );
    const told = new Set(deliveries.map((row) => row.webhook_id));
    expect(ids.map((id) => told.has(id))).toEqual(conditions.map(([, , , expected]) => expected));
    for (const id of ids) await here.remove(id);
  });

  on('an event is later than those that another process stored of its document', async (here) => {
    const documentId = await here.make(NOTICE, { title: 'Shared' });
    const { events: between } = await here.storedBy(() => here.make(NOTICE, { title: 'Other' }));
    // The time of an event from a process that stores very many events at once, or whose clock is ahead.
    const ahead = Date.parse(between[0]?.time ?? '') + 60_000;
    await here.app.run(
      async (strapi, { documentId, ahead }) => {
        const { connection } = strapi.db;
        const [{ event_id }] = await connection('workflow_webhooks_deliveries')
          .where({ document_id: documentId })
          .select('event_id');
        await connection('workflow_webhooks_events')
          .where({ event_id })
          .update({ created_at: ahead });
      },
      { documentId, ahead },
    );
    const times = async (uid: string, id: string) =>
      (
        await here.eventsOf(() =>
          here.documents(uid, 'update', { documentId: id, data: { title: 'Later' } }),
        )
      ).map(({ time }) => Date.parse(time));
    const other = await here.make(NOTICE, { title: 'Apart' });
    expect((await times(NOTICE, other))[0]).toBeLessThan(ahead);
    const [later = 0] = await times(NOTICE, documentId);
    expect(later).toBe(ahead + 1);
    expect(
      (await here.stored()).events.filter((event) => event.documentId === documentId),
    ).toHaveLength(2);
  });

  on('the time of an event costs a save no query where the insert can answer it', async (here) => {
    const documentId = await here.make(NOTICE, { title: 'Counted' });
    const lookups = await here.app.run(async (strapi, documentId) => {
      const found: string[] = [];
      const note = ({ sql }: { sql: string }) => {
        if (/^select max\(.*workflow_webhooks_events/.test(sql)) found.push(sql);
      };
      strapi.db.connection.on('query', note);
      const data = { title: 'Counting' };
      await strapi.documents('api::notice.notice').update({ documentId, data });
      strapi.db.connection.removeListener('query', note);
      return found;
    }, documentId);
    expect(lookups).toHaveLength(database === 'postgres' ? 0 : 1);
  });

  on('a rollback leaves nothing', async (here) => {
    const { events, deliveries } = await here.storedBy(() =>
      expect(
        here.app.run(
          (strapi, uid) =>
            strapi.db.transaction(async () => {
              await strapi.documents(uid).create({ data: { title: 'Gone' } });
              throw new Error('On second thoughts');
            }),
          NOTICE,
        ),
      ).rejects.toThrow('On second thoughts'),
    );
    expect([events, deliveries]).toEqual([[], []]);
  });

  on('a store that fails rolls the content back with a clear error', async (here) => {
    const rename = (from: string, to: string) =>
      here.app.run((strapi, { from, to }) => strapi.db.connection.schema.renameTable(from, to), {
        from,
        to,
      });
    await rename('workflow_webhooks_deliveries', 'elsewhere');
    const answer = await here.app.contentApi('POST', '/notices', { data: { title: 'Lost' } });
    await rename('elsewhere', 'workflow_webhooks_deliveries');
    expect([answer.status, answer.body.error?.message]).toEqual([
      400,
      expect.stringMatching(/^Nothing was saved/),
    ]);
    const notices = await here.app.run((strapi) =>
      strapi.db.query('api::notice.notice').count({ where: { title: 'Lost' } }),
    );
    expect(notices).toBe(0);
  });
});
