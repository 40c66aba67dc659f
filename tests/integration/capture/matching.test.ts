/** Matching happens before an event is stored, with the webhooks of that moment. */
import type { WebhookInput } from '../../../server/contract/webhook';
import { ARTICLE, NOTICE, PAGE, Recording, REDIRECT, type Stored } from './recording';

let recording: Recording;
let webhook: string;

beforeAll(async () => {
  recording = await Recording.start();
  webhook = await recording.webhook({ enabled: false });
});
afterAll(() => recording?.stop());

const ALL = { events: ['*'], contentTypes: [], locales: [], filter: null, enabled: true };
const wanting = (input: Partial<WebhookInput>) => recording.change(webhook, { ...ALL, ...input });
const names = ({ events }: Stored) => events.map(({ name }) => name);

/** One life of a page: created, edited, published, deleted. */
const life = async (over: { before?: object; after?: object } = {}) => {
  const documentId = await recording.make(PAGE, { title: 'Old', path: '/old', ...over.before });
  const data = { title: 'New', ...over.after };
  await recording.documents(PAGE, 'update', { documentId, data });
  await recording.documents(PAGE, 'publish', { documentId });
  await recording.documents(PAGE, 'delete', { documentId });
};
const storedOf = async (input: Partial<WebhookInput>, work: () => Promise<unknown> = life) => {
  await wanting(input);
  return recording.storedBy(work);
};

it.each([
  [['*'], ['entry.create', 'entry.update', 'entry.publish', 'entry.delete']],
  [['entry.*'], ['entry.create', 'entry.update', 'entry.publish', 'entry.delete']],
  [['entry.publish'], ['entry.publish']],
  [
    ['entry.delete', 'entry.create'],
    ['entry.create', 'entry.delete'],
  ],
  [['media.*'], []],
  [[], []],
])('the patterns %j take %j', async (events, expected) => {
  expect(names(await storedOf({ events }))).toEqual(expected);
});

it('content types and locales narrow it', async () => {
  expect(names(await storedOf({ contentTypes: [NOTICE] }))).toEqual([]);
  expect(names(await storedOf({ contentTypes: [NOTICE, PAGE] }))).toHaveLength(4);
  expect(names(await storedOf({ locales: ['fr'] }))).toHaveLength(4);
  const both = async () => {
    const slug = `matching-${Date.now()}`;
    const documentId = await recording.make(ARTICLE, { title: 'One', slug });
    const data = { title: 'Un', slug: `${slug}-fr` };
    await recording.documents(ARTICLE, 'update', { documentId, locale: 'fr', data });
    await recording.documents(ARTICLE, 'publish', { documentId, locale: '*' });
  };
  const { events } = await storedOf({ locales: ['fr'] }, both);
  expect(events.map(({ name, locale }) => [name, locale])).toEqual([
    ['entry.create', 'fr'],
    ['entry.publish', 'fr'],
  ]);
});

it.each([
  [
    { field: 'entry.title', op: 'eq', value: 'New' },
    ['entry.update', 'entry.publish', 'entry.delete'],
  ],
  [{ field: 'previous.title', op: 'eq', value: 'Old' }, ['entry.update']],
  [{ field: 'changes', op: 'contains', value: 'title' }, ['entry.update']],
  [{ field: 'changes.title', op: 'startsWith', value: 'Ne' }, ['entry.update']],
  [{ field: 'entry.title', op: 'changed' }, ['entry.update']],
  [{ field: 'actor.type', op: 'eq', value: 'admin' }, []],
  [
    {
      and: [
        { field: 'actor.type', op: 'eq', value: 'system' },
        { not: { field: 'entry.publishedAt', op: 'exists' } },
      ],
    },
    ['entry.create', 'entry.update'],
  ],
  [
    {
      or: [
        { field: 'entry.title', op: 'in', value: ['Old'] },
        { field: 'entry.publishedAt', op: 'exists' },
      ],
    },
    ['entry.create', 'entry.publish', 'entry.delete'],
  ],
] as const)('the filter %j takes %j', async (filter, expected) => {
  const input = { contentTypes: [PAGE], filter: filter as WebhookInput['filter'] };
  expect(names(await storedOf(input))).toEqual(expected);
});

