/** Which webhooks want an event. */
import type { WebhookEvent } from '../../../server/contract/event';
import {
  couldAnyWant,
  isSubscribed,
  matching,
  sentEndUsers,
  wants,
  type Subscription,
} from '../../../server/match/matching';

const ARTICLE = 'api::article.article';

const event = (more: Partial<WebhookEvent> = {}): WebhookEvent => ({
  id: 'evt_1',
  name: 'entry.update',
  time: '2026-11-21T18:12:03.341Z',
  uid: ARTICLE,
  model: 'article',
  documentId: 'a1',
  locale: 'en',
  status: 'draft',
  entry: { title: 'News' },
  previous: { title: 'Old' },
  changes: [{ field: 'title', from: 'Old', to: 'News' }],
  actor: { type: 'admin', id: 1, name: 'Ada' },
  ...more,
});

const subscription = (more: Partial<Subscription> = {}): Subscription => ({
  id: 'w1',
  events: ['*'],
  contentTypes: [],
  locales: [],
  filter: null,
  ...more,
});

describe('a pattern', () => {
  it.each([
    [[], 'entry.update', false],
    [['*'], 'entry.update', true],
    [['entry.*'], 'entry.update', true],
    [['entry.*'], 'media.update', false],
    [['entry.update'], 'entry.update', true],
    [['entry.update'], 'entry.updated', false],
    [['entry'], 'entry.update', false],
    [['ent*'], 'entry.update', false],
    [['media.*', 'entry.update'], 'entry.update', true],
  ])('%j says of %s: %s', (patterns, name, expected) => {
    expect(isSubscribed(patterns, name)).toBe(expected);
  });
});

describe('a webhook', () => {
  it.each<[string, Partial<Subscription>, Partial<WebhookEvent>, boolean]>([
    ['without events wants nothing', { events: [] }, {}, false],
    ['of another event does not want it', { events: ['entry.publish'] }, {}, false],
    ['without content types wants all', {}, { uid: 'api::page.page' }, true],
    ['of this content type wants it', { contentTypes: [ARTICLE] }, {}, true],
    ['of another content type does not', { contentTypes: ['api::page.page'] }, {}, false],
    [
      'of content types wants media all the same',
      { contentTypes: [ARTICLE] },
      { name: 'media.update', uid: 'plugin::upload.file' },
      true,
    ],
    [
      'of another content type does not want its moves in a workflow',
      { contentTypes: ['api::page.page'] },
      { name: 'workflow.transition' },
      false,
    ],
    [
      'of this content type and locale wants its moves in a workflow',
      { contentTypes: [ARTICLE], locales: ['en'] },
      { name: 'workflow.refused' },
      true,
    ],
    [
      'of another locale does not want its moves in a workflow',
      { locales: ['de'] },
      { name: 'workflow.transition' },
      false,
    ],
    ['of this locale wants it', { locales: ['en', 'de'] }, {}, true],
    ['of another locale does not', { locales: ['de'] }, {}, false],
    ['of a locale wants what has none', { locales: ['de'] }, { locale: null }, true],
    [
      'whose filter passes wants it',
      { filter: { field: 'entry.title', op: 'eq', value: 'News' } },
      {},
      true,
    ],
    [
      'whose filter does not pass does not',
      { filter: { field: 'entry.title', op: 'eq', value: 'x' } },
      {},
      false,
    ],
    ['is told of another that fails', {}, { name: 'webhook.failing', documentId: 'w2' }, true],
    ['is never told of itself', {}, { name: 'webhook.failing', documentId: 'w1' }, false],
  ])('%s', (...[, of, about, expected]) => {
    expect(wants(subscription(of), event(about))).toBe(expected);
  });

  it('is found among others', () => {
    const all = [
      subscription(),
      subscription({ id: 'w2', events: [] }),
      subscription({ id: 'w3' }),
    ];
    expect(matching(event(), all).map(({ id }) => id)).toEqual(['w1', 'w3']);
  });

  it('is looked at again only if it names the event and its content type', () => {
    const looks = new Map<string, number>();
    const counting = (id: string, of: Partial<Subscription>): Subscription => ({
      ...subscription({ id, ...of }),
      get events() {
        looks.set(id, (looks.get(id) ?? 0) + 1);
        return of.events ?? ['entry.update'];
      },
    });
    const all = [
      counting('wanting', {}),
      counting('other event', { events: ['entry.delete'] }),
      counting('other type', { contentTypes: ['api::page.page'] }),
    ];
    matching(event(), all);
    looks.clear();
    expect(matching(event(), all).map(({ id }) => id)).toEqual(['wanting']);
    expect([...looks.keys()]).toEqual(['wanting']);
    expect(couldAnyWant(all, { names: ['entry.update'], uid: ARTICLE })).toBe(true);
    expect([...looks.keys()]).toEqual(['wanting']);
  });
});

