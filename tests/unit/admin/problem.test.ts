/** A server error about an input is shown at its field, in either form of a path. */
import { fieldProblems, problemOf } from '../../../admin/services/problem';

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
    const details = { errors: [{ path: ['url'], message: 'Not a URL.' }] };
    const answered = { status: 400, name: 'ValidationError', message: 'No.', details };
    expect(problemOf(answered)).toEqual({
      status: 400,
      message: 'No.',
      fields: { url: 'Not a URL.' },
    });
    expect(problemOf(new TypeError('fetch failed'))).toMatchObject({ status: 0, message: null });
    // What Strapi's client says where an answer had no body of its own.
    const bare = { status: 502, name: 'UnknownError', message: 'Unknown Server Error' };
    expect(problemOf(bare)).toEqual({ status: 502, message: null, fields: {} });
  });
});
