/** Changes outside the Content Manager: REST, code, users, and Strapi's own deletions; with their actors. */
import { ARTICLE, NOTICE, PAGE, Recording, pageForm as form, summariesOf } from './recording';

let recording: Recording;
let webhook: string;

beforeAll(async () => {
  recording = await Recording.start();
  webhook = await recording.webhook();
});
afterAll(() => recording?.stop());

const eventsOf = (work: () => Promise<unknown>) => recording.eventsOf(work);
const manager = (method: string, path: string, body?: unknown) =>
  recording.manager(method, path, body);
const rest = (method: string, path: string, data?: object) => recording.rest(method, path, data);
const documents = (uid: string, action: string, params?: object) =>
  recording.documents(uid, action, params);

const article: Recording['article'] = (options) => recording.article(options);
const page: Recording['page'] = (options) => recording.page(options);

describe('the REST API', () => {
  const token = { type: 'api-token', id: expect.any(Number), name: expect.any(String) };

  it('creates and publishes by default', async () => {
    const events = await eventsOf(() => rest('POST', '/pages', form()));
    expect(summariesOf(events)).toEqual(['entry.create draft', 'entry.publish published']);
    expect(events.map(({ actor }) => actor)).toEqual([token, token]);
    expect(events[1]).toMatchObject({ previous: null, entry: { title: 'A page' } });
  });

  it('updates and publishes by default, and contains the difference to the published version', async () => {
    const id = await page({ isPublished: true });
    await documents(PAGE, 'update', { documentId: id, data: { path: '/b' } });
    const events = await eventsOf(() => rest('PUT', `/pages/${id}`, { title: 'Edited' }));
    expect(summariesOf(events)).toEqual(['entry.update draft', 'entry.publish published']);
    const title = { field: 'title', from: 'A page', to: 'Edited' };
    expect(events[0]?.changes).toEqual([title]);
    expect(events[1]?.changes).toEqual([title, { field: 'path', from: '/a', to: '/b' }]);
  });

  it('leaves drafts alone with ?status=draft', async () => {
    const { events, result } = await recording.storedBy(() =>
      rest('POST', '/pages?status=draft', form()),
    );
    expect(summariesOf(events)).toEqual(['entry.create draft']);
    const path = `/pages/${result.data.documentId}?status=draft`;
    expect(summariesOf(await eventsOf(() => rest('PUT', path, { title: 'Edited' })))).toEqual([
      'entry.update draft',
    ]);
  });

  it('creates a locale with PUT: entry.create with isNewLocale, and entry.publish', async () => {
    const id = await article();
    const events = await eventsOf(() =>
      rest('PUT', `/articles/${id}?locale=fr`, { title: 'Bonjour', slug: `rest-${id}` }),
    );
    expect(summariesOf(events)).toEqual(['entry.create fr draft', 'entry.publish fr published']);
    expect(events[0]?.isNewLocale).toBe(true);
  });

  it('deletes: one event', async () => {
    const id = await page({ isPublished: true });
    expect(summariesOf(await eventsOf(() => rest('DELETE', `/pages/${id}`)))).toEqual([
      'entry.delete published',
    ]);
  });

  it('answers whole events where the caller asked for a part of the answer', async () => {
    const events = await eventsOf(() => rest('POST', '/pages?fields=path', form()));
    expect(events.map(({ entry }) => entry?.title)).toEqual(['A page', 'A page']);
  });

  it('writes single types', async () => {
    const put = (title: string) => () => rest('PUT', '/homepage', { title });
    expect(summariesOf(await eventsOf(put('Home')))).toEqual([
      'entry.create draft',
      'entry.publish published',
    ]);
    expect(summariesOf(await eventsOf(put('Home 2')))).toEqual([
      'entry.update draft',
      'entry.publish published',
    ]);
    expect(summariesOf(await eventsOf(() => rest('DELETE', '/homepage')))).toEqual([
      'entry.delete published',
    ]);
  });
});

