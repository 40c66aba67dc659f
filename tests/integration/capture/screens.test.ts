/** Content types that the project configures as screens: each change is one `screen.*` event. */
import { PAGE, pageForm, Recording, TAG, summariesOf } from './recording';

const UNKNOWN = 'api::scren.scren';
/** This content type exists, but changes of its rows are events of files. */
const STRANGE = 'plugin::upload.file';

let recording: Recording;

beforeAll(async () => {
  const config = {
    delivery: { schedule: [0, 3_600_000] },
    screens: { contentTypes: [PAGE, UNKNOWN, STRANGE] },
  };
  recording = await Recording.start({ config });
  await recording.webhook();
});
afterAll(() => recording?.stop());

const pages = `/collection-types/${PAGE}`;
/** No receiver answers here, so events about failing webhooks come at some time too. */
const names = async (work: () => Promise<unknown>) =>
  (await recording.eventsOf(work))
    .filter(({ name }) => !name.startsWith('webhook.'))
    .map(({ name, actor }) => `${name} by ${actor.type}`);

describe('Screens', () => {
  it('are screen.* events instead of entry.*, one for each change', async () => {
    const events = await recording.eventsOf(async () => {
      const documentId = await recording.make(PAGE, { title: 'Home', path: '/home' });
      await recording.documents(PAGE, 'publish', { documentId });
      await recording.documents(PAGE, 'update', { documentId, data: { title: 'Start' } });
      await recording.documents(PAGE, 'discardDraft', { documentId });
      await recording.documents(PAGE, 'unpublish', { documentId });
      await recording.documents(PAGE, 'delete', { documentId });
    });
    expect(summariesOf(events).map((line) => line.split(' ')[0])).toEqual([
      'screen.create',
      'screen.publish',
      'screen.update',
      'screen.draft-discard',
      'screen.unpublish',
      'screen.delete',
    ]);
    expect(new Set(events.map(({ uid }) => uid))).toEqual(new Set([PAGE]));
    // A draft that is saved beside a published version changes nothing for visitors.
    expect(events.map(({ isLive }) => isLive)).toEqual([false, true, true, true, false, false]);
  });

  it('are warned of at start where there is no such content type', () => {
    expect(recording.app.logs()).toContain(
      `names what is no content type of documents here: ${UNKNOWN}, ${STRANGE}.`,
    );
  });

  it('leave other content types as they are', async () => {
    const events = await recording.eventsOf(async () => {
      await recording.make(TAG, { name: 'A tag' });
    });
    expect(events.map(({ name }) => name)).toEqual(['entry.create']);
  });

  it('reach a webhook for screen.*, but not one for entry.* alone', async () => {
    const entries = await recording.webhook({ name: 'Entries', events: ['entry.*'] });
    const screens = await recording.webhook({ name: 'Screens', events: ['screen.create'] });
    await recording.make(PAGE, { title: 'Two', path: '/two' });
    const count = (id: string) =>
      recording.app.run(async (strapi, webhook) => {
        const knex = strapi.db.connection;
        return (await knex('workflow_webhooks_deliveries').where('webhook_id', webhook)).length;
      }, id);
    expect(await count(entries)).toBe(0);
    expect(await count(screens)).toBe(1);
  });

  it('have events when an administrator edits them in the Content Manager', async () => {
    let id = '';
    const found = await names(async () => {
      const { data } = await recording.manager('POST', pages, pageForm());
      id = data.documentId;
      await recording.manager('PUT', `${pages}/${id}`, pageForm({ title: 'Edited' }));
      await recording.manager('POST', `${pages}/${id}/actions/publish`, pageForm({ title: 'Out' }));
      await recording.manager('PUT', `${pages}/${id}`, pageForm({ title: 'Again' }));
      await recording.manager('POST', `${pages}/${id}/actions/discard`);
      await recording.manager('POST', `${pages}/${id}/actions/unpublish`, {});
      await recording.manager('DELETE', `${pages}/${id}`);
    });
    expect(found).toEqual(
      [
        'create',
        'update',
        'update',
        'publish',
        'update',
        'draft-discard',
        'unpublish',
        'delete',
      ].map((verb) => `screen.${verb} by admin`),
    );
  });

  it('have one event each when many are published, unpublished and deleted at once', async () => {
    const documentIds = [await recording.page(), await recording.page()];
    const many = (action: string) =>
      names(() => recording.manager('POST', `${pages}/actions/${action}`, { documentIds }));
    expect(await many('bulkPublish')).toEqual(Array(2).fill('screen.publish by admin'));
    expect(await many('bulkUnpublish')).toEqual(Array(2).fill('screen.unpublish by admin'));
    expect(await many('bulkDelete')).toEqual(Array(2).fill('screen.delete by admin'));
  });

  it('have events when they are written over the REST API, which also publishes them', async () => {
    let id = '';
    expect(
      await names(async () => {
        id = (await recording.rest('POST', '/pages', pageForm())).data.documentId;
      }),
    ).toEqual(['screen.create by api-token', 'screen.publish by api-token']);
    expect(await names(() => recording.rest('PUT', `/pages/${id}`, { title: 'New' }))).toEqual([
      'screen.update by api-token',
      'screen.publish by api-token',
    ]);
    expect(
      await names(async () => {
        const { status } = await recording.app.contentApi('DELETE', `/pages/${id}`);
        expect(status).toBe(204);
      }),
    ).toEqual(['screen.delete by api-token']);
  });

  it('have events when project code clones them, but none after a rollback', async () => {
    const documentId = await recording.page();
    expect(await names(() => recording.documents(PAGE, 'clone', { documentId }))).toEqual([
      'screen.create by system',
    ]);
    const undone = () =>
      recording.app.run(
        (strapi, uid) =>
          strapi.db
            .transaction(async () => {
              await strapi.documents(uid).create({ data: { title: 'Gone', path: '/gone' } });
              throw new Error('No.');
            })
            .catch(() => undefined),
        PAGE,
      );
    expect(await names(undone)).toEqual([]);
  });

  it('have screen.* events when they are deleted past the document service', async () => {
    await recording.page();
    const past = () =>
      recording.app.run(
        (strapi, uid) => strapi.db.query(uid).deleteMany({ where: { path: '/a' } }),
        PAGE,
      );
    const found = await names(past);
    expect(found.length).toBeGreaterThan(0);
    expect(new Set(found)).toEqual(new Set(['screen.delete by system']));
  });
});
