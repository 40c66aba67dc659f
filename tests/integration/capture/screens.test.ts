/** Content types that the project calls screens: their changes are told once, as `screen.*`. */
import { PAGE, Recording, TAG, told } from './recording';

const UNKNOWN = 'api::scren.scren';

let recording: Recording;

beforeAll(async () => {
  const config = {
    delivery: { schedule: [0, 3_600_000] },
    screens: { contentTypes: [PAGE, UNKNOWN] },
  };
  recording = await Recording.start({ config });
  await recording.webhook();
});
afterAll(() => recording?.stop());

describe('Screens', () => {
  it('are told as screen.* in place of entry.*, each change once', async () => {
    const events = await recording.eventsOf(async () => {
      const documentId = await recording.make(PAGE, { title: 'Home', path: '/home' });
      await recording.documents(PAGE, 'publish', { documentId });
      await recording.documents(PAGE, 'update', { documentId, data: { title: 'Start' } });
      await recording.documents(PAGE, 'discardDraft', { documentId });
      await recording.documents(PAGE, 'unpublish', { documentId });
      await recording.documents(PAGE, 'delete', { documentId });
    });
    expect(told(events).map((line) => line.split(' ')[0])).toEqual([
      'screen.create',
      'screen.publish',
      'screen.update',
      'screen.draft-discard',
      'screen.unpublish',
      'screen.delete',
    ]);
    expect(new Set(events.map(({ uid }) => uid))).toEqual(new Set([PAGE]));
  });

  it('are warned of at start where there is no such content type', () => {
    expect(recording.app.logs()).toContain(`names what is no content type here: ${UNKNOWN}.`);
  });

  it('leave other content types as they are', async () => {
    const events = await recording.eventsOf(async () => {
      await recording.make(TAG, { name: 'A tag' });
    });
    expect(events.map(({ name }) => name)).toEqual(['entry.create']);
  });

  it('are not heard by a webhook for entry.* alone, and are by one for screen.*', async () => {
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
});