describe('the document service, called from code', () => {
  it('acts as the system', async () => {
    const [event] = await eventsOf(() => recording.make(NOTICE, { title: 'By code' }));
    expect(event?.actor).toEqual({ type: 'system', id: null, name: null });
  });

  it('raises nothing for a document that is not there', async () => {
    const nobody = { documentId: 'nobody', data: { title: 'x' } };
    expect(
      await eventsOf(async () => {
        await documents(PAGE, 'update', nobody);
        await documents(PAGE, 'update', { ...nobody, status: 'published' });
        for (const action of ['delete', 'publish', 'unpublish', 'discardDraft', 'clone'])
          await documents(PAGE, action, { documentId: 'nobody' });
      }),
    ).toEqual([]);
  });

  it('contains the whole entry, whatever fields and populate the caller requested', async () => {
    const documentId = await page();
    const update = { documentId, data: { title: 'Edited' }, fields: ['path'], populate: [] };
    const [event] = await eventsOf(() => documents(PAGE, 'update', update));
    expect(event).toMatchObject({
      documentId,
      entry: { title: 'Edited', path: '/a', seo: null, articles: [] },
    });
    expect(
      summariesOf(
        await eventsOf(() => documents(PAGE, 'publish', { documentId, fields: ['path'] })),
      ),
    ).toEqual(['entry.publish published']);
    expect(
      summariesOf(
        await eventsOf(() => documents(PAGE, 'unpublish', { documentId, fields: ['path'] })),
      ),
    ).toEqual(['entry.unpublish draft']);
    expect(
      summariesOf(
        await eventsOf(() => documents(PAGE, 'delete', { documentId, fields: ['path'] })),
      ),
    ).toEqual(['entry.delete draft']);
  });

  it('gives events that are stored together times that rise strictly, in the order of their changes', async () => {
    const documentId = await article({ locales: ['en', 'fr'] });
    const events = await eventsOf(async () => {
      await documents(ARTICLE, 'publish', { documentId, locale: '*' });
      await Promise.all(
        ['One', 'Two', 'Three'].map((title) => documents(NOTICE, 'create', { data: { title } })),
      );
      await documents(ARTICLE, 'delete', { documentId, locale: '*' });
    });
    expect(events.length).toBeGreaterThanOrEqual(7);
    const times = events.map(({ time }) => time);
    expect(times).toEqual([...new Set(times)].sort());
  });

  it('publishes, discards and clones every locale: one event for each', async () => {
    const documentId = await article({ locales: ['en', 'fr'] });
    const all = async (action: string) =>
      summariesOf(
        await eventsOf(() => documents(ARTICLE, action, { documentId, locale: '*' })),
      ).sort();
    expect(await all('publish')).toEqual([
      'entry.publish en published',
      'entry.publish fr published',
    ]);
    expect(await all('discardDraft')).toEqual([
      'entry.draft-discard en draft',
      'entry.draft-discard fr draft',
    ]);
    expect(await all('clone')).toEqual(['entry.create en draft', 'entry.create fr draft']);
    expect(await all('unpublish')).toEqual([
      'entry.unpublish en draft',
      'entry.unpublish fr draft',
    ]);
  });

  it('takes a list of locales', async () => {
    const documentId = await article({ locales: ['en', 'fr', 'de'] });
    const events = await eventsOf(() =>
      documents(ARTICLE, 'publish', { documentId, locale: ['en', 'de'] }),
    );
    expect(summariesOf(events).sort()).toEqual([
      'entry.publish de published',
      'entry.publish en published',
    ]);
  });

  it('raises one event for each call inside a transaction of the caller', async () => {
    const events = await eventsOf(() =>
      recording.app.run(
        (strapi, uid) =>
          strapi.db.transaction(async () => {
            const { documentId } = await strapi.documents(uid).create({ data: { title: 'One' } });
            await strapi.documents(uid).update({ documentId, data: { title: 'Two' } });
            await strapi.documents(uid).publish({ documentId });
            await strapi.documents(uid).delete({ documentId });
          }),
        PAGE,
      ),
    );
    expect(summariesOf(events)).toEqual([
      'entry.create draft',
      'entry.update draft',
      'entry.publish published',
      'entry.delete published',
    ]);
  });

  it('raises entry.delete for what a lifecycle deletes with strapi.db.query, of another type or not', async () => {
    const [deleted, sibling, notice] = [
      await page(),
      await page(),
      await recording.make(NOTICE, { title: 'Goes along' }),
    ];
    const events = await eventsOf(() =>
      recording.app.run(
        async (strapi, args) => {
          let isDone = false;
          strapi.db.lifecycles.subscribe({
            models: [args.page],
            afterDelete: async () => {
              if (isDone) return;
              isDone = true;
              for (const [uid, documentId] of args.others)
                await strapi.db.query(uid).delete({ where: { documentId } });
            },
          });
          await strapi.documents(args.page).delete({ documentId: args.deleted });
        },
        {
          page: PAGE,
          deleted,
          others: [
            [PAGE, sibling],
            [NOTICE, notice],
          ],
        },
      ),
    );
    const names = events.map(({ name, documentId }) => `${name} ${documentId}`);
    expect(names.sort()).toEqual(
      [deleted, sibling, notice].map((id) => `entry.delete ${id}`).sort(),
    );
  });

  it('answers its caller the same with and without a webhook that wants to know', async () => {
    const acts = () =>
      recording.app.run(async (strapi) => {
        const plain = (value: any): any => {
          const text = JSON.stringify(value, (key, item) =>
            /^(id|documentId|createdAt|updatedAt|publishedAt|firstPublishedAt)$/.test(key) && item
              ? key
              : item,
          );
          return text === undefined ? text : JSON.parse(text);
        };
        const service = strapi.documents('api::page.page');
        const answers: any[] = [];
        const act = async (action: string, params: object) => {
          const answer = await service[action](params);
          answers.push(plain(answer));
          return answer;
        };
        const data = { title: 'Same', seo: { metaTitle: 'Meta', social: [{ handle: 'h' }] } };
        const { documentId } = await act('create', { data, populate: '*' });
        await act('update', { documentId, data: { title: 'New' }, fields: ['title'] });
        await act('update', { documentId, data: { path: '/x' }, status: 'published' });
        await act('publish', { documentId, populate: { seo: true } });
        await act('discardDraft', { documentId });
        await act('clone', { documentId, data: { title: 'Clone' } });
        await act('unpublish', { documentId });
        await act('delete', { documentId });
        await act('update', { documentId: 'nobody', data: {} });
        return answers;
      });
    const { result: watched, events } = await recording.storedBy(acts);
    expect(events.length).toBeGreaterThan(7);
    await recording.change(webhook, { enabled: false });
    const { result: unwatched, events: none } = await recording.storedBy(acts);
    await recording.change(webhook, { enabled: true });
    expect(none).toEqual([]);
    expect(watched).toEqual(unwatched);
  });
});

