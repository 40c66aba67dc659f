/** The Content Manager's actions: each is one event per document, locale and operation. */
import {
  ARTICLE,
  HOMEPAGE,
  NOTICE,
  PAGE,
  Recording,
  pageForm as form,
  summariesOf,
} from './recording';

let recording: Recording;

beforeAll(async () => {
  recording = await Recording.start();
  await recording.webhook();
});
afterAll(() => recording?.stop());

const eventsOf = (work: () => Promise<unknown>) => recording.eventsOf(work);
const manager = (method: string, path: string, body?: unknown) =>
  recording.manager(method, path, body);
const documents = (uid: string, action: string, params?: object) =>
  recording.documents(uid, action, params);

const articles = `/collection-types/${ARTICLE}`;
const pages = `/collection-types/${PAGE}`;
const notices = `/collection-types/${NOTICE}`;
const article: Recording['article'] = (options) => recording.article(options);
const page: Recording['page'] = (options) => recording.page(options);

describe('the Content Manager', () => {
  it('creates: one entry.create, by the administrator, with the draft', async () => {
    const { result, events, deliveries } = await recording.storedBy(() =>
      manager('POST', pages, form({ seo: { metaTitle: 'Meta' } })),
    );
    expect(summariesOf(events)).toEqual(['entry.create draft']);
    expect(events[0]).toMatchObject({
      id: expect.stringMatching(/^evt_[0-9a-f]{32}$/),
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      uid: PAGE,
      model: 'page',
      documentId: result.data.documentId,
      locale: null,
      entry: { title: 'A page', path: '/a', seo: { metaTitle: 'Meta', social: [] } },
      previous: null,
      changes: [],
      actor: { type: 'admin', id: 1, name: 'Ada Admin' },
    });
    expect(events[0]).not.toHaveProperty('isNewLocale');
    expect(deliveries).toHaveLength(1);
    expect(deliveries[0]).toMatchObject({
      event_id: events[0]?.id,
      event: 'entry.create',
      uid: PAGE,
      document_id: result.data.documentId,
    });
  });

  it('saves: one entry.update with what was edited, and none where nothing was', async () => {
    const id = await page();
    const path = `${pages}/${id}`;
    const events = await eventsOf(() => manager('PUT', path, form({ title: 'Edited' })));
    expect(summariesOf(events)).toEqual(['entry.update draft']);
    expect(events[0]).toMatchObject({
      previous: { title: 'A page' },
      entry: { title: 'Edited' },
      changes: [{ field: 'title', from: 'A page', to: 'Edited' }],
    });
    expect(await eventsOf(() => manager('PUT', path, form({ title: 'Edited' })))).toEqual([]);
  });

  it('publishes what was not edited: entry.publish alone', async () => {
    const id = await page();
    const events = await eventsOf(() => manager('POST', `${pages}/${id}/actions/publish`, form()));
    expect(summariesOf(events)).toEqual(['entry.publish published']);
    expect(events[0]).toMatchObject({ previous: null, changes: [], entry: { title: 'A page' } });
  });

  it('publishes what was edited: entry.update and entry.publish, once each', async () => {
    const id = await page({ isPublished: true });
    const events = await eventsOf(() =>
      manager('POST', `${pages}/${id}/actions/publish`, form({ title: 'Edited' })),
    );
    expect(summariesOf(events)).toEqual(['entry.update draft', 'entry.publish published']);
    const edit = [{ field: 'title', from: 'A page', to: 'Edited' }];
    expect(events.map(({ changes }) => changes)).toEqual([edit, edit]);
  });

  it('creates and publishes in one click: entry.create and entry.publish', async () => {
    const events = await eventsOf(() => manager('POST', `${pages}/actions/publish`, form()));
    expect(summariesOf(events)).toEqual(['entry.create draft', 'entry.publish published']);
  });

  it('unpublishes: one entry.unpublish with what was public, which is a draft now', async () => {
    const id = await page({ isPublished: true });
    const events = await eventsOf(() => manager('POST', `${pages}/${id}/actions/unpublish`, {}));
    expect(summariesOf(events)).toEqual(['entry.unpublish draft']);
    expect(events[0]?.entry).toMatchObject({
      title: 'A page',
      publishedAt: expect.any(String),
    });
  });

  it('unpublishes and discards the draft: the two operations, once each', async () => {
    const id = await page({ isPublished: true });
    await documents(PAGE, 'update', { documentId: id, data: { title: 'Edited' } });
    const events = await eventsOf(() =>
      manager('POST', `${pages}/${id}/actions/unpublish`, { discardDraft: true }),
    );
    expect(summariesOf(events)).toEqual(['entry.draft-discard draft', 'entry.unpublish draft']);
  });

  it('discards a draft: one entry.draft-discard that shows what was reverted', async () => {
    const id = await page({ isPublished: true });
    await documents(PAGE, 'update', { documentId: id, data: { title: 'Edited' } });
    const events = await eventsOf(() => manager('POST', `${pages}/${id}/actions/discard`, {}));
    expect(summariesOf(events)).toEqual(['entry.draft-discard draft']);
    expect(events[0]).toMatchObject({
      previous: { title: 'Edited' },
      entry: { title: 'A page' },
      changes: [{ field: 'title', from: 'Edited', to: 'A page' }],
    });
  });

  it('clones, by form and in one click: one entry.create of the new document', async () => {
    const id = await recording.make(NOTICE, { title: 'Original', priority: 1 });
    const clone = await recording.storedBy(() =>
      manager('POST', `${notices}/clone/${id}`, { title: 'Copy' }),
    );
    expect(summariesOf(clone.events)).toEqual(['entry.create published']);
    expect(clone.events[0]?.documentId).toBe(clone.result.data.documentId);
    expect(clone.events[0]?.entry).toMatchObject({ title: 'Copy', priority: 1 });
    const auto = await eventsOf(() => manager('POST', `${notices}/auto-clone/${id}`, {}));
    expect(summariesOf(auto)).toEqual(['entry.create published']);
    expect(auto[0]?.documentId).not.toBe(id);
  });

  it('deletes a document with draft and published version: one entry.delete, of what was public', async () => {
    const id = await page({ isPublished: true });
    await documents(PAGE, 'update', { documentId: id, data: { title: 'Edited' } });
    const events = await eventsOf(() => manager('DELETE', `${pages}/${id}`));
    expect(summariesOf(events)).toEqual(['entry.delete published']);
    expect(events[0]).toMatchObject({ documentId: id, entry: { title: 'A page' }, changes: [] });
  });

  it('deletes a draft: one entry.delete', async () => {
    const id = await page();
    expect(summariesOf(await eventsOf(() => manager('DELETE', `${pages}/${id}`)))).toEqual([
      'entry.delete draft',
    ]);
  });

  it('publishes, unpublishes and deletes many at once: one event for each of them', async () => {
    const documentIds = [await page(), await page(), await page()];
    const many = async (action: string) => {
      const events = await eventsOf(() =>
        manager('POST', `${pages}/actions/${action}`, { documentIds }),
      );
      expect(events.map(({ documentId }) => documentId).sort()).toEqual([...documentIds].sort());
      return summariesOf(events);
    };
    expect(await many('bulkPublish')).toEqual(Array(3).fill('entry.publish published'));
    expect(await many('bulkUnpublish')).toEqual(Array(3).fill('entry.unpublish draft'));
    expect(await many('bulkDelete')).toEqual(Array(3).fill('entry.delete draft'));
  });

  it('has one event for each locale if several locales of many documents are unpublished at once', async () => {
    const documentIds = [
      await article({ locales: ['en', 'fr'], isPublished: true }),
      await article({ locales: ['en', 'fr'], isPublished: true }),
    ];
    const events = await eventsOf(() =>
      manager('POST', `${articles}/actions/bulkUnpublish`, { documentIds, locale: ['en', 'fr'] }),
    );
    expect(summariesOf(events).sort()).toEqual([
      'entry.unpublish en draft',
      'entry.unpublish en draft',
      'entry.unpublish fr draft',
      'entry.unpublish fr draft',
    ]);
  });

  it('saves a type without draft and publish: what is saved is live', async () => {
    const { result, events } = await recording.storedBy(() =>
      manager('POST', notices, { title: 'News' }),
    );
    expect(summariesOf(events)).toEqual(['entry.create published']);
    const path = `${notices}/${result.data.documentId}`;
    expect(summariesOf(await eventsOf(() => manager('PUT', path, { title: 'Newer' })))).toEqual([
      'entry.update published',
    ]);
    expect(summariesOf(await eventsOf(() => manager('DELETE', path)))).toEqual([
      'entry.delete published',
    ]);
  });

  it('does the same with a single type', async () => {
    const path = `/single-types/${HOMEPAGE}`;
    const put = (title: string) => () => manager('PUT', path, { title });
    expect(summariesOf(await eventsOf(put('Home')))).toEqual(['entry.create draft']);
    expect(summariesOf(await eventsOf(put('Home 2')))).toEqual(['entry.update draft']);
    const act = (action: string, body: object = {}) =>
      eventsOf(() => manager('POST', `${path}/actions/${action}`, body));
    expect(summariesOf(await act('publish', { title: 'Home 2' }))).toEqual([
      'entry.publish published',
    ]);
    await manager('PUT', path, { title: 'Home 3' });
    expect(summariesOf(await act('discard'))).toEqual(['entry.draft-discard draft']);
    expect(summariesOf(await act('unpublish'))).toEqual(['entry.unpublish draft']);
    expect(summariesOf(await eventsOf(() => manager('DELETE', path)))).toEqual([
      'entry.delete draft',
    ]);
  });
});

