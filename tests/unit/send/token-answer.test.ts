import {
  errorIn,
  grantedToken,
  tokensIn,
  usableUntil,
} from '../../../server/send/credentials/token-answer';

describe('a token answer', () => {
  it('gives token, life and scope', () => {
    const body = JSON.stringify({ access_token: 'a.b-c', expires_in: 60, scope: 'x y' });
    expect(grantedToken(body)).toEqual({ value: 'a.b-c', expiresIn: 60, scope: 'x y' });
  });

  it('may write its life as text, or not at all', () => {
    expect(grantedToken('{"access_token":"a","expires_in":"60"}')).toMatchObject({ expiresIn: 60 });
    const forEver = '{"access_token":"a","expires_in":9223372036854775807}';
    expect(grantedToken(forEver)).toMatchObject({ expiresIn: 10 * 365 * 86_400 });
    for (const life of ['', 'soon', -1, null, {}]) {
      const body = JSON.stringify({ access_token: 'a', expires_in: life });
      expect(grantedToken(body)).toMatchObject({ expiresIn: null });
    }
  });

  it.each([
    ['no JSON', '<html>', /something else than a JSON object/],
    ['a list', '[]', /something else than a JSON object/],
    ['no token', '{"token_type":"bearer"}', /no access_token/],
    ['a token that is no text', '{"access_token":1}', /no access_token/],
    ['two tokens', '{"access_token":"a","access_token":"b"}', /access_token twice/],
    ['a line break in the token', '{"access_token":"a\\r\\nx: y"}', /cannot carry/],
  ])('that holds %s gives none, and is not repeated', (_what, body, problem) => {
    expect(grantedToken(body)).toEqual({ problem: expect.stringMatching(problem) });
  });

  it('is searched for everything that is a credential', () => {
    const body = '{"access_token":"a","refresh_token":"r","id_token":"i","scope":"s"}';
    expect(tokensIn(body)).toEqual(['a', 'r', 'i']);
    expect(tokensIn('nothing')).toEqual([]);
    expect(tokensIn('{"access_token":"a","access_token":"b"}')).toEqual(['a', 'b']);
    expect(grantedToken('{"access_token":"a","access_token":"a"}')).toMatchObject({ value: 'a' });
  });

  it('that is an error is told in one line', () => {
    const body = JSON.stringify({ error: 'invalid_client', error_description: 'Not\r\nyou.' });
    expect(errorIn(body)).toBe('invalid_client: Not you.');
    expect(errorIn('{}')).toBeNull();
    expect(errorIn('<html>')).toBeNull();
  });
});

describe('a token is used', () => {
  it.each([
    ['half a minute less than its life', 120, 90],
    ['a tenth less where that is more', 3600, 3240],
    ['for half of a short life', 40, 20],
    ['not at all without a life', 0, 0],
    ['for four and a half minutes where its life is not said', null, 270],
  ])('%s', (_how, expiresIn, seconds) => {
    expect(usableUntil(expiresIn, 1000)).toBe(1000 + seconds * 1000);
  });
});