it('a filter reaches into components and relations', async () => {
  const filter = { field: 'entry.seo.social.network', op: 'eq' as const, value: 'wall' };
  const seo = (network: string) => ({ seo: { metaTitle: 'm', social: [{ network }] } });
  const input = { events: ['entry.create'], contentTypes: [PAGE], filter };
  const work = async () => {
    await life({ before: seo('wall') });
    await life({ before: seo('ball') });
  };
  expect(names(await storedOf(input, work))).toEqual(['entry.create']);
});

it.each([
  [{ field: 'entry.embargoUntil', op: 'eq', value: '2026-06-01T12:00:00Z' }, true],
  [{ field: 'entry.embargoUntil', op: 'in', value: ['2026-06-01T14:00:00+02:00'] }, true],
  [{ field: 'entry.embargoUntil', op: 'gt', value: '2026-06-01T13:59:59+02:00' }, true],
  [{ field: 'changes.embargoUntil', op: 'lt', value: '2026-06-01T12:00:01Z' }, true],
  [{ field: 'previous.embargoUntil', op: 'gte', value: '2026-05-31T23:00:00-01:00' }, true],
  [{ field: 'previous.createdAt', op: 'gt', value: '2100-01-01' }, false],
  [{ field: 'entry.publishedOn', op: 'lt', value: '2026-06-02' }, true],
  [{ field: 'entry.reach', op: 'gt', value: '9' }, true],
  [{ field: 'entry.reach', op: 'lt', value: 9 }, false],
] as const)('the filter %j compares by meaning: %s', async (filter, expected) => {
  const slug = `meaning-${Date.now()}`;
  const before = { embargoUntil: '2026-06-01T00:00:00.000Z' };
  const after = {
    embargoUntil: '2026-06-01T12:00:00.000Z',
    publishedOn: '2026-06-01',
    reach: '10',
  };
  const input = { events: ['entry.update'], filter: filter as WebhookInput['filter'] };
  const { events } = await storedOf(input, async () => {
    const documentId = await recording.make(ARTICLE, { title: 'One', slug, ...before });
    await recording.documents(ARTICLE, 'update', { documentId, data: after });
  });
  expect(events).toHaveLength(expected ? 1 : 0);
});

it('an event that several webhooks want is stored once, with a delivery for each', async () => {
  await wanting({});
  const second = await recording.webhook({ events: ['entry.publish'] });
  const third = await recording.webhook({ events: ['entry.publish'], contentTypes: [NOTICE] });
  const { events, deliveries } = await recording.storedBy(life);
  expect(events).toHaveLength(4);
  const publish = events.find(({ name }) => name === 'entry.publish');
  expect(deliveries).toHaveLength(5);
  expect(
    deliveries.filter((row) => row.event_id === publish?.id).map((row) => row.webhook_id),
  ).toEqual([webhook, second]);
  await recording.remove(second);
  await recording.remove(third);
});

it('a webhook that was made, disabled, enabled or deleted a moment ago counts as that', async () => {
  const make = () => recording.eventsOf(() => recording.make(NOTICE, { title: 'Now' }));
  await wanting({ enabled: false });
  expect(await make()).toEqual([]);
  const fresh = await recording.webhook();
  expect(await make()).toHaveLength(1);
  await recording.change(fresh, { enabled: false });
  expect(await make()).toEqual([]);
  await recording.change(fresh, { enabled: true });
  expect(await make()).toHaveLength(1);
  await recording.remove(fresh);
  expect(await make()).toEqual([]);
});

it('an unwanted half is not read: a publishing save for a webhook that wants saves only', async () => {
  await wanting({ events: ['entry.update'], contentTypes: [PAGE] });
  const documentId = await recording.make(PAGE, { title: 'Old' }, { status: 'published' });
  const update = { documentId, data: { title: 'New' }, status: 'published' };
  const stored = await recording.storedBy(() => recording.documents(PAGE, 'update', update));
  expect(names(stored)).toEqual(['entry.update']);
  expect(stored.events[0]).toMatchObject({ status: 'draft', changes: [{ field: 'title' }] });
});