describe('the locales of a document', () => {
  it('are created by saving one that was not there: entry.create with isNewLocale', async () => {
    const id = await article();
    const events = await eventsOf(() =>
      manager('PUT', `${articles}/${id}?locale=fr`, {
        title: 'Bonjour',
        slug: `bonjour-${id}`,
        locale: 'fr',
      }),
    );
    expect(summariesOf(events)).toEqual(['entry.create fr draft']);
    expect(events[0]).toMatchObject({ documentId: id, isNewLocale: true, previous: null });
  });

  it('are each one document to save: the others raise nothing', async () => {
    const id = await article({ locales: ['en', 'fr'] });
    const events = await eventsOf(() =>
      documents(ARTICLE, 'update', { documentId: id, locale: 'fr', data: { title: 'Salut' } }),
    );
    expect(summariesOf(events)).toEqual(['entry.update fr draft']);
    expect(events[0]?.changes).toEqual([{ field: 'title', from: 'Article fr', to: 'Salut' }]);
  });

  it('are published one, or several at once', async () => {
    const id = await article({ locales: ['en', 'fr', 'de'] });
    const one = await eventsOf(() =>
      manager('POST', `${articles}/${id}/actions/publish?locale=fr`, { locale: 'fr' }),
    );
    expect(summariesOf(one)).toEqual(['entry.publish fr published']);
    const several = await eventsOf(() =>
      manager('POST', `${articles}/actions/bulkPublish`, {
        documentIds: [id],
        locale: ['en', 'de'],
      }),
    );
    expect(summariesOf(several).sort()).toEqual([
      'entry.publish de published',
      'entry.publish en published',
    ]);
  });

  it('are deleted one, and the others stay', async () => {
    const id = await article({ locales: ['en', 'fr'], isPublished: true });
    const events = await eventsOf(() => manager('DELETE', `${articles}/${id}?locale=fr`));
    expect(summariesOf(events)).toEqual(['entry.delete fr published']);
  });

  it('are deleted all with the document: one event for each', async () => {
    const id = await article({ locales: ['en', 'fr', 'de'] });
    await documents(ARTICLE, 'publish', { documentId: id, locale: 'de' });
    const events = await eventsOf(() =>
      documents(ARTICLE, 'delete', { documentId: id, locale: '*' }),
    );
    expect(summariesOf(events).sort()).toEqual([
      'entry.delete de published',
      'entry.delete en draft',
      'entry.delete fr draft',
    ]);
  });

  it('mean nothing to a type of one language', async () => {
    const id = await page();
    const events = await eventsOf(() =>
      documents(PAGE, 'update', { documentId: id, locale: 'fr', data: { title: 'Edited' } }),
    );
    expect(summariesOf(events)).toEqual(['entry.update draft']);
  });
});
