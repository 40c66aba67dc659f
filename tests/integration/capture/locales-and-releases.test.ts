/** Locales and releases, which their plugins write past the document service: told in the transaction that writes them. */
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

  it('is told when an administrator adds, renames and removes it', async () => {
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

  it('is told when code adds it, and its content when it goes', async () => {
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

  it('is not told where it was not written', async () => {
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
  it('is told when it is made, changed, published and deleted', async () => {
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