describe('A type that is hidden in the Content Manager', () => {
  const hiddenLife = async () => {
    const documentId = await recording.make(REDIRECT, { from: '/old', to: '/new' });
    await recording.rest('PUT', `/redirects/${documentId}?status=draft`, { to: '/newer' });
    await recording.documents(REDIRECT, 'publish', { documentId });
    await recording.documents(REDIRECT, 'delete', { documentId });
  };
  const expected = ['entry.create', 'entry.update', 'entry.publish', 'entry.delete'];

  it.each([[[]], [[REDIRECT]], [[PAGE, REDIRECT]]])('is sent to webhooks of %j', async (types) => {
    const { events } = await storedOf({ contentTypes: types }, hiddenLife);
    expect(events.map(({ name }) => name)).toEqual(expected);
    expect(events[1]).toMatchObject({
      uid: REDIRECT,
      entry: { from: '/old', to: '/newer' },
      changes: [{ field: 'to', from: '/new', to: '/newer' }],
    });
  });

  it('is not sent to webhooks of other types', async () => {
    expect(names(await storedOf({ contentTypes: [PAGE] }, hiddenLife))).toEqual([]);
  });

  it('fits a filter by its fields, and no other', async () => {
    const filter = { field: 'entry.to', op: 'eq', value: '/newer' } as const;
    const stored = await storedOf({ contentTypes: [REDIRECT], filter }, hiddenLife);
    expect(names(stored)).toEqual(expected.slice(1));
    const wrong = { field: 'entry.nothing', op: 'eq', value: '/newer' } as const;
    await expect(wanting({ contentTypes: [REDIRECT], filter: wrong })).rejects.toThrow('400');
  });

  it('shows the content of its deliveries to users who may read all documents', async () => {
    await storedOf({ contentTypes: [REDIRECT] }, hiddenLife);
    const { deliveries } = await recording.stored();
    const path = `/workflow-webhooks/deliveries/${deliveries.at(-1).id}`;
    const { body } = await recording.app.request('GET', path);
    expect(body.data).toMatchObject({ uid: REDIRECT, isContentHidden: false });
  });

  it('has samples, of the type and of its documents, in every format', async () => {
    const documentId = await recording.make(REDIRECT, { from: '/old', to: '/sampled' });
    for (const format of ['standard', 'strapi', 'sitecore', 'vee', 'cloudevents']) {
      const sample = { format, events: ['entry.*'], contentTypes: [REDIRECT] };
      const path = '/workflow-webhooks/webhooks/preview';
      const made = await recording.app.request('POST', path, sample);
      expect([format, made.status]).toEqual([format, 200]);
      const whole = { ...sample, uid: REDIRECT, documentId };
      const real = await recording.app.request('POST', path, whole);
      expect(real.body.data.body).toContain('/sampled');
    }
  });

  it('has no workflow, because no user could run its commands', async () => {
    const { status, body } = await recording.app.request('POST', '/workflow-webhooks/workflows', {
      name: 'Redirects',
      contentTypes: [REDIRECT],
      states: [{ key: 'draft', name: 'Draft', final: true }],
      initialState: 'draft',
      commands: [],
    });
    expect(status).toBe(400);
    expect(body.error.details.errors).toContainEqual(
      expect.objectContaining({ path: ['contentTypes', '0'] }),
    );
  });
});

