/** A server error about an input is shown at its field, in either form of a path. */
import { fieldProblems, isAborted, problemOf } from '../../../admin/api/problem';

describe('A problem', () => {
  test('is found by its dotted path, whether the server sent text or a list', () => {
    const fields = fieldProblems([
      { path: 'url', message: 'Not a URL.' },
      { path: ['filter', 'and', '0', 'value'], message: 'Expected text.' },
    ]);
    expect(fields).toEqual({ url: 'Not a URL.', 'filter.and.0.value': 'Expected text.' });
  });

  test('shows the first message of a field, and none without path or message', () => {
    const fields = fieldProblems([
      { path: ['name'], message: 'First.' },
      { path: ['name'], message: 'Second.' },
      { path: [], message: 'Nowhere.' },
      { path: ['url'] },
    ]);
    expect(fields).toEqual({ name: 'First.' });
  });

  test('holds the status and the sentence of the server, or tells that there was no answer', () => {
    const error = { status: 400, name: 'ValidationError', message: 'No.', details: { errors: [] } };
    const thrown = Object.assign(new Error('No.'), {
      name: 'FetchError',
      status: 400,
      response: { data: { data: null, error } },
    });
    expect(problemOf(thrown)).toEqual({ status: 400, message: 'No.', fields: {} });
    expect(problemOf(new TypeError('fetch failed'))).toMatchObject({ status: 0, message: null });
  });

  test('is none if the request was only dropped', () => {
    expect(isAborted(Object.assign(new Error('gone'), { name: 'AbortError' }))).toBe(true);
    expect(isAborted(new Error('gone'))).toBe(false);
  });
});
