/** The server gets each query as it was typed. */
import { queryString } from '../../../admin/services/query';

describe('A query string', () => {
  test('keeps a search for text with &, =, % and spaces whole', () => {
    const text = queryString({ search: 'a&b=c d%20' });
    expect(new URLSearchParams(text).get('search')).toBe('a&b=c d%20');
    expect([...new URLSearchParams(text).keys()]).toEqual(['search']);
  });

  test('leaves out what is empty, but not false and 0', () => {
    expect(queryString({ a: '', b: null, c: undefined, d: false, e: 0 })).toBe('?d=false&e=0');
    expect(queryString({})).toBe('');
  });
});
