/** Values of a condition compare by what they mean, and not by how they are written. */
/* eslint max-params: ["error", 4] -- a condition reads as it is written: field, operator, value. */
import type { Condition } from '../../../server/contract/filter';
import { passes, type TypesAt } from '../../../server/match/filter';
import { typesAt as typesIn } from '../../../server/strapi/model/document-tree';
import type { ContentModel } from '../../../server/strapi/model/content-model';

const model = (uid: string, attributes: ContentModel['attributes']): ContentModel => ({
  uid,
  modelName: uid,
  modelType: uid.includes('::') ? 'contentType' : 'component',
  info: { displayName: uid },
  attributes,
});

const TYPE = 'api::event.event';
const models = [
  model(TYPE, {
    opensAt: { type: 'datetime' },
    createdAt: { type: 'datetime' },
    stamp: { type: 'timestamp' },
    day: { type: 'date' },
    hour: { type: 'time' },
    reach: { type: 'biginteger' },
    price: { type: 'decimal' },
    title: { type: 'string' },
    extra: { type: 'json' },
    slots: { type: 'component', component: 'shared.slot' },
    blocks: { type: 'dynamiczone', components: ['shared.slot', 'shared.note'] },
    parent: { type: 'relation', target: TYPE },
  }),
  model('shared.slot', {
    from: { type: 'datetime' },
    inner: { type: 'component', component: 'shared.note' },
  }),
  model('shared.note', { from: { type: 'string' }, on: { type: 'date' } }),
];
const typesAt: TypesAt = (uid, path) =>
  typesIn(uid ?? '', path, (wanted) => models.find((one) => one.uid === wanted));

const holds = (entry: object, field: string, op: Condition['op'], value: Condition['value']) =>
  passes(
    { field, op, value },
    {
      uid: TYPE,
      entry: entry as Record<string, unknown>,
      previous: null,
      changes: [],
      actor: { type: 'system', id: null, name: null },
    },
    typesAt,
  );

describe('A moment', () => {
  const noon = { opensAt: '2026-06-01T12:00:00.000Z', createdAt: '2026-06-01T12:00:00.000Z' };

  it.each([
    ['eq', '2026-06-01T12:00:00Z', true],
    ['eq', '2026-06-01T14:00:00+02:00', true],
    ['eq', '2026-06-01T12:00:00.000000Z', true],
    ['eq', '2026-06-01T12:00Z', true],
    ['eq', '2026-06-01T12:00:00+02:00', false],
    ['ne', '2026-06-01T14:00:00+02:00', false],
    ['gt', '2026-06-01T13:00:00+02:00', true],
    ['gt', '2026-06-01T12:00:00Z', false],
    ['gte', '2026-06-01T07:00:00-05:00', true],
    ['lt', '2026-06-01T12:00:00.001Z', true],
    ['lte', '2026-06-01T14:00:00+02:00', true],
    ['in', ['2026-01-01T00:00:00Z', '2026-06-01T14:00:00+02:00'], true],
    ['notIn', ['2026-06-01T14:00:00+02:00'], false],
    ['gt', '2026-06-01', true],
    ['lt', '2026-06-02', true],
    ['eq', 'yesterday', false],
    ['gt', 'yesterday', false],
    ['lt', 'yesterday', false],
    ['gt', '2026-02-30T00:00:00Z', false],
  ] as const)('%s %j: %s', (op, value, expected) => {
    const wanted = typeof value === 'string' ? value : [...value];
    expect(holds(noon, 'entry.opensAt', op, wanted)).toBe(expected);
    expect(holds(noon, 'entry.createdAt', op, wanted)).toBe(expected);
  });

  it('an hour before noon UTC is after noon in Paris', () => {
    const entry = { opensAt: '2026-06-01T11:00:00.000Z' };
    expect(holds(entry, 'entry.opensAt', 'gt', '2026-06-01T12:00:00+02:00')).toBe(true);
  });

  it('is compared in components, dynamic zones and related documents too', () => {
    const from = '2026-06-01T12:00:00.000Z';
    const same = '2026-06-01T14:00:00+02:00';
    expect(holds({ slots: [{ from }] }, 'entry.slots.from', 'eq', same)).toBe(true);
    expect(holds({ blocks: [{ from }] }, 'entry.blocks.from', 'eq', same)).toBe(true);
    expect(holds({ parent: { opensAt: from } }, 'entry.parent.opensAt', 'eq', same)).toBe(true);
    const inner = { slots: [{ inner: { on: '2026-06-01' } }] };
    expect(holds(inner, 'entry.slots.inner.on', 'lt', '2026-06-02')).toBe(true);
  });

  it('inside JSON is compared as one where both name their offset', () => {
    const extra = { at: '2026-06-01T12:00:00Z', day: '2026-06-01' };
    expect(holds({ extra }, 'entry.extra.at', 'eq', '2026-06-01T14:00:00+02:00')).toBe(true);
    expect(holds({ extra }, 'entry.extra.day', 'eq', '2026-06-01T00:00:00Z')).toBe(false);
  });

  it('in a text attribute stays text', () => {
    const entry = { title: '2026-06-01T12:00:00Z' };
    expect(holds(entry, 'entry.title', 'eq', '2026-06-01T14:00:00+02:00')).toBe(false);
    expect(holds(entry, 'entry.title', 'eq', '2026-06-01T12:00:00Z')).toBe(true);
  });

  it('of a timestamp attribute, which holds milliseconds as text, is one too', () => {
    const entry = { stamp: String(Date.parse('2026-06-01T12:00:00Z')) };
    expect(holds(entry, 'entry.stamp', 'eq', '2026-06-01T14:00:00+02:00')).toBe(true);
  });
});

test('a day and a time of day compare by the calendar and the clock', () => {
  expect(holds({ day: '2026-06-01' }, 'entry.day', 'eq', '2026-06-01')).toBe(true);
  expect(holds({ day: '2026-06-01' }, 'entry.day', 'gt', 'soon')).toBe(false);
  expect(holds({ hour: '09:30:00.000' }, 'entry.hour', 'eq', '09:30')).toBe(true);
  expect(holds({ hour: '09:30:00.000' }, 'entry.hour', 'gt', '9 o clock')).toBe(false);
  expect(holds({ hour: '09:30:00.000' }, 'entry.hour', 'lt', '10:00:00')).toBe(true);
});

test('big integers compare digit by digit', () => {
  const entry = { reach: '9007199254740993' };
  expect(holds(entry, 'entry.reach', 'eq', '9007199254740993')).toBe(true);
  expect(holds(entry, 'entry.reach', 'eq', '9007199254740992')).toBe(false);
  expect(holds(entry, 'entry.reach', 'gt', '9007199254740992')).toBe(true);
  expect(holds({ reach: '10' }, 'entry.reach', 'gt', '9')).toBe(true);
  expect(holds({ reach: '10' }, 'entry.reach', 'gt', 9)).toBe(true);
});

test('decimals that come as text compare as numbers', () => {
  expect(holds({ price: '10.50' }, 'entry.price', 'gt', 9.5)).toBe(true);
});
