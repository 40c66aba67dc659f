/** Whether a filter accepts an event. */
import fc from 'fast-check';
import { FILTER_OPERATORS, type Condition, type Filter } from '../../../server/contract/filter';
import { passes, type Filterable } from '../../../server/match/filter';

const EVENT: Filterable = {
  entry: {
    title: 'News of the day',
    empty: '',
    nothing: null,
    views: 12,
    price: '9.50',
    reach: '9007199254740993',
    featured: false,
    publishedOn: '2026-11-21',
    seo: { metaTitle: 'News', social: [{ network: 'a' }, { network: 'b' }] },
    tags: [{ name: 'red' }, { name: 'blue' }],
    none: [],
  },
  previous: { title: 'Old', views: 12 },
  changes: [
    { field: 'title', from: 'Old', to: 'News of the day' },
    { field: 'slug', from: null, to: 'news' },
    { field: 'secretNotes' },
  ],
  actor: { type: 'admin', id: 7, name: 'Ada' },
};

const says = (field: string, op: Condition['op'], value?: Condition['value']) =>
  passes({ field, op, ...(value === undefined ? {} : { value }) }, EVENT);

it.each<[string, Condition['op'], Condition['value'], boolean]>([
  ['entry.title', 'eq', 'News of the day', true],
  ['entry.title', 'eq', 'news of the day', false],
  ['entry.views', 'eq', 12, true],
  ['entry.views', 'eq', '12', false],
  ['entry.price', 'eq', 9.5, true],
  ['entry.featured', 'eq', false, true],
  ['entry.nothing', 'eq', null, true],
  ['entry.missing', 'eq', null, true],
  ['entry.title', 'eq', null, false],
  ['entry.tags.name', 'eq', 'blue', true],
  ['entry.seo.social.network', 'eq', 'b', true],
  ['actor.id', 'eq', 7, true],
  ['previous.title', 'eq', 'Old', true],
  ['changes.title', 'eq', 'News of the day', true],
  ['entry.title', 'ne', 'x', true],
  ['entry.missing', 'ne', 'x', true],
  ['entry.tags.name', 'ne', 'blue', false],
  ['entry.views', 'gt', 11, true],
  ['entry.views', 'gt', 12, false],
  ['entry.views', 'gte', 12, true],
  ['entry.views', 'lt', 13, true],
  ['entry.views', 'lte', 11, false],
  ['entry.price', 'gt', 9, true],
  ['entry.publishedOn', 'gt', '2026-01-01', true],
  ['entry.publishedOn', 'lt', '2026-01-01', false],
  ['entry.title', 'gt', 5, false],
  ['entry.missing', 'lt', 5, false],
  ['entry.nothing', 'lte', 0, false],
  ['entry.empty', 'lte', 0, false],
  ['entry.title', 'in', ['x', 'News of the day'], true],
  ['entry.title', 'in', [], false],
  ['entry.missing', 'in', [null], true],
  ['entry.title', 'notIn', ['x'], true],
  ['entry.title', 'notIn', ['News of the day'], false],
  ['entry.title', 'exists', undefined, true],
  ['entry.empty', 'exists', true, false],
  ['entry.nothing', 'exists', false, true],
  ['entry.featured', 'exists', true, true],
  ['entry.none.name', 'exists', true, false],
  ['entry.title', 'contains', 'of the', true],
  ['entry.views', 'contains', '1', true],
  ['entry.missing', 'contains', 'undefined', false],
  ['entry.title', 'startsWith', 'News', true],
  ['entry.title', 'startsWith', 'day', false],
  ['entry.title', 'endsWith', 'day', true],
  ['changes', 'contains', 'slug', true],
  ['changes', 'contains', 'slu', false],
  ['entry.title', 'changed', undefined, true],
  ['entry.views', 'changed', undefined, false],
  ['entry.views', 'changed', false, true],
  ['previous.slug', 'changed', true, true],
  ['changes', 'changed', true, true],
  ['changes.views', 'exists', false, true],
  ['changes', 'contains', 'secretNotes', true],
  ['changes.secretNotes', 'exists', true, false],
  ['entry.constructor', 'exists', true, false],
  ['entry.__proto__', 'exists', true, false],
  ['entry.title.length', 'exists', true, false],
])('%s %s %j is %s', (...[field, op, value, expected]) => {
  expect(says(field, op, value)).toBe(expected);
});

it('combines conditions with and, or and not', () => {
  const yes: Filter = { field: 'entry.views', op: 'eq', value: 12 };
  const no: Filter = { not: yes };
  expect(passes({ and: [yes, yes] }, EVENT)).toBe(true);
  expect(passes({ and: [yes, no] }, EVENT)).toBe(false);
  expect(passes({ or: [no, yes] }, EVENT)).toBe(true);
  expect(passes({ or: [no, no] }, EVENT)).toBe(false);
  expect(passes({ not: { or: [no, { and: [yes, no] }] } }, EVENT)).toBe(true);
});

it('does not match a missing document, and does not throw', () => {
  const nobody: Filterable = { ...EVENT, entry: null, previous: null, changes: [] };
  expect(passes({ field: 'entry.title', op: 'contains', value: 'N' }, nobody)).toBe(false);
  expect(passes({ field: 'changes', op: 'changed' }, nobody)).toBe(false);
});

it('answers true or false to any condition on any document', () => {
  const value = fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.constant(null));
  fc.assert(
    fc.property(
      fc.constantFrom(...FILTER_OPERATORS),
      fc.constantFrom('entry.a', 'entry.a.b', 'previous.a', 'changes', 'changes.a', 'actor.id'),
      fc.oneof(value, fc.array(value)),
      fc.dictionary(fc.constantFrom('a', 'b'), fc.anything()),
      (...[op, field, wanted, entry]) => {
        const event = { ...EVENT, entry, previous: entry };
        expect(typeof passes({ field, op, value: wanted }, event)).toBe('boolean');
      },
    ),
    { numRuns: 500 },
  );
});

it('does not stumble over an object that cannot be text', () => {
  const event = { ...EVENT, entry: { a: { toString: 1, valueOf: 1 } } };
  for (const op of ['contains', 'startsWith', 'endsWith'] as const) {
    expect(passes({ field: 'entry.a', op, value: 'x' }, event)).toBe(false);
  }
});

it.each([2_000, 10_000])('reads a value below lists that are nested %d deep', (depth) => {
  let nested: unknown = { name: 'bottom' };
  for (let level = 0; level < depth; level += 1) nested = [nested];
  const event = { ...EVENT, entry: { data: nested, more: [nested, nested] } };
  expect(passes({ field: 'entry.data.name', op: 'eq', value: 'bottom' }, event)).toBe(true);
  expect(passes({ field: 'entry.more.name', op: 'contains', value: 'other' }, event)).toBe(false);
  expect(passes({ field: 'entry.data', op: 'exists' }, event)).toBe(true);
});
