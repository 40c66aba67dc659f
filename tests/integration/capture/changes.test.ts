/** An event has the old and the new value of every kind of field. What is private is in private.test.ts. */
import type { WebhookEvent } from '../../../server/contract/event';
import { ARTICLE, AUTHOR, HOMEPAGE, PAGE, Recording, TAG } from './recording';

let recording: Recording;

beforeAll(async () => {
  recording = await Recording.start();
  await recording.webhook();
  // A project does this while it starts, before anything is saved.
  await recording.app.run((strapi) => {
    strapi.db.lifecycles.subscribe({
      models: ['api::article.article'],
      beforeUpdate({ params }: any) {
        const { tagOfLifecycle } = globalThis as any;
        if (params.data.body === 'Tag me') params.data.tags = [{ id: tagOfLifecycle }];
      },
    });
  });
});
afterAll(() => recording?.stop());

const CANARY = 'canary-do-not-tell';
let count = 0;

/** A file row without a file: what is in it is all that matters here. */
const file = (name: string) =>
  recording.app.run(async (strapi, name) => {
    const data = { name, hash: name, ext: '.png', mime: 'image/png', size: 1.5, url: `/${name}` };
    const row = { ...data, provider: 'local', folderPath: '/canary-do-not-tell' };
    const { id, documentId } = await strapi.db.query('plugin::upload.file').create({ data: row });
    return { id, documentId, name, url: `/${name}` } as Record<string, unknown> & { id: number };
  }, name);

const tag = () => recording.make(TAG, { name: `Tag ${++count}` });
const author = () => recording.make(AUTHOR, { name: 'Ada', privateEmail: `${CANARY}@example.com` });
const page = () => recording.make(PAGE, { title: 'A page' });
const article = (data: object = {}) =>
  recording.make(ARTICLE, { title: 'Old', slug: `slug-${++count}`, ...data });

const update = async (uid: string, documentId: string, data: object): Promise<WebhookEvent> => {
  const events = await recording.eventsOf(() =>
    recording.documents(uid, 'update', { documentId, data }),
  );
  expect(events).toHaveLength(1);
  return events[0] as WebhookEvent;
};
const changed = async (documentId: string, data: object) =>
  (await update(ARTICLE, documentId, data)).changes;