describe('the actor', () => {
  it('is a user of Users & Permissions, by user name', async () => {
    const jwt = await recording.app.run(async (strapi) => {
      const [role] = await strapi.db.query('plugin::users-permissions.role').findMany({
        where: { type: 'authenticated' },
      });
      await strapi.db.query('plugin::users-permissions.permission').create({
        data: { action: 'api::notice.notice.create', role: role.id },
      });
      const user = await strapi.plugin('users-permissions').service('user').add({
        username: 'reader',
        email: 'reader@example.com',
        password: 'Reader-123',
        confirmed: true,
        provider: 'local',
        role: role.id,
      });
      return strapi.plugin('users-permissions').service('jwt').issue({ id: user.id });
    });
    const [event] = await eventsOf(() =>
      recording.app.contentApi(
        'POST',
        '/notices',
        { data: { title: 'By a user' } },
        { token: jwt },
      ),
    );
    expect(event?.actor).toEqual({ type: 'user', id: expect.any(Number), name: 'reader' });
  });

  it('is a user without a name where the Public role may write', async () => {
    await recording.app.run(async (strapi) => {
      const [role] = await strapi.db.query('plugin::users-permissions.role').findMany({
        where: { type: 'public' },
      });
      await strapi.db.query('plugin::users-permissions.permission').create({
        data: { action: 'api::notice.notice.create', role: role.id },
      });
    });
    const [event] = await eventsOf(() =>
      recording.app.contentApi('POST', '/notices', { data: { title: 'Public' } }, { token: null }),
    );
    expect(event?.actor).toEqual({ type: 'user', id: null, name: null });
  });

  it('never brings an e-mail address along', async () => {
    const { events } = await recording.stored();
    const actors = JSON.stringify(events.map(({ actor }) => actor));
    expect(actors).toContain('reader');
    expect(actors).not.toContain('@');
  });
});

