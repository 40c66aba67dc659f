/** Locales and releases, which their plugins write past the document service: their events are in the same transaction. */
import { Recording, succeeded } from './recording';

const LOCALE = 'plugin::i18n.locale';
const RELEASE = 'plugin::content-releases.release';

let recording: Recording;

beforeAll(async () => {
  recording = await Recording.start();
  await recording.webhook();
});
afterAll(() => recording?.stop());

describe('A locale', () => {
  const panel = async (method: string, path: string, body?: object) =>
    succeeded(await recording.app.request(method, `/i18n/locales${path}`, body));

  it('has an event when an administrator adds, renames or removes it', async () => {
    let id = 0;
    const [added, ...more] = await recording.eventsOf(async () => {
      ({ id } = await panel('POST', '', { name: 'Spanish', code: 'es', isDefault: false }));
    });
    expect(more).toEqual([]);
    expect(added).toMatchObject({
      name: 'locale.create',
      uid: LOCALE,
      model: 'locale',
      documentId: expect.any(String),
      locale: null,
      status: null,
      entry: { code: 'es', name: 'Spanish' },
      actor: { type: 'admin' },
    });
    const [renamed] = await recording.eventsOf(() =>
      panel('PUT', `/${id}`, { name: 'Castilian', isDefault: false }),
    );
    expect(renamed).toMatchObject({
      name: 'locale.update',
      documentId: added?.documentId,
      changes: [{ field: 'name', from: 'Spanish', to: 'Castilian' }],
    });
    const [removed] = await recording.eventsOf(() => panel('DELETE', `/${id}`));
    expect(removed).toMatchObject({
      name: 'locale.delete',
      documentId: added?.documentId,
      entry: { code: 'es', name: 'Castilian' },
    });
  });

  it('has an event when code adds it, and events for its content when it is removed', async () => {
    const events = await recording.eventsOf(async () => {
      await recording.app.run(async (strapi) => {
        const locales = strapi.plugin('i18n').service('locales');
        const { id } = await locales.create({ name: 'Italian', code: 'it' });
        await strapi.documents('api::article.article').create({
          data: { title: 'Ciao', slug: 'ciao' },
          locale: 'it',
        });
        await locales.delete({ id });
      });
    });
    expect(events.map(({ name }) => name)).toEqual([
      'locale.create',
      'entry.create',
      'entry.delete',
      'locale.delete',
    ]);
    expect(events[0]?.actor.type).toBe('system');
  });

  it('has no event if it was not written', async () => {
    const events = await recording.eventsOf(() =>
      recording.app.run((strapi) =>
        strapi.db
          .transaction(async () => {
            const locales = strapi.plugin('i18n').service('locales');
            await locales.create({ name: 'Polish', code: 'pl' });
            throw new Error('No.');
          })
          .catch(() => undefined),
      ),
    );
    expect(events).toEqual([]);
  });
});

/**
 * Releases are licensed, but their content type is there in every Strapi. The rows are written here as the licensed
 * half writes them: one by one, through the query engine.
 */
describe('A release', () => {
  it('has an event when it is created, changed, published or deleted', async () => {
    const events = await recording.eventsOf(() =>
      recording.app.run(async (strapi, uid) => {
        const releases = strapi.db.query(uid);
        const { id } = await releases.create({ data: { name: 'Autumn', status: 'empty' } });
        const where = { id };
        await releases.update({ where, data: { name: 'Winter' } });
        await releases.update({ where, data: { status: 'ready' } });
        await releases.update({ where, data: { status: 'ready' } });
        await releases.update({ where, data: { status: 'done', releasedAt: new Date() } });
        await releases.delete({ where });
      }, RELEASE),
    );
    expect(events.map(({ name }) => name)).toEqual([
      'release.create',
      'release.update',
      'release.update',
      'release.publish',
      'release.delete',
    ]);
    const [made, renamed, , published] = events;
    expect(made).toMatchObject({ uid: RELEASE, model: 'release', entry: { name: 'Autumn' } });
    expect(renamed?.changes).toEqual([{ field: 'name', from: 'Autumn', to: 'Winter' }]);
    expect(published).toMatchObject({ entry: { status: 'done', releasedAt: expect.any(String) } });
    expect(new Set(events.map(({ documentId }) => documentId)).size).toBe(1);
  });
});

