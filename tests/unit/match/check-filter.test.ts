/** Which filters are refused when they are saved. */
import type { AttributeInfo, ContentTypeInfo } from '../../../server/contract/content-type';
import { filterSchema, type Condition, type Filter } from '../../../server/contract/filter';
import { filterProblems } from '../../../server/match/check-filter';

const attribute = (name: string, type: string): AttributeInfo => ({
  name,
  type,
  isLocalized: false,
  isRepeatable: false,
});

const type = (displayName: string, attributes: AttributeInfo[]): ContentTypeInfo => ({
  uid: `api::${displayName}.${displayName}`,
  modelName: displayName,
  displayName,
  kind: 'collectionType',
  hasDraftAndPublish: true,
  isLocalized: false,
  isHidden: false,
  mainField: null,
  attributes,
});

const ARTICLE = type('article', [
  attribute('title', 'string'),
  attribute('views', 'integer'),
  attribute('reach', 'biginteger'),
  attribute('rating', 'decimal'),
  attribute('seo', 'component'),
  attribute('tags', 'relation'),
  attribute('opensAt', 'datetime'),
  attribute('day', 'date'),
  attribute('hour', 'time'),
  attribute('isFree', 'boolean'),
]);
const PAGE = type('page', [attribute('path', 'string'), attribute('rating', 'string')]);

/** Below the component there is a moment; everything else is as the content types say. */
const typesAt = (uid: string | null, path: readonly string[]): string[] => {
  const [name = '', ...deeper] = path;
  if (path.join('.') === 'seo.validFrom') return ['datetime'];
  if (/^(created|updated|published)At$/.test(name)) return ['datetime'];
  const attributes = [ARTICLE, PAGE].find((one) => one.uid === uid)?.attributes ?? [];
  return attributes.flatMap((one) => (one.name === name && deeper.length === 0 ? [one.type] : []));
};

const problems = (filter: Filter, types = [ARTICLE]) =>
  Object.fromEntries(
    filterProblems(filter, types, typesAt).map(({ path, message }) => [path.join('.'), message]),
  );

const condition = (field: string, op: Condition['op'], value?: Condition['value']): Condition => ({
  field,
  op,
  ...(value === undefined ? {} : { value }),
});

it.each([
  condition('entry.title', 'startsWith', 'News'),
  condition('entry.title', 'eq', null),
  condition('entry.views', 'gte', 10),
  condition('entry.views', 'in', [1, 2, null]),
  condition('entry.reach', 'eq', '9007199254740993'),
  condition('entry.seo.metaTitle', 'exists'),
  condition('entry.tags.name', 'contains', 'red'),
  condition('entry.documentId', 'eq', 'abc'),
  condition('entry.updatedAt', 'gt', '2026-01-01'),
  condition('previous.title', 'changed', true),
  condition('entry.reach', 'gt', '9007199254740993'),
  condition('entry.opensAt', 'lte', '2026-06-01T12:00:00Z'),
  condition('entry.opensAt', 'in', ['2026-06-01T14:00:00+02:00', null]),
  condition('entry.opensAt', 'startsWith', '2026-06'),
  condition('entry.day', 'eq', '2028-02-29'),
  condition('entry.hour', 'lt', '09:30'),
  condition('entry.isFree', 'eq', true),
  condition('changes', 'contains', 'title'),
  condition('changes', 'changed'),
  condition('changes.views', 'gt', 3),
  condition('actor.type', 'eq', 'admin'),
])('%j can be evaluated', (filter) => {
  expect(problems(filter)).toEqual({});
});