describe('changes', () => {
  it.each<[string, unknown, unknown]>([
    ['title', 'Old', 'New'],
    ['body', null, '# New'],
    ['section', 'news', 'culture'],
    ['featured', false, true],
    ['views', 1, 2],
    ['reach', '100', '9000000000'],
    ['price', 9.5, 10.25],
    ['publishedOn', '2026-01-01', '2026-12-31'],
    ['embargoUntil', '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:01.000Z'],
    ['metadata', { a: [1, { b: null }] }, { a: [2], c: 'd' }],
    ['metadata', { a: 1 }, null],
  ])('tell the old and the new value of %s (%j to %j)', async (field, from, to) => {
    const id = await article({ [field]: from });
    expect(await changed(id, { [field]: to })).toEqual([{ field, from, to }]);
  });

  it('are none where a value was written as it was', async () => {
    const same = {
      title: 'Old',
      reach: '100',
      price: 9.5,
      publishedOn: '2026-01-01',
      embargoUntil: '2026-01-01T00:00:00.000Z',
      metadata: { a: 1, b: [2] },
      seo: { metaTitle: 'Meta', social: [{ network: 'n' }] },
      links: [{ label: 'One' }],
      blocks: [{ __component: 'blocks.quote', text: 'Quote' }],
      tags: [await tag(), await tag()],
      author: await author(),
    };
    const id = await article(same);
    const events = await recording.eventsOf(async () => {
      await recording.documents(ARTICLE, 'update', { documentId: id, data: same });
      const reordered = { metadata: { b: [2], a: 1 } };
      await recording.documents(ARTICLE, 'update', { documentId: id, data: reordered });
    });
    expect(events).toEqual([]);
  });

  it('do not fail a save whose JSON is nested 2,000 deep', async () => {
    // The test uses a file, because the i18n plugin itself fails at about that depth for documents with locales.
    const { id } = await file('deep');
    const events = await recording.eventsOf(() =>
      recording.app.run(
        async (strapi, where) => {
          const nested = (bottom: string) =>
            JSON.parse('[{"a":'.repeat(1000) + `"${bottom}"` + '}]'.repeat(1000));
          const files = strapi.db.query('plugin::upload.file');
          for (const bottom of ['old', 'old', 'new'])
            await files.update({ where, data: { provider_metadata: nested(bottom) } });
        },
        { id },
      ),
    );
    const changes = events.map((event) => event.changes[0] as any);
    expect(changes.map(({ field }) => field)).toEqual(['provider_metadata', 'provider_metadata']);
    const [, { from, to }] = changes;
    expect([from, to].map((value) => JSON.stringify(value).replace(/[^a-z]|a/g, ''))).toEqual([
      'old',
      'new',
    ]);
  });

  it('contain a component, a repeatable one and a dynamic zone as a whole, without row ids', async () => {
    const id = await article({
      seo: { metaTitle: 'Old', social: [{ network: 'a', handle: 'b' }] },
      links: [{ label: 'One', url: '/1' }],
      blocks: [{ __component: 'blocks.quote', text: 'Quote', source: null }],
    });
    const quote = { __component: 'blocks.quote', text: 'Quote', source: null };
    const seo = (metaTitle: string) => ({
      metaTitle,
      metaDescription: null,
      settings: null,
      social: [{ network: 'a', handle: 'b' }],
    });
    const link = (label: string, url: string) => ({ label, url, target: null });
    const changes = await changed(id, {
      seo: { metaTitle: 'New', social: [{ network: 'a', handle: 'b' }] },
      links: [
        { label: 'Two', url: '/2' },
        { label: 'One', url: '/1' },
      ],
      blocks: [{ __component: 'blocks.picture', caption: 'Sky' }, quote],
    });
    expect(changes).toEqual([
      { field: 'seo', from: seo('Old'), to: seo('New') },
      {
        field: 'links',
        from: [link('One', '/1')],
        to: [link('Two', '/2'), link('One', '/1')],
      },
      {
        field: 'blocks',
        from: [quote],
        to: [{ __component: 'blocks.picture', caption: 'Sky', image: null }, quote],
      },
    ]);
    expect(await changed(id, { seo: null })).toEqual([
      { field: 'seo', from: seo('New'), to: null },
    ]);
  });

  it('contain an id inside JSON: in a component, in a separate field, and in any JSON', async () => {
    const looks = (id: number) => ({ id, kind: 'video', documentId: 'same', mime: 'video/mp4' });
    const settings = (id: number) => ({ ...looks(id), list: [{ id, documentId: 'same' }] });
    const id = await article({ seo: { settings: settings(1) }, metadata: looks(1) });
    const { changes, entry, previous } = await update(ARTICLE, id, {
      seo: { settings: settings(2) },
      metadata: looks(2),
    });
    expect(changes).toMatchObject([
      { field: 'metadata', from: looks(1), to: looks(2) },
      { field: 'seo', from: { settings: settings(1) }, to: { settings: settings(2) } },
    ]);
    expect([previous, entry]).toMatchObject([
      { metadata: looks(1), seo: { settings: settings(1) } },
      { metadata: looks(2), seo: { settings: settings(2) } },
    ]);
    const [published] = await recording.eventsOf(() =>
      recording.documents(ARTICLE, 'publish', { documentId: id }),
    );
    expect(published?.entry).toMatchObject({ seo: { settings: settings(2) } });
  });

  it('contain relations by document: many to one, many to many, one to one, and in a component', async () => {
    const [ada, eve, one, two, target] = [
      await author(),
      await author(),
      await tag(),
      await tag(),
      await page(),
    ];
    const id = await article({ author: ada, tags: [one] });
    expect(await changed(id, { author: eve, tags: { connect: [two] } })).toEqual([
      { field: 'author', from: { documentId: ada }, to: { documentId: eve } },
      {
        field: 'tags',
        from: [{ documentId: one }],
        to: [{ documentId: one }, { documentId: two }],
      },
    ]);
    expect(await changed(id, { author: null, tags: { disconnect: [one] } })).toEqual([
      { field: 'author', from: { documentId: eve }, to: null },
      {
        field: 'tags',
        from: [{ documentId: one }, { documentId: two }],
        to: [{ documentId: two }],
      },
    ]);
    expect(await changed(id, { links: [{ label: 'Page', target }] })).toMatchObject([
      { field: 'links', from: [], to: [{ label: 'Page', target: { documentId: target } }] },
    ]);
    const home = await recording.make(HOMEPAGE, { title: 'Home' });
    const { changes, entry } = await update(HOMEPAGE, home, { lead: id });
    expect(changes).toEqual([{ field: 'lead', from: null, to: { documentId: id } }]);
    expect(entry).toMatchObject({ lead: { documentId: id, title: 'Old' } });
  });

  it('contain a relation from its other side once per document, with drafts and all locales', async () => {
    const ada = await author();
    const [first, second] = [await article({ author: ada }), await article()];
    await recording.documents(ARTICLE, 'publish', { documentId: first });
    const { changes } = await update(AUTHOR, ada, { articles: { connect: [second] } });
    expect(changes).toEqual([
      {
        field: 'articles',
        from: [{ documentId: first }],
        to: [{ documentId: first }, { documentId: second }],
      },
    ]);
  });

  it('contain media by file, one and several, and in a dynamic zone', async () => {
    const [sky, sea, pdf] = [await file('sky'), await file('sea'), await file('pdf')];
    const id = await article({ cover: sky.id, attachments: [pdf.id] });
    expect(await changed(id, { cover: sea.id, attachments: [sky.id, pdf.id] })).toEqual([
      { field: 'cover', from: sky, to: sea },
      { field: 'attachments', from: [pdf], to: [sky, pdf] },
    ]);
    expect(await changed(id, { cover: null })).toEqual([{ field: 'cover', from: sea, to: null }]);
    const blocks = [{ __component: 'blocks.picture', caption: 'Sky', image: sky.id }];
    expect(await changed(id, { blocks })).toEqual([
      {
        field: 'blocks',
        from: [],
        to: [{ __component: 'blocks.picture', caption: 'Sky', image: sky }],
      },
    ]);
  });

  it('name nothing that publishing only made anew', async () => {
    const id = await article({
      seo: { metaTitle: 'Meta', social: [{ network: 'n' }] },
      links: [{ label: 'One', target: await page() }],
      blocks: [{ __component: 'blocks.quote', text: 'Quote' }],
      tags: [await tag()],
      author: await author(),
      cover: (await file('cover')).id,
    });
    const publish = () => recording.documents(ARTICLE, 'publish', { documentId: id });
    const [first] = await recording.eventsOf(publish);
    const [second] = await recording.eventsOf(publish);
    expect([first?.previous, second?.changes]).toEqual([null, []]);
    expect(second?.entry?.id).not.toBe(first?.entry?.id);
    await recording.documents(ARTICLE, 'update', { documentId: id, data: { links: [] } });
    const [third] = await recording.eventsOf(publish);
    expect(third?.changes.map(({ field }) => field)).toEqual(['links']);
  });

  it('contain everything that a discarded draft reverted, including components and relations', async () => {
    const [one, two] = [await tag(), await tag()];
    const id = await article({ links: [{ label: 'One' }], tags: [one] });
    await recording.documents(ARTICLE, 'publish', { documentId: id });
    const edit = { links: [{ label: 'Two' }], tags: [two] };
    await recording.documents(ARTICLE, 'update', { documentId: id, data: edit });
    const [event] = await recording.eventsOf(() =>
      recording.documents(ARTICLE, 'discardDraft', { documentId: id }),
    );
    expect(event?.changes).toMatchObject([
      { field: 'links', from: [{ label: 'Two' }], to: [{ label: 'One' }] },
      { field: 'tags', from: [{ documentId: two }], to: [{ documentId: one }] },
    ]);
  });

  it('contain the fields that a lifecycle hook added to the save', async () => {
    const [one, two] = [await tag(), await tag()];
    const id = await article({ tags: [one] });
    await recording.app.run(async (strapi, documentId) => {
      const { id } = await strapi.db.query('api::tag.tag').findOne({ where: { documentId } });
      (globalThis as any).tagOfLifecycle = id;
    }, two);
    expect(await changed(id, { body: 'Tag me' })).toEqual([
      { field: 'body', from: null, to: 'Tag me' },
      { field: 'tags', from: [{ documentId: one }], to: [{ documentId: two }] },
    ]);
  });
});

