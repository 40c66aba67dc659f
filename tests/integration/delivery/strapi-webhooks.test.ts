/** The format `strapi` beside Strapi's own webhooks: the equal parts, and each difference that receiving.md lists. */
import { SideBySide, type Sent } from './side-by-side';
import { Stage } from './stage';

const ARTICLE = 'api::article.article';
const USER = 'plugin::users-permissions.user';

let stage: Stage;
let side: SideBySide;
let slugs = 0;

beforeAll(async () => {
  stage = await Stage.start();
});
afterAll(() => stage?.stop());
afterEach(async () => {
  await side.stop();
  await stage.clear();
});

const request = async (method: string, path: string, body?: unknown) => {
  const answer = await stage.app.request(method, path, body);
  if (answer.status >= 300) throw new Error(`${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer.body;
};
const manager = (method: string, path: string, body?: unknown) =>
  request(method, `/content-manager/collection-types/${path}`, body);
const form = (title: string, more: object = {}) => ({
  title,
  slug: `side-${(slugs += 1)}`,
  ...more,
});

const made = async (uid: string, data: object): Promise<string> =>
  (await manager('POST', uid, data)).data.documentId;

const upload = async (content = 'Text'): Promise<{ id: number }> => {
  const data = new FormData();
  data.append('files', new Blob([content]), 'a.txt');
  return (await request('POST', '/upload', data))[0];
};
const describeFile = (id: number, alternativeText: string) => {
  const data = new FormData();
  const info = { name: 'a.txt', alternativeText, caption: null };
  data.append('fileInfo', JSON.stringify(info));
  return request('POST', `/upload?id=${id}`, data);
};

/** An article with a value in every kind of field, related to published and to draft documents. */
const wholeArticle = async () => {
  const connect = (documentId: string) => ({ connect: [{ documentId }] });
  const page = await made('api::page.page', { title: 'A draft' });
  const tag = await made('api::tag.tag', { name: `Tag ${(slugs += 1)}` });
  const author = await made('api::author.author', { name: 'Ada', privateEmail: 'a@example.com' });
  return form('Whole', {
    body: '# Text',
    section: 'news',
    featured: true,
    views: 3,
    reach: '9007199254740993',
    price: 1.5,
    publishedOn: '2026-01-02',
    embargoUntil: '2026-01-02T03:04:05.000Z',
    metadata: { a: [1, { b: null }] },
    cover: (await upload()).id,
    internalNotes: 'private',
    previewPassword: 'Secret123',
    seo: { metaTitle: 'Meta', social: [{ network: 'n', accessKey: 'private' }] },
    links: [{ label: 'Link', target: connect(page) }],
    blocks: [{ __component: 'blocks.quote', text: 'Quote', editorRemark: 'private' }],
    tags: connect(tag),
    author: connect(author),
    page: connect(page),
  });
};

describe('The format strapi sends what Strapi itself sends,', () => {
  test('value by value, of documents that are made, edited, published, discarded and cloned', async () => {
    const whole = await wholeArticle();
    side = await SideBySide.start(stage);
    let documentId = '';
    const create = async () => {
      documentId = await made(ARTICLE, whole);
    };
    await side.same(create, ['entry.create']);
    const path = `${ARTICLE}/${documentId}`;
    await side.same(() => manager('PUT', path, form('Edited')), ['entry.update']);
    const publish = () => manager('POST', `${path}/actions/publish`, form('Published'));
    await side.same(publish, ['entry.update', 'entry.publish']);
    await side.same(() => manager('PUT', `${path}?locale=fr`, form('Neu')), ['entry.create']);
    await side.same(() => manager('PUT', path, form('Thrown away')), ['entry.update']);
    await side.same(() => manager('POST', `${path}/actions/discard`, {}), ['entry.draft-discard']);
    await side.same(
      () => manager('POST', `${ARTICLE}/clone/${documentId}`, form('Clone')),
      ['entry.create'],
    );
    const rest = () => stage.app.contentApi('POST', '/articles', { data: form('Over REST') });
    await side.same(rest, ['entry.create', 'entry.publish']);
    const notice = await made('api::notice.notice', { title: 'Without drafts' });
    await side.sentBy(async () => {}, { theirs: ['entry.create'], ours: ['entry.create'] });
    await side.same(() => manager('DELETE', `api::notice.notice/${notice}`), ['entry.delete']);
  });

  test('value by value, of files that are uploaded, described, replaced and deleted', async () => {
    side = await SideBySide.start(stage);
    let id = 0;
    await side.same(async () => ({ id } = await upload()), ['media.create']);
    await side.same(() => describeFile(id, 'A text'), ['media.update']);
    const replacement = () => {
      const data = new FormData();
      data.append('files', new Blob(['Another']), 'a.txt');
      return request('POST', `/upload?id=${id}`, data);
    };
    await side.same(replacement, ['media.update']);
    await side.same(() => request('DELETE', `/upload/files/${id}`), ['media.delete']);
  });

  test('of a test: the event trigger-test and its time, and nothing else', async () => {
    side = await SideBySide.start(stage, { ours: ['entry.create'] });
    const test = async () => {
      await request('POST', `/admin/webhooks/${side.ids.theirs}/trigger`);
      await stage.api('POST', `/webhooks/${side.ids.ours}/test`, {});
    };
    await side.same(test, ['trigger-test']);
  });
});

describe("The format strapi differs from Strapi's own webhooks:", () => {
  test('a save that changes nothing sends nothing, and so a Publish click without an edit no entry.update', async () => {
    const same = form('Same');
    const documentId = await made(ARTICLE, same);
    const { id } = await upload();
    await describeFile(id, 'Same');
    side = await SideBySide.start(stage);
    const path = `${ARTICLE}/${documentId}`;
    await side.sentBy(() => manager('PUT', path, same), { theirs: ['entry.update'], ours: [] });
    await side.sentBy(() => manager('POST', `${path}/actions/publish`, same), {
      theirs: ['entry.update', 'entry.publish'],
      ours: ['entry.publish'],
    });
    await side.sentBy(() => describeFile(id, 'Same'), { theirs: ['media.update'], ours: [] });
  });

  test('entry.* holds entry.draft-discard, which Strapi sends where it is chosen; naming the others leaves it out', async () => {
    const documentId = await made(ARTICLE, form('Published'));
    const path = `${ARTICLE}/${documentId}`;
    await manager('POST', `${path}/actions/publish`, form('Published'));
    const others = ['entry.create', 'entry.update', 'entry.delete', 'entry.publish'];
    side = await SideBySide.start(stage, { theirs: others });
    const discard = async () => {
      await manager('PUT', path, form('Thrown away'));
      await manager('POST', `${path}/actions/discard`, {});
    };
    await side.sentBy(discard, {
      theirs: ['entry.update'],
      ours: ['entry.update', 'entry.draft-discard'],
    });
    await stage.changeWebhook({ id: side.ids.ours }, { events: others });
    await side.sentBy(discard, { theirs: ['entry.update'], ours: ['entry.update'] });
  });

  test('a deletion is one entry.delete for each locale, with all that hung on the document', async () => {
    const whole = await wholeArticle();
    const documentId = await made(ARTICLE, whole);
    const path = `${ARTICLE}/${documentId}`;
    await manager('POST', `${path}/actions/publish`, whole);
    await manager('PUT', `${path}?locale=fr`, form('Français'));
    side = await SideBySide.start(stage);
    const { theirs, ours } = await side.sentBy(() => manager('DELETE', `${path}?locale=*`), {
      theirs: ['entry.delete', 'entry.delete', 'entry.delete'],
      ours: ['entry.delete', 'entry.delete'],
    });
    const versions = (sent: Sent[]) =>
      sent.map(
        ({ body: { entry } }) => `${entry.locale} ${entry.publishedAt ? 'published' : 'draft'}`,
      );
    expect(versions(theirs)).toEqual(['en draft', 'en published', 'fr draft']);
    expect(versions(ours)).toEqual(['en published', 'fr draft']);
    const [their, our] = [theirs[1]?.body.entry, ours[0]?.body.entry];
    expect(our).toMatchObject(their);
    const more = Object.keys(our).filter((name) => !(name in their));
    expect(more.sort()).toEqual(
      ['attachments', 'author', 'blocks', 'cover', 'links', 'page', 'seo', 'tags'].sort(),
    );
    expect(our).toMatchObject({ tags: [{ name: expect.any(String) }], seo: { metaTitle: 'Meta' } });
  });

  test('an unpublished document has its relations as in every other event, not as the caller read them', async () => {
    const whole = await wholeArticle();
    const documentId = await made(ARTICLE, whole);
    const path = `${ARTICLE}/${documentId}`;
    const publish = () => manager('POST', `${path}/actions/publish`, whole);
    await publish();
    side = await SideBySide.start(stage);
    const events = { theirs: ['entry.unpublish'], ours: ['entry.unpublish'] };
    const inPanel = await side.sentBy(
      () => manager('POST', `${path}/actions/unpublish`, {}),
      events,
    );
    // The Content Manager reads the number of related documents.
    expect(inPanel.theirs[0]?.body.entry).toMatchObject({
      tags: { count: 1 },
      author: { count: 1 },
    });
    await publish();
    // The form enters the password again, which stores another hash of it: that is an edit.
    const edited = ['entry.update', 'entry.publish'];
    await side.sentBy(async () => {}, { theirs: edited, ours: edited });
    const unpublish = () =>
      stage.app.run((strapi, args) => strapi.documents(args.uid).unpublish(args), {
        uid: ARTICLE,
        documentId,
      });
    const fromCode = await side.sentBy(unpublish, events);
    expect(fromCode.theirs[0]?.body.entry).not.toHaveProperty('tags');
    for (const { ours } of [inPanel, fromCode])
      expect(ours[0]?.body.entry).toMatchObject({
        tags: [{ name: expect.any(String) }],
        author: { name: 'Ada' },
        seo: { metaTitle: 'Meta' },
      });
  });

  test('the entry and the time are those of the event, and not of the moment when it is sent', async () => {
    side = await SideBySide.start(stage);
    const twice = () =>
      stage.app.run(
        (strapi, data) =>
          strapi.db.transaction(async () => {
            const documents = strapi.documents('api::article.article');
            const { documentId } = await documents.create({ data });
            for (const title of ['Two', 'Three'])
              await documents.update({ documentId, data: { title } });
            await new Promise((resolve) => setTimeout(resolve, 50));
          }),
        form('One'),
      );
    const events = ['entry.create', 'entry.update', 'entry.update'];
    const { theirs, ours } = await side.sentBy(twice, { theirs: events, ours: events });
    const titles = (sent: Sent[]) => sent.map(({ body }) => body.entry.title).sort();
    expect(titles(theirs)).toEqual(['Three', 'Three', 'Three']);
    expect(titles(ours)).toEqual(['One', 'Three', 'Two']);
    const times = (sent: Sent[]) => sent.map(({ body }) => Date.parse(body.createdAt));
    expect(Math.max(...times(ours))).toBeLessThan(Math.min(...times(theirs)));
  });

  test('deletions past the document service are sent too: entries of a locale, and an end user', async () => {
    const user = await stage.app.run(async (strapi) => {
      const data = { username: 'side', email: 'side@example.com', password: 'Secret123' };
      return strapi.plugin('users-permissions').service('user').add(data);
    });
    await manager('POST', `${ARTICLE}?locale=de`, form('Deutsch'));
    side = await SideBySide.start(stage, { contentTypes: [ARTICLE, USER] });
    const german = (await request('GET', '/i18n/locales')).find(({ code }: any) => code === 'de');
    await side.sentBy(() => request('DELETE', `/i18n/locales/${german.id}`), {
      theirs: [],
      ours: ['entry.delete'],
    });
    await side.sentBy(() => stage.app.contentApi('DELETE', `/users/${(user as any).id}`), {
      theirs: [],
      ours: ['entry.delete'],
    });
  });

  test('it has headers of its own, and the same X-Strapi-Event and content type', async () => {
    side = await SideBySide.start(stage);
    const events = { theirs: ['entry.create'], ours: ['entry.create'] };
    const { theirs, ours } = await side.sentBy(
      () => made('api::notice.notice', { title: 'N' }),
      events,
    );
    const [their, our] = [theirs[0]?.headers, ours[0]?.headers];
    for (const name of ['x-strapi-event', 'content-type']) expect(our?.[name]).toBe(their?.[name]);
    const own = Object.keys(our ?? {}).filter((name) => !(name in (their ?? {})));
    expect(own).toEqual(expect.arrayContaining(['webhook-id', 'webhook-timestamp']));
    expect(our?.['user-agent']).toMatch(/^strapi-plugin-workflow-webhooks\//);
  });
});
