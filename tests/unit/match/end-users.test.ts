/** Which end users of a document's relations a webhook gets. */
import type { WebhookEvent } from '../../../server/contract/event';
import { createAsSentTo } from '../../../server/match/matching';
import type { Attribute, ContentModel } from '../../../server/strapi/model/content-model';
import { relatesToEndUsers } from '../../../server/strapi/model/document-tree';

const USER = 'plugin::users-permissions.user';

const model = (uid: string, attributes: Record<string, Attribute>): ContentModel => ({
  uid,
  modelName: uid,
  modelType: uid.startsWith('c.') ? 'component' : 'contentType',
  info: { displayName: uid },
  attributes,
});
const MODELS = [
  model('api::order.order', {
    buyer: { type: 'relation', target: USER },
    about: { type: 'relation', target: 'api::page.page' },
    zone: { type: 'dynamiczone', components: ['c.people'] },
    any: { type: 'relation' },
    note: { type: 'json' },
  }),
  model('c.people', { people: { type: 'relation', target: USER } }),
  model('api::page.page', { title: { type: 'string' } }),
  model('api::team.team', { members: { type: 'relation', target: USER, private: true } }),
  model('api::zone.zone', { zone: { type: 'dynamiczone', components: ['c.people'] } }),
  model(USER, { email: { type: 'email' } }),
];
const context = {
  modelOf: (uid: string) => MODELS.find((one) => one.uid === uid),
  privateNames: new Set<string>(),
};
const leads = (uid: string) => relatesToEndUsers(uid, context);
const { asSentTo } = createAsSentTo({ modelOf: context.modelOf, relatesToEndUsers: leads });

const person = { id: 1, documentId: 'u1', username: 'ada', email: 'ada@example.com' };
const entry = {
  title: 'Order',
  buyer: person,
  about: { id: 2, documentId: 'p', title: 'Home' },
  zone: [{ __component: 'c.people', id: 3, people: [person] }],
  any: [{ ...person, __type: USER }],
  note: { buyer: { id: 4, email: 'kept' } },
};
const event = {
  id: 'evt_1',
  name: 'entry.update',
  time: '2026-11-21T18:12:03.341Z',
  uid: 'api::order.order',
  model: 'order',
  documentId: 'o1',
  locale: null,
  status: 'draft',
  entry,
  previous: entry,
  changes: [],
  actor: { type: 'system', id: null, name: null },
} as WebhookEvent;

test.each([
  ['api::order.order', true],
  ['api::zone.zone', true],
  ['api::page.page', false],
  ['api::team.team', false],
])('%s leads to end users: %s', (uid, expected) => {
  expect(leads(uid)).toBe(expected);
});

test('by their ids alone, where the webhook does not name them', () => {
  const identity = { id: 1, documentId: 'u1' };
  const expected = {
    ...entry,
    buyer: identity,
    zone: [{ __component: 'c.people', id: 3, people: [identity] }],
    any: [{ ...identity, __type: USER }],
  };
  const sent = asSentTo(event, { contentTypes: [], includesEndUsers: false });
  expect(sent).toEqual({ ...event, entry: expected, previous: expected });
  expect(event.entry).toBe(entry);
});

test('whole, where the webhook names them or is older than the rule', () => {
  expect(asSentTo(event, { contentTypes: ['api::order.order', USER] })).toBe(event);
  expect(asSentTo(event, { contentTypes: [], includesEndUsers: true })).toBe(event);
});