describe('before something happens', () => {
  const prospect = { names: ['entry.update', 'entry.publish'], uid: ARTICLE };

  it('a webhook that could want one of the events counts, whatever its filter and its locales', () => {
    const strict = subscription({ locales: ['de'], filter: { field: 'entry.x', op: 'exists' } });
    expect(couldAnyWant([strict], prospect)).toBe(true);
    expect(couldAnyWant([subscription({ events: ['entry.publish'] })], prospect)).toBe(true);
  });

  it('a webhook that cannot want any does not', () => {
    expect(couldAnyWant([subscription({ events: ['entry.delete'] })], prospect)).toBe(false);
    expect(couldAnyWant([subscription({ contentTypes: ['api::page.page'] })], prospect)).toBe(
      false,
    );
  });
});

describe('End users', () => {
  const USER = 'plugin::users-permissions.user';
  const user = (name: WebhookEvent['name']) => event({ name, uid: USER, locale: null });

  it.each<[Partial<Subscription>, boolean]>([
    [{}, false],
    [{ events: ['entry.*'] }, false],
    [{ contentTypes: [ARTICLE] }, false],
    [{ contentTypes: [ARTICLE, USER] }, true],
    [{ includesEndUsers: true }, true],
    [{ includesEndUsers: true, contentTypes: [ARTICLE] }, false],
  ])('are sent to %j: %s', (more, expected) => {
    for (const name of ['entry.update', 'entry.delete', 'entry.create'] as const)
      expect(wants(subscription(more), user(name))).toBe(expected);
    expect(couldAnyWant([subscription(more)], { names: ['entry.update'], uid: USER })).toBe(
      expected,
    );
  });

  it('are not in what changed in their content type, which is told to all', () => {
    expect(wants(subscription(), user('content-type.update'))).toBe(true);
    expect(wants(subscription({ contentTypes: [ARTICLE] }), user('content-type.update'))).toBe(
      false,
    );
  });

  const uids = [ARTICLE, 'api::order.order', USER];
  const project = { uids, relatesToEndUsers: (uid: string) => uid === 'api::order.order' };
  type Older = Parameters<typeof sentEndUsers>[0];
  const older = (more: Partial<Older>): Older => ({
    kind: 'event',
    events: ['entry.*'],
    contentTypes: [],
    ...more,
  });

  it.each<[Partial<Older>, boolean]>([
    [{}, true],
    [{ events: ['*'] }, true],
    [{ events: ['workflow.refused'] }, true],
    [{ events: ['media.*', 'content-type.*', 'webhook.failing'] }, false],
    [{ events: [] }, false],
    [{ contentTypes: [ARTICLE] }, false],
    [{ contentTypes: [ARTICLE, 'api::order.order'] }, true],
    [{ contentTypes: [USER, 'api::order.order'] }, false],
    [{ kind: 'validation', events: [] }, true],
    [{ kind: 'submit', events: [], contentTypes: [ARTICLE] }, false],
  ])('were sent to an older webhook with %j: %s', (more, expected) => {
    expect(sentEndUsers(older(more), project)).toBe(expected);
    expect(sentEndUsers(older(more), { ...project, uids: [ARTICLE] })).toBe(false);
  });
});
