/** The difference between two versions of a document. */
import { changesOf } from '../../../server/capture/changes';
import type { Attribute } from '../../../server/schema/content-model';
import { deep } from '../json/deep';
import { model } from './shapes';

const changes = (attribute: Attribute, from: unknown, to: unknown) =>
  changesOf({ field: from }, { field: to }, model({ attributes: { field: attribute } }));

it.each([
  ['string', 'a', 'a'],
  ['string', null, undefined],
  ['json', { a: 1, b: [1, 2] }, { b: [1, 2], a: 1 }],
  ['datetime', new Date(5), new Date(5)],
])('a %s is the same as itself, whatever the order of its keys', (type, from, to) => {
  expect(changes({ type }, from, to)).toEqual([]);
});

it.each([
  ['string', '', null],
  ['json', [1, 2], [2, 1]],
  ['boolean', false, null],
  ['biginteger', '9007199254740993', '9007199254740992'],
])('a %s that differs is told as it is', (type, from, to) => {
  expect(changes({ type }, from, to)).toEqual([{ field: 'field', from, to }]);
});

it('tells related documents once each, by what outlives publishing', () => {
  const from = [
    { id: 1, documentId: 'x', title: 'draft' },
    { id: 2, documentId: 'x', title: 'published' },
  ];
  expect(changes({ type: 'relation' }, from, [{ id: 9, documentId: 'x' }])).toEqual([]);
  expect(changes({ type: 'relation' }, from, [])).toEqual([
    { field: 'field', from: [{ documentId: 'x' }], to: [] },
  ]);
});

it('tells polymorphic relations with their type, and rows without documents by id', () => {
  expect(
    changes({ type: 'relation' }, null, [
      { __type: 'api::a.a', documentId: 'x' },
      { __type: 'api::b.b', documentId: 'x' },
      { id: 7 },
    ])[0]?.to,
  ).toEqual([
    { documentId: 'x', __type: 'api::a.a' },
    { documentId: 'x', __type: 'api::b.b' },
    { id: 7 },
  ]);
});

it('does not take new row ids of components for changes, nor two equal items for one', () => {
  const item = (id: number) => ({ id, label: 'x', target: { id: id * 10, documentId: 'd' } });
  const attribute = { type: 'component', repeatable: true };
  expect(changes(attribute, [item(1)], [item(2)])).toEqual([]);
  expect(changes(attribute, [item(1)], [item(2), item(3)])).toHaveLength(1);
});

it('names no attribute that Strapi keeps for itself, and none that neither version has', () => {
  const attributes = { updatedAt: { type: 'datetime' }, title: { type: 'string' } };
  expect(changesOf({ updatedAt: 1 }, { updatedAt: 2 }, model({ attributes }))).toEqual([]);
});

it.each([2_000, 10_000])('compares JSON that is nested %d deep', (depth) => {
  const attribute = { type: 'json' };
  expect(changes(attribute, { a: deep(depth) }, { a: deep(depth) })).toEqual([]);
  expect(changes(attribute, { a: deep(depth) }, { a: deep(depth, 'other') })).toHaveLength(1);
});
