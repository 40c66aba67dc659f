/** Nothing private is in an event, however deep: a field that only changed in private is named, and nothing more. */
import type { WebhookEvent } from '../../../server/contract/event';
import { ARTICLE, AUTHOR, Recording } from './recording';

let recording: Recording;

beforeAll(async () => {
  recording = await Recording.start();
  await recording.webhook();
});
afterAll(() => recording?.stop());

const CANARY = 'canary-do-not-tell';
let count = 0;

/** A file row without a file: what is in it is all that matters here. */
const file = (name: string): Promise<{ id: number }> =>
  recording.app.run(async (strapi, name) => {
    const data = { name, hash: name, ext: '.png', mime: 'image/png', size: 1.5, url: `/${name}` };
    const row = { ...data, provider: 'local', folderPath: '/canary-do-not-tell' };
    const { id } = await strapi.db.query('plugin::upload.file').create({ data: row });
    return { id };
  }, name);

const author = () => recording.make(AUTHOR, { name: 'Ada', privateEmail: `${CANARY}@example.com` });
const article = (data: object = {}) =>
  recording.make(ARTICLE, { title: 'Old', slug: `slug-${++count}`, ...data });

const update = async (uid: string, documentId: string, data: object): Promise<WebhookEvent> => {
  const events = await recording.eventsOf(() =>
    recording.documents(uid, 'update', { documentId, data }),
  );
  expect(events).toHaveLength(1);
  return events[0] as WebhookEvent;
};

describe('what is private', () => {
  const secret = {
    internalNotes: CANARY,
    previewPassword: CANARY,
    seo: {
      metaTitle: 'Meta',
      reviewerRemark: CANARY,
      social: [{ handle: 'h', accessKey: CANARY, passphrase: CANARY }],
    },
    links: [{ label: 'Link', campaignNote: CANARY }],
    blocks: [{ __component: 'blocks.quote', text: 'Quote', editorRemark: CANARY }],
  };

  it('is in no stored event, however deep, through a whole life of a document', async () => {
    const cover = await file('private');
    const data = { ...secret, author: await author(), cover: cover.id };
    const { events } = await recording.storedBy(async () => {
      const created = await recording.manager('POST', `/collection-types/${ARTICLE}`, {
        title: 'Private',
        slug: `private-${++count}`,
        ...secret,
      });
      const { documentId } = created.data;
      const act = (action: string, more: object = {}) =>
        recording.documents(ARTICLE, action, { documentId, ...more });
      await act('update', { data });
      await act('publish');
      await act('update', { data: { title: 'Newer', internalNotes: `${CANARY} 2` } });
      await act('discardDraft');
      await act('clone');
      await act('unpublish');
      await act('delete');
    });
    expect(events).toHaveLength(8);
    const text = JSON.stringify(events);
    expect(text).toContain('"name":"Ada"');
    expect(text).not.toContain(CANARY);
    // A field that only changed in private is named, and nothing more.
    const named = /\{"field":"(internalNotes|previewPassword)"\}/g;
    expect(text.replaceAll(named, '')).not.toMatch(
      /internalNotes|previewPassword|reviewerRemark|accessKey|passphrase|campaignNote|editorRemark|privateEmail|folderPath|createdBy|updatedBy|\$2[aby]\$/,
    );
  });

  it.each<[string, object]>([
    ['internalNotes', { internalNotes: CANARY }],
    ['previewPassword', { previewPassword: CANARY }],
    ['seo', { seo: { metaTitle: 'Meta', reviewerRemark: CANARY } }],
    ['seo', { seo: { metaTitle: 'Meta', social: [{ network: 'n', passphrase: CANARY }] } }],
    ['links', { links: [{ label: 'Link', campaignNote: CANARY }] }],
    ['blocks', { blocks: [{ __component: 'blocks.quote', text: 'Q', editorRemark: CANARY }] }],
  ])(
    'is an event where only it changed, which names %s without its values',
    async (field, data) => {
      const without = JSON.parse(JSON.stringify(data).replaceAll(CANARY, 'before'));
      const id = await article(without);
      const event = await update(ARTICLE, id, data);
      expect(event.changes).toStrictEqual([{ field }]);
      expect(event.entry).not.toHaveProperty('internalNotes');
      const [published] = await recording.eventsOf(() =>
        recording.documents(ARTICLE, 'publish', { documentId: id }),
      );
      expect(published?.name).toBe('entry.publish');
      if (field !== 'previewPassword')
        expect(
          await recording.eventsOf(() =>
            recording.documents(ARTICLE, 'update', { documentId: id, data }),
          ),
        ).toEqual([]);
    },
  );

  it('is named by a publication too, without its values', async () => {
    const id = await article({ internalNotes: `${CANARY} 1` });
    await recording.documents(ARTICLE, 'publish', { documentId: id });
    const events = await recording.eventsOf(async () => {
      const data = { internalNotes: `${CANARY} 2` };
      await recording.documents(ARTICLE, 'update', { documentId: id, data });
      await recording.documents(ARTICLE, 'publish', { documentId: id });
    });
    expect(events.map(({ name, changes }) => [name, changes])).toStrictEqual([
      ['entry.update', [{ field: 'internalNotes' }]],
      ['entry.publish', [{ field: 'internalNotes' }]],
    ]);
  });

  it.each(['entry.internalNotes', 'previous.internalNotes', 'changes.internalNotes'])(
    'is nothing that a filter may ask about: %s',
    async (field) => {
      const filter = { field, op: 'contains', value: CANARY } as const;
      await expect(recording.webhook({ filter })).rejects.toThrow('that may be sent');
    },
  );

  it('is in no text that this test has stored, in any table of the outbox', async () => {
    const { events, deliveries } = await recording.stored();
    expect(events.length).toBeGreaterThan(20);
    expect(JSON.stringify([events, deliveries])).not.toContain(CANARY);
  });
});