describe('End users', () => {
  const USER = 'plugin::users-permissions.user';
  let people = 0;
  const person = () => {
    const name = `reader-${++people}`;
    return recording.make(USER, { username: name, email: `${name}@example.com` });
  };

  it('are sent to a webhook of all content types only if it names theirs', async () => {
    expect(names(await storedOf({ contentTypes: [] }, person))).toEqual([]);
    expect(names(await storedOf({ contentTypes: [PAGE] }, person))).toEqual([]);
    expect(names(await storedOf({ contentTypes: [PAGE, USER] }, person))).toEqual(['entry.create']);
  });

  const previewed = async (contentTypes: string[], documentId: string) => {
    const input = { id: webhook, contentTypes, uid: REDIRECT, documentId };
    const path = '/workflow-webhooks/webhooks/preview';
    const { body } = await recording.app.request('POST', path, input);
    return JSON.parse(body.data.body).data.entry.owner;
  };

  it('leave by their ids where they are related to a document, unless they are named', async () => {
    const owner = await person();
    const documentId = await recording.make(REDIRECT, { from: '/mine', owner });
    expect(await previewed([], documentId)).toEqual({
      id: expect.anything(),
      documentId: owner,
    });
    expect(await previewed([REDIRECT, USER], documentId)).toMatchObject({
      documentId: owner,
      email: expect.stringContaining('@'),
    });
  });
});

describe('A webhook that is older than the rule about end users', () => {
  const USER = 'plugin::users-permissions.user';
  const stored = async () => (await recording.app.request('GET', path())).body.data;
  const path = () => `/workflow-webhooks/webhooks/${webhook}`;
  const column = () =>
    recording.app.run((strapi) =>
      strapi.db
        .connection('workflow_webhooks_webhooks')
        .orderBy('id')
        .select('document_id', 'includes_end_users'),
    );
  const age = () =>
    recording.app.run((strapi) =>
      strapi.db.connection('workflow_webhooks_webhooks').update({ includes_end_users: null }),
    );
  const eventNames = async (name: string) =>
    names(
      await recording.storedBy(() =>
        recording.make(USER, { username: name, email: `${name}@example.com` }),
      ),
    );

  it('is found once, at the start, keeps sending them, and says so', async () => {
    await wanting({ name: 'All', events: ['*'] });
    await recording.webhook({ name: 'Media only', events: ['media.*'] });
    const before = await stored();
    expect(before.includesEndUsers).toBe(false);
    await age();
    await recording.app.restart();
    const [first, second] = (await column()) as { includes_end_users: unknown }[];
    expect([first, second].map((row) => Boolean(row?.includes_end_users))).toEqual([true, false]);
    expect(second?.includes_end_users).not.toBeNull();
    expect(await stored()).toMatchObject({ includesEndUsers: true, updatedAt: before.updatedAt });
    expect(recording.app.logs()).toContain('still send end users');
    expect(await eventNames('older')).toEqual(['entry.create']);
    const { body } = await recording.app.request(
      'GET',
      '/workflow-webhooks/webhooks?includesEndUsers=true',
    );
    expect(body.data.map(({ name }: { name: string }) => name)).toEqual(['All']);
  });

  it('keeps sending them after a save, and not after its content types were chosen anew', async () => {
    await wanting({ name: 'Renamed' });
    expect((await stored()).includesEndUsers).toBe(true);
    await wanting({ contentTypes: [PAGE] });
    await wanting({ contentTypes: [] });
    expect((await stored()).includesEndUsers).toBe(false);
    expect(await eventNames('chosen')).toEqual([]);
  });

  it('ends it by one call, which is in its changes and cancels what waits', async () => {
    await age();
    await recording.app.restart();
    const before = await stored();
    expect(await eventNames('waiting')).toEqual(['entry.create']);
    const { status, body } = await recording.app.request('POST', `${path()}/exclude-end-users`);
    expect([status, body.data.includesEndUsers]).toEqual([200, false]);
    expect((await stored()).updatedAt).toBe(before.updatedAt);
    expect(await eventNames('after')).toEqual([]);
    const { deliveries } = await recording.stored();
    const open = deliveries.filter(({ uid, webhook_id: id }) => uid === USER && id === webhook);
    expect([...new Set(open.map(({ state }) => state))]).toEqual(['cancelled']);
    const changes = await recording.app.request('GET', `${path()}/audit`);
    expect(changes.body.data[0]).toMatchObject({ fields: ['includesEndUsers'] });
    await recording.app.restart();
    expect((await stored()).includesEndUsers).toBe(false);
  });
});
