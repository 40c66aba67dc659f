import type { SettingsOf } from '../../../server/contract/authorization';
import { apiKey, basic, bearer } from '../../../server/send/credentials/headers';
import { withHeaders, type OutgoingRequest } from '../../../server/send/request';

const request: OutgoingRequest = {
  method: 'POST',
  url: 'https://example.com/hook',
  headers: { 'x-team': 'web' },
  body: '{}',
};
const named = { name: 'A', description: '', allowedHosts: [] };
const user = (username: string, password: string): SettingsOf<'basic'> => ({
  kind: 'basic',
  ...named,
  username,
  password,
});
const keyed = (key: string, place: 'header' | 'query', value = 'k'): SettingsOf<'apiKey'> => ({
  kind: 'apiKey',
  ...named,
  key,
  value,
  in: place,
});

describe('an authorization', () => {
  it('of kind basic sends user name and password as RFC 7617 shows them', () => {
    expect(basic.authorize(request, user('Aladdin', 'open sesame')).headers).toEqual({
      'x-team': 'web',
      authorization: 'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==',
    });
  });

  it('of kind basic sends UTF-8, as the example of RFC 7617, 2.1', () => {
    expect(basic.authorize(request, user('test', '123£')).headers.authorization).toBe(
      'Basic dGVzdDoxMjPCow==',
    );
  });

  it('of kind bearer sends the token', () => {
    const authorized = bearer.authorize(request, { kind: 'bearer', ...named, token: 'abc' });
    expect(authorized.headers.authorization).toBe('Bearer abc');
  });

  it('of kind apiKey sends the key in the header it names', () => {
    expect(apiKey.authorize(request, keyed('X-Api-Key', 'header')).headers).toEqual({
      'x-team': 'web',
      'X-Api-Key': 'k',
    });
  });

  it.each([
    ['https://example.com/hook', 'https://example.com/hook?a%20b=x%26y%3D%2F%2B'],
    ['https://example.com', 'https://example.com/?a%20b=x%26y%3D%2F%2B'],
    [
      'https://example.com/?q=1%202+3&e&%',
      'https://example.com/?q=1%202+3&e&%&a%20b=x%26y%3D%2F%2B',
    ],
    ['https://example.com/?a+b=old&c=1', 'https://example.com/?c=1&a%20b=x%26y%3D%2F%2B'],
  ])('of kind apiKey in the query of %s makes %s', (url, expected) => {
    const authorized = apiKey.authorize({ ...request, url }, keyed('a b', 'query', 'x&y=/+'));
    expect(authorized.url).toBe(expected);
    expect(new URL(authorized.url).searchParams.getAll('a b')).toEqual(['x&y=/+']);
    expect(authorized.headers).toEqual(request.headers);
  });

  it('wins over a header of the same name, however that is written', () => {
    const own = { ...request, headers: { AUTHORIZATION: 'own', 'X-API-key': 'own' } };
    expect(basic.authorize(own, user('a', 'b')).headers).toEqual({
      'X-API-key': 'own',
      authorization: 'Basic YTpi',
    });
    expect(apiKey.authorize(own, keyed('x-api-KEY', 'header')).headers).toEqual({
      AUTHORIZATION: 'own',
      'x-api-KEY': 'k',
    });
  });

  it('leaves the request it was given as it was', () => {
    const before = structuredClone(request);
    basic.authorize(request, user('a', 'b'));
    apiKey.authorize(request, keyed('k', 'query'));
    expect(request).toEqual(before);
  });
});

describe('headers', () => {
  it('that are added replace every spelling of the same name, and no other', () => {
    expect(withHeaders({ 'X-A': '1', 'x-a': '2', 'x-b': '3' }, { 'X-a': '4' })).toEqual({
      'x-b': '3',
      'X-a': '4',
    });
  });
});
