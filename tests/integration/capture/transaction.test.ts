/** Content, event and deliveries are stored together or not at all, and nothing is read or stored without a webhook. */
import { startReceiver, type Receiver } from '../../support/receiver';
import { NOTICE, PAGE, Recording, summariesOf } from './recording';

let recording: Recording;
let receiver: Receiver;
let webhook: string;

beforeAll(async () => {
  [recording, receiver] = await Promise.all([Recording.start(), startReceiver()]);
  webhook = await recording.webhook({ url: receiver.url('/hook') });
});
afterAll(async () => {
  await recording?.stop();
  await receiver?.stop();
});

const titles = (uid: string) =>
  recording.app.run(
    async (strapi, uid) =>
      (await strapi.db.query(uid).findMany({ orderBy: { id: 'asc' } })).map(
        ({ title }: { title: string }) => title,
      ),
    uid,
  );

/** The requests before the marker's: they were sent first, so they have arrived when the marker arrives. */
const sentBesides = async (marker: string) => {
  receiver.clear();
  await recording.make(NOTICE, { title: marker });
  await receiver.waitFor(({ body }) => body.includes(marker));
  return receiver.requests.filter(({ body }) => !body.includes(marker));
};

describe('a rollback leaves neither event nor delivery, and nothing is sent,', () => {
  it('when the caller rolls its own transaction back', async () => {
    const { events, deliveries } = await recording.storedBy(() =>
      expect(
        recording.app.run(
          (strapi, uid) =>
            strapi.db.transaction(async () => {
              const { documentId } = await strapi
                .documents(uid)
                .create({ data: { title: 'Gone' } });
              await strapi.documents(uid).update({ documentId, data: { title: 'Gone 2' } });
              await strapi.documents(uid).publish({ documentId });
              throw new Error('On second thoughts');
            }),
          PAGE,
        ),
      ).rejects.toThrow('On second thoughts'),
    );
    expect([events, deliveries]).toEqual([[], []]);
    expect(await titles(PAGE)).not.toContain('Gone');
    expect(await sentBesides('After rollback')).toEqual([]);
  });

  it('when a lifecycle throws after the write', async () => {
    await recording.app.run((strapi) => {
      (globalThis as any).unsubscribe = strapi.db.lifecycles.subscribe({
        models: ['api::notice.notice'],
        afterUpdate({ result }: any) {
          if (result.title === 'Refused') throw new Error('Refused by a lifecycle');
        },
      });
    });
    const documentId = await recording.make(NOTICE, { title: 'Before' });
    const { events } = await recording.storedBy(async () => {
      const update = { documentId, data: { title: 'Refused' } };
      await expect(recording.documents(NOTICE, 'update', update)).rejects.toThrow('lifecycle');
    });
    await recording.app.run(() => (globalThis as any).unsubscribe());
    expect(events).toEqual([]);
    expect(await titles(NOTICE)).toContain('Before');
  });

  it('when a request fails half-way: the publish click whose second half is refused', async () => {
    const documentId = await recording.make(PAGE, { title: 'Half' });
    await recording.app.run((strapi) => {
      (globalThis as any).unuse = strapi.documents.use((context: any, next: any) => {
        if (context.action === 'publish') throw new Error('No publishing today');
        return next();
      });
    });
    const { events } = await recording.storedBy(async () => {
      const path = `/content-manager/collection-types/${PAGE}/${documentId}/actions/publish`;
      const answer = await recording.app.request('POST', path, { title: 'Half edited' });
      expect(answer.status).toBe(500);
    });
    await recording.app.run(() => void (globalThis as any).unuse());
    expect(events).toEqual([]);
    expect(await titles(PAGE)).toContain('Half');
  });
});

