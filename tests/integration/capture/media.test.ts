/** Files, over every action of the media library: one event each, in one transaction with the row. */
import { Recording, succeeded, summariesOf } from './recording';

let recording: Recording;

beforeAll(async () => {
  recording = await Recording.start();
  await recording.webhook();
});
afterAll(() => recording?.stop());

const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

const form = (info?: object, name = 'a.txt', content: BlobPart = 'Text') => {
  const data = new FormData();
  data.append('files', new Blob([content]), name);
  if (info) data.append('fileInfo', JSON.stringify(info));
  return data;
};
const admin = async (method: string, path: string, body?: unknown) =>
  succeeded(await recording.app.request(method, `/upload${path}`, body));
const content = async (method: string, path: string, body?: unknown) =>
  succeeded(await recording.app.contentApi(method, `/upload${path}`, body));
const upload = async () => (await admin('POST', '', form()))[0] as { id: number };

it('an upload by an administrator is one media.create', async () => {
  const { events, result, deliveries } = await recording.storedBy(() =>
    admin('POST', '', form({ name: 'pixel.png', alternativeText: 'A dot' }, 'p.png', PIXEL)),
  );
  expect(summariesOf(events)).toEqual(['media.create']);
  expect(events[0]).toMatchObject({
    uid: 'plugin::upload.file',
    model: 'file',
    documentId: result[0].documentId,
    locale: null,
    status: null,
    entry: { name: 'pixel.png', alternativeText: 'A dot', mime: 'image/png', width: 1 },
    previous: null,
    changes: [],
    actor: { type: 'admin', name: 'Ada Admin' },
  });
  expect(events[0]?.entry).not.toHaveProperty('folderPath');
  expect(events[0]?.entry).not.toHaveProperty('createdBy');
  expect(deliveries).toHaveLength(1);
});

it('an upload over the content API is one media.create for each file', async () => {
  const two = form();
  two.append('files', new Blob(['More']), 'b.txt');
  const events = await recording.eventsOf(() => content('POST', '', two));
  expect(summariesOf(events)).toEqual(['media.create', 'media.create']);
  expect(events[0]?.actor.type).toBe('api-token');
});

it("a change of a file's details is one media.update that contains it; no change is no event", async () => {
  const { id } = await upload();
  const data = () => {
    const info = new FormData();
    info.append('fileInfo', JSON.stringify({ name: 'b.txt', caption: 'New' }));
    return info;
  };
  const events = await recording.eventsOf(() => admin('POST', `?id=${id}`, data()));
  expect(summariesOf(events)).toEqual(['media.update']);
  expect(events[0]?.changes).toEqual([
    { field: 'name', from: 'a.txt', to: 'b.txt' },
    { field: 'caption', from: null, to: 'New' },
  ]);
  expect(events[0]?.previous).toMatchObject({ name: 'a.txt' });
  expect(await recording.eventsOf(() => admin('POST', `?id=${id}`, data()))).toEqual([]);
});

it('a move to another folder is one media.update, which names what moved and not where', async () => {
  const { id } = await upload();
  const { data: folder } = await admin('POST', '/folders', { name: 'Moved to', parent: null });
  const move = (to: number | null) => {
    const info = new FormData();
    info.append('fileInfo', JSON.stringify({ name: 'a.txt', folder: to }));
    return admin('POST', `?id=${id}`, info);
  };
  const events = await recording.eventsOf(() => move(folder.id));
  expect(summariesOf(events)).toEqual(['media.update']);
  expect(events[0]?.changes).toStrictEqual([{ field: 'folder' }, { field: 'folderPath' }]);
  expect(events[0]?.entry).toMatchObject({ id, name: 'a.txt' });
  expect(JSON.stringify(events)).not.toContain('Moved to');
  expect(await recording.eventsOf(() => move(folder.id))).toEqual([]);
  expect((await recording.eventsOf(() => move(null)))[0]?.changes).toStrictEqual([
    { field: 'folder' },
    { field: 'folderPath' },
  ]);
});

it('a replacement is one media.update', async () => {
  const { id } = await upload();
  const events = await recording.eventsOf(() =>
    admin('POST', `?id=${id}`, form(undefined, 'a.txt', 'Another text, and longer')),
  );
  expect(summariesOf(events)).toEqual(['media.update']);
  expect(events[0]?.changes.map(({ field }) => field)).toContain('size');
});

it.each([
  ['an administrator', admin],
  ['the content API', content],
])('a deletion by %s is one media.delete', async (_, call) => {
  const { id } = await upload();
  const events = await recording.eventsOf(() => call('DELETE', `/files/${id}`));
  expect(summariesOf(events)).toEqual(['media.delete']);
  expect(events[0]).toMatchObject({ entry: { id, name: 'a.txt' }, changes: [] });
});

it('the deletion of a folder is one media.delete for each file in it', async () => {
  const { data: folder } = await admin('POST', '/folders', { name: 'Folder', parent: null });
  for (const name of ['c.txt', 'd.txt']) await admin('POST', '', form({ name, folder: folder.id }));
  const events = await recording.eventsOf(() =>
    admin('POST', '/actions/bulk-delete', { folderIds: [folder.id] }),
  );
  expect(summariesOf(events)).toEqual(['media.delete', 'media.delete']);
});

it('writes from code past the upload plugin are captured too, one event for each row', async () => {
  const events = await recording.eventsOf(() =>
    recording.app.run(async (strapi) => {
      const files = strapi.db.query('plugin::upload.file');
      const row = (name: string) => ({
        ...{ name, hash: name, ext: '.txt', mime: 'text/plain', size: 1, url: `/${name}` },
        ...{ provider: 'local', folderPath: '/' },
      });
      const { id } = await files.create({ data: row('one') });
      await files.update({ where: { id }, data: { caption: 'Caption' } });
      await files.createMany({ data: [row('two')] });
      const both = { name: { $in: ['one', 'two'] } };
      await files.updateMany({ where: both, data: { caption: 'Both' } });
      await files.delete({ where: { id } });
      await files.deleteMany({ where: both });
    }),
  );
  expect(summariesOf(events)).toEqual([
    'media.create',
    'media.update',
    'media.create',
    'media.update',
    'media.update',
    'media.delete',
    'media.delete',
  ]);
});

it('a file never causes a content event, whatever writes it', async () => {
  const events = await recording.eventsOf(() =>
    recording.app.run(async (strapi) => {
      const file = await strapi.db.query('plugin::upload.file').findOne({ where: {} });
      const files = strapi.documents('plugin::upload.file');
      await files.update({ documentId: file.documentId, data: { caption: 'By document' } });
      await files.delete({ documentId: file.documentId });
    }),
  );
  expect(summariesOf(events)).toEqual(['media.update', 'media.delete']);
});

it('a file whose event cannot be stored is not stored either', async () => {
  const rows = () => recording.app.run((strapi) => strapi.db.query('plugin::upload.file').count());
  const before = await rows();
  await recording.app.run((strapi) =>
    strapi.db.connection.raw(
      `create trigger full before insert on workflow_webhooks_deliveries begin select raise(abort, 'full'); end`,
    ),
  );
  const answer = await recording.app.request('POST', '/upload', form());
  await recording.app.run((strapi) => strapi.db.connection.raw('drop trigger full'));
  expect([answer.status, answer.body.error?.name]).toEqual([400, 'ApplicationError']);
  expect(answer.body.error.message).toMatch(/^Nothing was saved: .*Try again/);
  expect(answer.body.error.details.code).toBe('deliveries-not-stored');
  expect(await rows()).toBe(before);
});
