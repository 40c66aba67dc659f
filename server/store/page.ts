/** Pages of lists, and the sorts that a list allows. Pure. */
import type { Page, Paging } from '../contract/api';
import { invalid, problem } from '../strapi/errors';

export const pageOf = <T>(
  data: T[],
  { paging, total }: { paging: Paging; total: number },
): Page<T> => ({
  data,
  meta: {
    pagination: {
      page: paging.page,
      pageSize: paging.pageSize,
      pageCount: Math.ceil(total / paging.pageSize),
      total,
    },
  },
});

const checkSort = (sort: string, fields: readonly string[]) => {
  const [field = ''] = sort.split(':');
  if (fields.includes(field)) return;
  throw invalid([problem(['sort'], 'sort-unknown', { fields: fields.join(', '), field })]);
};

/** `name:asc` as the database wants it. */
export const orderOf = (
  sort: string,
  fields: readonly string[],
): Record<string, 'asc' | 'desc'>[] => {
  checkSort(sort, fields);
  const [field = '', direction = 'asc'] = sort.split(':');
  // Equal values keep one order over all pages.
  return [{ [field]: direction.toLowerCase() === 'desc' ? 'desc' : 'asc' }, { id: 'asc' }];
};
