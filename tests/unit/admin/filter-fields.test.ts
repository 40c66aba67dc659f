/** The builder offers only what the server would accept, and types values as they are meant. */
import {
  fieldOptions,
  operatorsFor,
  typedValue,
  typesInScope,
  valueKind,
  withFittingValue,
  type ValueKind,
} from '../../../admin/pages/webhooks/filter/fields';
import type { ContentTypeInfo } from '../../../server/contract/content-type';
import { conditionSchema } from '../../../server/contract/filter';
import { filterProblems } from '../../../server/match/check-filter';

const attribute = (name: string, type: string) => ({
  name,
  type,
  isLocalized: false,
  isHidden: false,
  isRepeatable: false,
});

const article: ContentTypeInfo = {
  uid: 'api::article.article',
  modelName: 'article',
  displayName: 'Article',
  kind: 'collectionType',
  hasDraftAndPublish: true,
  isLocalized: false,
  isHidden: false,
  mainField: 'title',
  attributes: [
    attribute('title', 'string'),
    attribute('views', 'integer'),
    attribute('featured', 'boolean'),
    attribute('author', 'relation'),
    attribute('opensAt', 'datetime'),
    attribute('day', 'date'),
    attribute('hour', 'time'),
  ],
};
const page: ContentTypeInfo = {
  ...article,
  uid: 'api::page.page',
  attributes: [attribute('path', 'string')],
};

const typesAt = (_uid: string | null, [name = '', ...deeper]: readonly string[]) =>
  article.attributes.flatMap((one) => (one.name === name && deeper.length === 0 ? [one.type] : []));

/** The text that an administrator would type if no suggestion fits. */
const filledIn = (condition: Parameters<typeof withFittingValue>[0]) => {
  const { value } = withFittingValue(condition, [article]);
  const typed: Partial<Record<ValueKind, string | number>> = {
    number: 1,
    datetime: '2026-06-01T12:00:00.000Z',
    date: '2026-06-01',
    time: '09:30',
  };
  const filled = typed[valueKind(condition, [article])] ?? 'title';
  return { ...condition, value: value === '' ? filled : value };
};

describe('The fields and operators of the filter builder', () => {
  test('are all accepted by the server, with the value that the builder starts with', () => {
    const offered = fieldOptions([article]).flatMap((field) =>
      operatorsFor(field, [article]).map((op) => filledIn({ field, op, value: '' })),
    );
    expect(offered.length).toBeGreaterThan(100);
    for (const condition of offered) {
      expect(conditionSchema.safeParse(condition).success).toBe(true);
      expect({ condition, problems: filterProblems(condition, [article], typesAt) }).toEqual({
        condition,
        problems: [],
      });
    }
  });

  test('are those of the chosen content types, and of all if none is chosen', () => {
    expect(typesInScope([article, page], ['api::page.page'])).toEqual([page]);
    expect(typesInScope([article, page], [])).toEqual([article, page]);
    expect(fieldOptions([page])).toContain('entry.path');
    expect(fieldOptions([page])).not.toContain('entry.title');
  });

  test('compare a relation as a whole only, and a yes or no never by size', () => {
    expect(operatorsFor('entry.author', [article])).toEqual(['exists', 'changed']);
    expect(operatorsFor('entry.featured', [article])).not.toContain('gt');
    expect(operatorsFor('actor.name', [article])).not.toContain('changed');
  });
});

describe('A typed value', () => {
  test('is a number where the field is one, or where it is not known', () => {
    expect(typedValue('12', 'number')).toBe(12);
    expect(typedValue('-1.5', 'loose')).toBe(-1.5);
    expect(typedValue('12', 'text')).toBe('12');
  });

  test('stays text where a number would lose something of it', () => {
    for (const text of ['012', '1.', '1e999', '', ' 1', '12345678901234567890']) {
      expect(typedValue(text, 'number')).toBe(text);
    }
  });

  test('changes its form with the operator, and is kept where it fits', () => {
    const base = { field: 'entry.title', value: 'News' } as const;
    expect(withFittingValue({ ...base, op: 'contains' }, [article]).value).toBe('News');
    expect(withFittingValue({ ...base, op: 'in' }, [article]).value).toEqual([]);
    expect(withFittingValue({ ...base, op: 'exists' }, [article]).value).toBe(true);
    expect(withFittingValue({ ...base, op: 'eq', value: ['a', 'b'] }, [article]).value).toBe('a');
    expect(withFittingValue({ ...base, op: 'eq', value: true }, [article]).value).toBe('');
  });
});