describe('A locale with very many entries', () => {
  const ARTICLES = 40_000;

  /** Rows as a project has them that imported its content: by SQL, past every lifecycle. */
  const fill = (code: string, count: number) =>
    recording.app.run(
      async (strapi, { code, count }) => {
        await strapi.plugin('i18n').service('locales').create({ name: code, code });
        const columns = 'document_id, title, slug, locale, published_at';
        await strapi.db.connection.raw(
          `insert into articles (${columns})
           with recursive counter(n) as (select 1 union all select n + 1 from counter where n < ?)
           select 'many' || (n / 2), 'Title ' || n, 'many-' || n, ?,
             case when n % 2 = 0 then null else 1 end from counter`,
          [count, code],
        );
      },
      { code, count },
    );

  /** The contents of the outbox and the content tables, and the largest statement and answer of a deletion. */
  const remove = (code: string, how: { fails: boolean }) =>
    recording.app.run(
      async (strapi, { code, fails }) => {
        const knex = strapi.db.connection;
        const total = async (table: string) => Number((await knex(table).count({ n: '*' }))[0].n);
        const before = {
          events: await total('workflow_webhooks_events'),
          deliveries: await total('workflow_webhooks_deliveries'),
        };
        const most = { values: 0, rows: 0 };
        const asked = ({ bindings = [] }: any) =>
          (most.values = Math.max(most.values, bindings.length));
        const answered = (rows: any, { sql }: any) => {
          if (Array.isArray(rows) && /^select .*title/.test(sql))
            most.rows = Math.max(most.rows, rows.length);
        };
        knex.on('query', asked);
        knex.on('query-response', answered);
        const uid = 'api::article.article';
        const refused = await strapi.db
          .transaction(async ({ trx }: any) => {
            if (!fails) {
              const locales = strapi.plugin('i18n').service('locales');
              const [{ id }] = await locales.find({ code });
              return locales.delete({ id }).then(() => null);
            }
            await trx.raw(
              "create trigger kept before delete on articles begin select raise(abort, 'Kept.'); end",
            );
            const deleting = strapi.db.query(uid).deleteMany({ where: { locale: code } });
            // The caller goes on: a failed deletion must cause no event, and the caller's other writes are kept.
            return deleting.then(
              () => null,
              (error: Error) => error.message,
            );
          })
          .finally(() => knex.raw('drop trigger if exists kept'));
        knex.removeListener('query', asked);
        knex.removeListener('query-response', answered);
        return {
          most,
          refused,
          left: await strapi.db.query(uid).count({ where: { locale: code } }),
          events: (await total('workflow_webhooks_events')) - before.events,
          deliveries: (await total('workflow_webhooks_deliveries')) - before.deliveries,
          names: await knex('workflow_webhooks_deliveries')
            .where('id', '>', before.deliveries)
            .distinct('event', 'locale'),
        };
      },
      { code, ...how },
    );

  it('is deleted, with one event for each document, read and stored in small pieces', async () => {
    await fill('sv', ARTICLES);
    const { most, ...found } = await remove('sv', { fails: false });
    expect(found).toMatchObject({ refused: null, left: 0 });
    // 40,000 rows are 20,001 documents, and the locale itself has an event too.
    expect([found.events, found.deliveries]).toEqual([20_002, 20_002]);
    expect(found.names).toEqual(
      expect.arrayContaining([
        { event: 'entry.delete', locale: 'sv' },
        { event: 'locale.delete', locale: null },
      ]),
    );
    expect(most.rows).toBeLessThanOrEqual(400);
    expect(most.values).toBeLessThan(10_000);
  });

  it('leaves no event where its deletion fails and the transaction goes on', async () => {
    await fill('da', 3000);
    const found = await remove('da', { fails: true });
    expect(found.refused).toMatch(/Kept/);
    expect(found).toMatchObject({ left: 3000, events: 0, deliveries: 0 });
  });
});