describe('users of Users & Permissions', () => {
  const contentTypes = ['plugin::users-permissions.user'];
  beforeAll(() => recording.change(webhook, { contentTypes }));
  afterAll(() => recording.change(webhook, { contentTypes: [] }));

  it('are documents like others: created, updated and deleted through every door', async () => {
    const users = '/collection-types/plugin::users-permissions.user';
    const role = await recording.app.run(async (strapi) => {
      const where = { type: 'authenticated' };
      return (await strapi.db.query('plugin::users-permissions.role').findOne({ where })).id;
    });
    const data = {
      username: 'writer',
      email: 'writer@example.com',
      password: 'Writer-123-canary',
      role: { connect: [{ id: role }] },
    };
    const { events, result } = await recording.storedBy(() => manager('POST', users, data));
    expect(summariesOf(events)).toEqual(['entry.create published']);
    expect(events[0]?.entry).toMatchObject({ username: 'writer', role: { type: 'authenticated' } });
    expect(JSON.stringify(events)).not.toMatch(/canary|password|resetPasswordToken/i);
    const { id } = result;
    const updated = await eventsOf(() =>
      recording.app.contentApi('PUT', `/users/${id}`, { blocked: true }),
    );
    expect(updated.map(({ changes }) => changes)).toEqual([
      [{ field: 'blocked', from: false, to: true }],
    ]);
    const deleted = await eventsOf(() => recording.app.contentApi('DELETE', `/users/${id}`));
    expect(summariesOf(deleted)).toEqual(['entry.delete published']);
    const again = await manager('POST', users, { ...data, username: 'again' });
    const path = `${users}/${again.documentId}`;
    expect(summariesOf(await eventsOf(() => manager('DELETE', path)))).toEqual([
      'entry.delete published',
    ]);
  });
});

describe('a locale of the project', () => {
  it('takes its entries along when it is deleted: one entry.delete for each document', async () => {
    const remaining = await article({ locales: ['en'] });
    await recording.app.run(async (strapi) => {
      await strapi.plugin('i18n').service('locales').create({ code: 'it', name: 'Italian (it)' });
    });
    const ids = [
      await article({ locales: ['en', 'it'], isPublished: true }),
      await article({ locales: ['it'] }),
    ];
    const all = await eventsOf(async () => {
      const locales = (await recording.app.request('GET', '/i18n/locales')).body;
      const { id } = locales.find(({ code }: { code: string }) => code === 'it');
      expect((await recording.app.request('DELETE', `/i18n/locales/${id}`)).status).toBe(200);
    });
    const events = all.filter(({ name }) => name !== 'locale.delete');
    expect(all).toHaveLength(events.length + 1);
    expect(summariesOf(events).sort()).toEqual([
      'entry.delete it draft',
      'entry.delete it published',
    ]);
    expect(events.map(({ documentId }) => documentId).sort()).toEqual([...ids].sort());
    expect(events.map(({ documentId }) => documentId)).not.toContain(remaining);
    expect(events[0]?.actor).toMatchObject({ type: 'admin' });
  });
});