describe('a store that fails', () => {
  const block = (table: string) =>
    recording.app.run(
      (strapi, table) =>
        strapi.db.connection.raw(
          `create trigger full before insert on ${table} begin select raise(abort, 'disk full'); end`,
        ),
      table,
    );
  const unblock = () =>
    recording.app.run((strapi) => strapi.db.connection.raw('drop trigger if exists full'));
  afterEach(unblock);

  const clear = {
    status: 400,
    name: 'ApplicationError',
    message: expect.stringMatching(/^Nothing was saved: .*could not be stored.*Try again/),
    code: 'deliveries-not-stored',
  };
  const refused = ({ status, body }: { status: number; body: any }) => ({
    status,
    name: body.error?.name,
    message: body.error?.message,
    code: body.error?.details?.code,
  });

  it.each(['workflow_webhooks_events', 'workflow_webhooks_deliveries'])(
    'rolls the content back with a clear error over every door (%s)',
    async (table) => {
      const documentId = await recording.make(PAGE, { title: 'Kept' }, { status: 'published' });
      const before = await titles(PAGE);
      const page = `/content-manager/collection-types/${PAGE}`;
      const { events, deliveries } = await recording.storedBy(async () => {
        await block(table);
        const manager = (method: string, path: string, body?: object) =>
          recording.app.request(method, `${page}${path}`, body);
        const rest = (method: string, path: string, data?: object) =>
          recording.app.contentApi(method, path, data && { data });
        for (const answer of [
          await manager('POST', '', { title: 'Lost' }),
          await manager('PUT', `/${documentId}`, { title: 'Lost' }),
          await manager('POST', `/${documentId}/actions/publish`, { title: 'Lost' }),
          await manager('POST', `/${documentId}/actions/unpublish`, {}),
          await manager('POST', '/actions/bulkDelete', { documentIds: [documentId] }),
          await manager('DELETE', `/${documentId}`),
          await rest('POST', '/pages', { title: 'Lost' }),
          await rest('PUT', `/pages/${documentId}`, { title: 'Lost' }),
          await rest('DELETE', `/pages/${documentId}`),
        ])
          expect(refused(answer)).toEqual(clear);
        await expect(
          recording.documents(PAGE, 'update', { documentId, data: { title: 'Lost' } }),
        ).rejects.toMatchObject({ name: clear.name, message: clear.message });
        await unblock();
      });
      expect([events, deliveries]).toEqual([[], []]);
      expect(await titles(PAGE)).toEqual(before);
      expect(recording.app.logs()).toContain('disk full');
      expect(await sentBesides(`After ${table}`)).toEqual([]);
    },
  );

  it('prevents no change that matches no webhook', async () => {
    await recording.change(webhook, { contentTypes: [PAGE] });
    await block('workflow_webhooks_events');
    const answer = await recording.app.contentApi('POST', '/notices', { data: { title: 'Saved' } });
    await recording.change(webhook, { contentTypes: [] });
    expect(answer.status).toBe(201);
  });
});

describe('webhooks that a transaction changed and rolled back', () => {
  it('are as before for the next save', async () => {
    const { deliveries } = await recording.storedBy(() =>
      recording.app.run(
        async (strapi, { uid, id }) => {
          // The dispatcher reads webhooks all the time, and would hide the other readers.
          const dispatcher = strapi.plugin('workflow-webhooks').service('dispatcher');
          await dispatcher.stop();
          const save = (title: string) => strapi.documents(uid).create({ data: { title } });
          const undone = strapi.db.transaction(async () => {
            await strapi.db
              .query('plugin::workflow-webhooks.webhook')
              .update({ where: { documentId: id }, data: { enabled: false } });
            // The cached webhooks are outdated by then.
            await new Promise((resolve) => setTimeout(resolve, 600));
            await save('Undone');
            throw new Error('On second thoughts');
          });
          await undone.catch(() => undefined);
          await save('Wanted');
          await dispatcher.start();
        },
        { uid: NOTICE, id: webhook },
      ),
    );
    expect(deliveries).toHaveLength(1);
  });
});

