/** The choices of the forms: events, content types and locales. */
import { EVENT_CATALOGUE } from '../../../server/contract/catalogue';
import { startStrapi, type App } from '../../support/strapi';
import { dataOf, NOTICE, pluginApi, type PluginApi } from './plugin-api';

let app: App;
let api: PluginApi;

beforeAll(async () => {
  app = await startStrapi();
  api = pluginApi(app);
});
afterAll(() => app?.stop());

describe('the event catalogue', () => {
  it('names every event with its group, a sentence and an example of its standard body', async () => {
    const events = dataOf(await api.get('/events'));
    expect(events.map(({ name }: { name: string }) => name)).toEqual(
      EVENT_CATALOGUE.map(({ name }) => name),
    );
    for (const event of events) {
      expect(Object.keys(event).sort()).toEqual(['description', 'example', 'group', 'name']);
      expect(event.description).toMatch(/\.$/);
      expect(event.example).toMatchObject({
        type: event.name,
        timestamp: expect.stringMatching(/Z$/),
        data: { id: expect.stringMatching(/^evt_/), entry: expect.any(Object) },
      });
    }
  });
});

describe('the content types', () => {
  it('are those whose changes are events, with the locales of the project', async () => {
    const { contentTypes, locales } = dataOf(await api.get('/content-types'));
    const uids = contentTypes.map(({ uid }: { uid: string }) => uid);
    expect(uids).toEqual(
      expect.arrayContaining(['api::article.article', 'api::homepage.homepage', NOTICE]),
    );
    expect(uids.filter((uid: string) => uid.startsWith('plugin::'))).toEqual([
      'plugin::users-permissions.user',
    ]);
    const hidden = contentTypes.filter(({ isHidden }: { isHidden: boolean }) => isHidden);
    expect(hidden.map(({ uid }: { uid: string }) => uid)).toEqual(['api::redirect.redirect']);
    expect(uids.filter((uid: string) => uid.startsWith('plugin::workflow-webhooks'))).toEqual([]);
    expect(uids.filter((uid: string) => uid.startsWith('admin::'))).toEqual([]);
    expect(locales.map(({ code }: { code: string }) => code).sort()).toEqual(['de', 'en', 'fr']);
    const article = contentTypes.find(({ uid }: { uid: string }) => uid === 'api::article.article');
    expect(article).toMatchObject({
      modelName: 'article',
      displayName: 'Article',
      kind: 'collectionType',
      hasDraftAndPublish: true,
      isLocalized: true,
      mainField: 'title',
    });
    expect(article.attributes).toContainEqual({
      name: 'links',
      type: 'component',
      isLocalized: true,
      isRepeatable: true,
    });
  });

  it('name no private and no password attribute', async () => {
    const hidden: { uid: string; name: string }[] = await app.run((strapi) =>
      Object.values(strapi.contentTypes).flatMap(({ uid, attributes }: any) =>
        Object.entries(attributes)
          .filter(([, one]: any) => one.private || one.type === 'password')
          .map(([name]) => ({ uid, name })),
      ),
    );
    expect(hidden).toEqual(
      expect.arrayContaining([
        { uid: 'api::article.article', name: 'internalNotes' },
        { uid: 'api::article.article', name: 'previewPassword' },
        { uid: 'plugin::users-permissions.user', name: 'password' },
      ]),
    );
    const { contentTypes } = dataOf(await api.get('/content-types'));
    for (const { uid, name } of hidden) {
      const type = contentTypes.find((one: { uid: string }) => one.uid === uid);
      const names = (type?.attributes ?? []).map((one: { name: string }) => one.name);
      expect(names).not.toContain(name);
    }
  });
});