it.each<[Condition, string, RegExp]>([
  [condition('entry.titel', 'exists'), 'field', /"article" has no field "titel"/],
  [condition('previous.titel', 'exists'), 'field', /titel/],
  [condition('changes.titel', 'exists'), 'field', /titel/],
  [condition('entry.title.length', 'exists'), 'field', /no fields of its own/],
  [condition('entry.createdAt.year', 'exists'), 'field', /no fields of its own/],
  [condition('actor.email', 'exists'), 'field', /no "email"/],
  [condition('actor.name.first', 'exists'), 'field', /no "name.first"/],
  [condition('actor.name', 'changed'), 'field', /not of the actor/],
  [condition('entry.title', 'eq'), 'value', /expects a value/],
  [condition('entry.title', 'eq', ['x']), 'value', /not a list/],
  [condition('entry.title', 'in', 'x'), 'value', /list/],
  [condition('entry.title', 'gt', true), 'value', /number, or a date or text/],
  [condition('entry.title', 'contains', ''), 'value', /some text/],
  [condition('entry.title', 'exists', 'yes'), 'value', /true, false or nothing/],
  [condition('entry.views', 'gt', '10'), 'value', /holds numbers/],
  [condition('entry.views', 'eq', '10'), 'value', /holds numbers/],
  [condition('entry.views', 'in', [1, '2']), 'value', /holds numbers/],
  [condition('entry.reach', 'eq', 'ten'), 'value', /whole numbers/],
  [condition('entry.reach', 'eq', Number('9007199254740993')), 'value', /as text/],
  [condition('entry.title', 'eq', 10), 'value', /holds text/],
  [condition('entry.title', 'in', ['a', true]), 'value', /holds text/],
  [condition('entry.isFree', 'eq', 'yes'), 'value', /true or false/],
  [condition('entry.opensAt', 'gt', 'yesterday'), 'value', /date and time/],
  [condition('entry.opensAt', 'gt', '2026-06-01T12:00:00'), 'value', /offset/],
  [condition('entry.opensAt', 'gt', '2026-02-30T12:00:00Z'), 'value', /date and time/],
  [condition('entry.opensAt', 'eq', 1780315200000), 'value', /date and time/],
  [condition('entry.createdAt', 'lt', 'yesterday'), 'value', /date and time/],
  [condition('entry.seo.validFrom', 'lt', 'yesterday'), 'value', /"seo.validFrom" holds a date/],
  [condition('entry.day', 'eq', '2026-02-30'), 'value', /a day that exists/],
  [condition('entry.hour', 'gt', '25:00'), 'value', /time of day/],
  [condition('changes', 'contains', 'titel'), 'value', /titel/],
  [condition('changes', 'startsWith', 'ti'), 'value', /use "contains"/],
])('%j is refused at its %s', (filter, path, message) => {
  expect(problems(filter)).toEqual({ [path]: expect.stringMatching(message) });
});

it('takes a field that one of several content types has, and a value that fits one of them', () => {
  expect(problems(condition('entry.path', 'exists'), [ARTICLE, PAGE])).toEqual({});
  expect(problems(condition('entry.rating', 'eq', 'good'), [ARTICLE, PAGE])).toEqual({});
  expect(problems(condition('entry.nope', 'exists'), [ARTICLE, PAGE])).toEqual({
    field: expect.stringMatching(/The chosen content types have no field "nope"/),
  });
});

it('reports each problem at its place in the tree', () => {
  const wrong = condition('entry.titel', 'eq');
  const filter: Filter = { and: [condition('changes', 'changed'), { or: [{ not: wrong }] }] };
  expect(Object.keys(problems(filter)).sort()).toEqual([
    'and.1.or.0.not.field',
    'and.1.or.0.not.value',
  ]);
});

it('allows six levels and fifty conditions, and no more', () => {
  const fine = condition('changes', 'changed');
  const messages = (filter: Filter) =>
    filterSchema.safeParse(filter).error?.issues.map(({ path, message }) => [path, message]);
  const nested = (levels: number): Filter => (levels > 1 ? { not: nested(levels - 1) } : fine);
  expect(messages(nested(6))).toBeUndefined();
  expect(messages(nested(7))).toEqual([[[], expect.stringMatching(/6 levels/)]]);
  const wide = (count: number): Filter => ({
    or: [{ and: Array(count - 1).fill(fine) }, { not: fine }],
  });
  expect(messages(wide(50))).toBeUndefined();
  expect(messages(wide(51))).toEqual([[[], expect.stringMatching(/50 conditions/)]]);
  expect(messages(wide(52))).toEqual([[['or', 0, 'and'], expect.stringMatching(/50 conditions/)]]);
});