describe('for a change that no webhook wants', () => {
  type DocumentCall = { uid: string; action: string; params: object };

  const allStatementsOf = (here: Recording, call: DocumentCall) =>
    here.app.run(async (strapi, { uid, action, params }) => {
      await new Promise((resolve) => setTimeout(resolve, 100));
      const statements: string[] = [];
      const listen = ({ sql }: { sql: string }) => statements.push(sql);
      strapi.db.connection.on('query', listen);
      await strapi.documents(uid)[action](params);
      strapi.db.connection.removeListener('query', listen);
      return statements;
    }, call);

  /** The statements of one call, up to its commit: what Strapi's own event bus reads later is no part of it. */
  const statementsOf = async (here: Recording, call: DocumentCall) => {
    const all = await allStatementsOf(here, call);
    const end = all.findIndex((sql) => sql.startsWith('COMMIT'));
    return all.slice(0, end + 1);
  };

  it('nothing is stored, and nothing is read: the statements are those without the plugin', async () => {
    const plain = await Recording.start({ env: { PLAYGROUND_WITHOUT_PLUGIN: '1' } });
    try {
      const ids = [
        await recording.make(PAGE, { title: 'A' }),
        await plain.make(PAGE, { title: 'A' }),
      ];
      await recording.change(webhook, { contentTypes: [NOTICE] });
      for (const [action, params] of [
        ['update', { data: { title: 'Edited', seo: { metaTitle: 'Meta' } } }],
        ['publish', {}],
        ['discardDraft', {}],
        ['unpublish', {}],
        ['delete', {}],
      ] as const) {
        const call = (documentId?: string) => ({
          uid: PAGE,
          action,
          params: { ...params, documentId },
        });
        const { result, events } = await recording.storedBy(() =>
          statementsOf(recording, call(ids[0])),
        );
        expect(events).toEqual([]);
        const content = result.filter((sql) => !sql.includes('workflow_webhooks'));
        expect(content).toEqual(await statementsOf(plain, call(ids[1])));
      }
      // Without a workflow, a deletion reads once, before its transaction, and the plugin does nothing in the transaction.
      const documentId = await recording.make(PAGE, { title: 'B' });
      const call = { uid: PAGE, action: 'delete', params: { documentId } };
      const all = await allStatementsOf(recording, call);
      const within = all.slice(all.findIndex((sql) => sql.startsWith('BEGIN')));
      expect(within.filter((sql) => sql.includes('workflow_webhooks'))).toEqual([]);
    } finally {
      await recording.change(webhook, { contentTypes: [] });
      await plain.stop();
    }
  });

  it('a matching webhook reads the state before once, and inside the transaction', async () => {
    const id = await recording.make(NOTICE, { title: 'A notice' });
    const params = { documentId: id, data: { title: 'New' } };
    const all = await statementsOf(recording, { uid: NOTICE, action: 'update', params });
    const begin = all.findIndex((sql) => sql.startsWith('BEGIN'));
    const reads = all.filter((sql) => /^select (?!.*count).* from `notices`/.test(sql));
    const plain = reads.filter((sql) => !sql.includes('`t0`'));
    expect(begin).toBeGreaterThanOrEqual(0);
    expect(plain).toHaveLength(2);
    expect(all.indexOf(plain[0] as string)).toBeGreaterThan(begin);
    expect(all.filter((sql) => sql.startsWith('insert into `workflow_webhooks'))).toHaveLength(2);
  });
});

describe('parallel updates of one document', () => {
  it('are one event each, whose from and to make one chain, on SQLite', async () => {
    const documentId = await recording.make(NOTICE, { title: 'Start', priority: 0 });
    const { events } = await recording.storedBy(() =>
      recording.app.run(
        (strapi, { uid, documentId }) =>
          Promise.all(
            Array.from({ length: 10 }, (_, index) =>
              strapi.documents(uid).update({ documentId, data: { title: `Title ${index}` } }),
            ),
          ),
        { uid: NOTICE, documentId },
      ),
    );
    expect(summariesOf(events)).toEqual(Array(10).fill('entry.update published'));
    const steps = events.map(({ changes }) => changes[0]);
    expect(new Set(steps.map((step) => step?.to)).size).toBe(10);
    expect(events.map(({ entry }) => entry?.title)).toEqual(steps.map((step) => step?.to));
    expect(steps.map((step) => step?.from)).toEqual([
      'Start',
      ...steps.slice(0, -1).map((step) => step?.to),
    ]);
  });
});