describe('the entry', () => {
  it('is what Strapi itself would read, without what is private', async () => {
    const id = await article({
      body: 'Body',
      section: 'news',
      views: 3,
      reach: '9000000000',
      price: 1.25,
      publishedOn: '2026-01-01',
      embargoUntil: '2026-01-01T00:00:00.000Z',
      metadata: { a: [1] },
      seo: { metaTitle: 'Meta', social: [{ network: 'a' }, { network: 'b' }] },
      links: [{ label: 'One', target: await page() }, { label: 'Two' }],
      blocks: [
        { __component: 'blocks.picture', caption: 'Sky', image: (await file('sky')).id },
        { __component: 'blocks.quote', text: 'Quote' },
        { __component: 'blocks.picture', caption: 'Sea' },
      ],
      tags: [await tag(), await tag()],
      author: await author(),
      page: await page(),
      cover: (await file('cover')).id,
      attachments: [(await file('a')).id, (await file('b')).id],
    });
    const [event] = await recording.eventsOf(() =>
      recording.documents(ARTICLE, 'publish', { documentId: id }),
    );
    const own = await recording.app.run(async (strapi, documentId) => {
      const populate = {
        cover: true,
        attachments: true,
        seo: { populate: { social: true } },
        links: { populate: { target: true } },
        blocks: {
          on: { 'blocks.quote': true, 'blocks.picture': { populate: { image: true } } },
        },
        author: true,
        page: true,
        tags: true,
      };
      const where = { documentId, publishedAt: { $ne: null } };
      const row = await strapi.db.query('api::article.article').findOne({ where, populate });
      const isPrivate =
        /^(internalNotes|previewPassword|reviewerRemark|campaignNote|editorRemark|privateEmail|accessKey|passphrase|folderPath)$/;
      const clean = (value: any, isTop = false): any => {
        if (Array.isArray(value)) return value.map((item) => clean(item));
        if (value === null || typeof value !== 'object' || value instanceof Date) return value;
        const kept = Object.entries(value).filter(
          ([key]) => !isPrivate.test(key) && (isTop || key !== 'locale'),
        );
        return Object.fromEntries(kept.map(([key, item]) => [key, clean(item)]));
      };
      return clean(row, true);
    }, id);
    expect(event?.entry).toEqual(own);
  });
});
