import { discovered, issuerOf } from '../../../server/send/credentials/token-answer';

const authority = (authorityUrl: string, ...additionalBaseAddresses: string[]) => ({
  authorityUrl,
  additionalBaseAddresses,
});
const document = (issuer: unknown, endpoint: unknown) =>
  JSON.stringify({ issuer, token_endpoint: endpoint });

describe('an authority', () => {
  it.each([
    ['at its own place', 'https://id.example', ['https://id.example/oauth/token']],
    ['written with a slash', 'https://id.example/', ['https://id.example/oauth/token']],
    [
      'with a tenant in its path',
      'https://id.example/tenant/v2.0',
      ['https://id.example/tenant/oauth2/v2.0/token'],
    ],
    [
      'named by the address of its document',
      'https://id.example/.well-known/openid-configuration',
      ['https://id.example/token'],
    ],
    [
      'with its endpoint below a base address that was added',
      'https://id.example',
      ['https://tokens.example/v1/token', 'https://tokens.example/v1/'],
    ],
  ])('%s is believed', (_how, url, [endpoint, ...bases]) => {
    expect(discovered(document(issuerOf(url), endpoint), authority(url, ...bases))).toEqual({
      tokenUrl: endpoint,
    });
  });

  it('whose issuer lies below a base address that was added is believed', () => {
    const b2c = authority('https://id.example/policy', 'https://id.example/tenant');
    const body = document('https://id.example/tenant/v2.0/', 'https://id.example/token');
    expect(discovered(body, b2c)).toEqual({ tokenUrl: 'https://id.example/token' });
  });

  it.each([
    ['another host', 'https://evil.example/token', /https:\/\/evil\.example.*additional base/],
    ['another scheme', 'http://id.example/token', /http:\/\/id\.example/],
    ['another port', 'https://id.example:8443/token', /https:\/\/id\.example:8443/],
    ['a folder that only begins alike', 'https://tokens.example/v11/token', /tokens\.example/],
    ['a URL that only looks like one of https', 'blob:https://id.example/t', /no token_endpoint/],
    ['a way out of the folder', 'https://tokens.example/v1/..%2ft', /no token_endpoint/],
    ['no URL', 'token', /no token_endpoint/],
    ['nothing', undefined, /no token_endpoint/],
  ])('that names a token endpoint at %s is not', (_where, endpoint, problem) => {
    const asked = authority('https://id.example', 'https://tokens.example/v1');
    expect(discovered(document('https://id.example', endpoint), asked)).toEqual({
      problem: expect.stringMatching(problem),
    });
  });

  it.each([
    ['another issuer', document('https://evil.example', 'https://id.example/t'), /another issuer/],
    ['an endless issuer', document(`https://id.example${'/'.repeat(200_000)}x`, 'x'), /no issuer/],
    ['no issuer', document(undefined, 'https://id.example/t'), /names no issuer/],
    ['no JSON', '<html>', /names no issuer/],
    ['a list', '[]', /names no issuer/],
  ])('whose document holds %s is not', (_what, body, problem) => {
    expect(discovered(body, authority('https://id.example'))).toEqual({
      problem: expect.stringMatching(problem),
    });
  });
});

it.each(['issuer', 'token_endpoint'])('a document that names two of %s is not believed', (name) => {
  const one = document('https://id.example', 'https://id.example/token');
  const twice = one.replace('{', `{"${name}":"https://id.example/other",`);
  expect(discovered(twice, authority('https://id.example'))).toEqual({
    problem: `its document holds ${name} twice, with different values.`,
  });
});
