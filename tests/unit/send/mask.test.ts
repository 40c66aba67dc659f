import fc from 'fast-check';
import { MASK } from '../../../server/contract/names';
import { secretsOf } from '../../../server/send/credentials/credentials.service';
import { apiKey, bearer } from '../../../server/send/credentials/headers';
import { masked } from '../../../server/send/mask';
import { requestOf, type Target } from '../../../server/send/request';
import { xmlOf } from '../../../server/send/xml';

const PASSWORD = `p"w\\/ <&> 'é+%`;
const SIGNING = `whsec_${Buffer.alloc(32, 250).toString('base64')}`;
const PRIVATE_KEY = `whsk_${Buffer.alloc(32, 251).toString('base64')}`;
const target: Target = {
  url: 'https://example.com/hook',
  headers: { 'x-key': 'header secret' },
  authorization: {
    kind: 'basic',
    name: 'A',
    description: '',
    allowedHosts: [],
    username: 'ada',
    password: PASSWORD,
  },
  signing: 'standard',
  secrets: [SIGNING, PRIVATE_KEY],
  format: 'standard',
};
const secrets = secretsOf({ target, secretHeaderValues: ['header secret'] });
const base64 = Buffer.from(`ada:${PASSWORD}`).toString('base64');

describe('the secrets of a target', () => {
  it.each([
    ['as it is', PASSWORD],
    ['in JSON', JSON.stringify(PASSWORD).slice(1, -1)],
    ['in JSON as PHP writes it', JSON.stringify(PASSWORD).slice(1, -1).replaceAll('/', '\\/')],
    ['in a URL', encodeURIComponent(PASSWORD)],
    ['in a URL in lower case', encodeURIComponent(PASSWORD).toLowerCase()],
    ['in a form', new URLSearchParams({ p: PASSWORD }).toString().slice(2)],
    ['in XML', xmlOf({ p: PASSWORD }).replace(/^.*<p>|<\/p>.*$/g, '')],
    ['as basic credentials', base64],
    ['as basic credentials in a URL', encodeURIComponent(base64)],
    ['as a signing secret', SIGNING],
    ['as a signing key without its prefix', SIGNING.slice('whsec_'.length)],
    ['as a private key', PRIVATE_KEY],
    ['as a private key without its prefix', PRIVATE_KEY.slice('whsk_'.length)],
    ['as a secret header', 'header secret'],
  ])('are masked %s', (_how, text) => {
    expect(masked(`before${text}after`, secrets)).toBe(`before${MASK}after`);
  });

  it('come longest first, each once, and none of them empty', () => {
    const lengths = secrets.map((secret) => secret.length);
    expect(lengths).toEqual([...lengths].sort((one, other) => other - one));
    expect(new Set(secrets).size).toBe(secrets.length);
    expect(
      secretsOf({
        target: { ...target, url: 'https://example.com', authorization: null, secrets: [] },
        secretHeaderValues: [''],
      }),
    ).toEqual([]);
  });

  it.each([
    [
      {
        kind: 'bearer',
        name: 'A',
        description: '',
        allowedHosts: [] as string[],
        token: 'canary',
      } as const,
    ],
    [
      {
        kind: 'apiKey',
        name: 'A',
        description: '',
        allowedHosts: [] as string[],
        key: 'k',
        value: 'canary',
        in: 'header',
      } as const,
    ],
    [
      {
        kind: 'apiKey',
        name: 'A',
        description: '',
        allowedHosts: [] as string[],
        key: 'k',
        value: 'canary',
        in: 'query',
      } as const,
    ],
  ])('leave no trace in the request of %j', (authorization) => {
    const own = { ...target, authorization };
    const serialized = { contentType: 'application/json', body: '{"echo":"canary"}' };
    const plain = requestOf({
      eventId: 'evt_1',
      eventName: 'entry.update',
      serialized,
      target: own,
      now: 0,
      version: '1',
    });
    const request =
      authorization.kind === 'bearer'
        ? bearer.authorize(plain, authorization)
        : apiKey.authorize(plain, authorization);
    expect(JSON.stringify(request)).toContain('canary');
    const safe = masked(request, secretsOf({ target: own, secretHeaderValues: ['header secret'] }));
    expect(JSON.stringify(safe)).not.toMatch(/canary|header secret/);
    expect(safe.url).toMatch(/^https:\/\/example\.com\/hook/);
  });
});

it('of basic authentication without a password masks the user name, which is the key then', () => {
  const authorization = { ...target.authorization!, username: 'sk_live_1', password: '' };
  const own = secretsOf({
    target: { ...target, authorization: authorization as Target['authorization'] },
    secretHeaderValues: [],
  });
  const credentials = Buffer.from('sk_live_1:').toString('base64');
  expect(masked(`as sk_live_1, Basic ${credentials}`, own)).toBe(`as ${MASK}, Basic ${MASK}`);
  expect(secrets).not.toContain('ada');
});

it('masks long values of the URL, as they are written and as they are read', () => {
  const url = 'https://example.com/hook?token=query%2Fsecret&page=1';
  const own = secretsOf({ target: { ...target, url }, secretHeaderValues: [] });
  for (const echo of ['query%2Fsecret', 'query%2fsecret', 'query/secret', 'query\\/secret']) {
    expect(masked(`page 1, ${echo}`, own)).toBe(`page 1, ${MASK}`);
  }
});

describe('masking', () => {
  it('goes deep, keeps keys and everything that is no text, and changes no input', () => {
    const value = { s: ['a s b s', { s: 's' }], n: 1, no: null, yes: true };
    const before = structuredClone(value);
    expect(masked(value, ['s'])).toEqual({
      s: [`a ${MASK} b ${MASK}`, { s: MASK }],
      n: 1,
      no: null,
      yes: true,
    });
    expect(value).toEqual(before);
  });

  it('keeps a key named __proto__ a key', () => {
    const value = JSON.parse('{"__proto__":{"a":"s"}}');
    expect(JSON.stringify(masked(value, ['s']))).toBe(`{"__proto__":{"a":"${MASK}"}}`);
  });

  it('covers overlapping secrets with one mask and leaves no part of either', () => {
    expect(masked('-abcdef-', ['abcd', 'cdef'])).toBe(`-${MASK}-`);
    expect(masked('-abcdef-', ['cdef', 'bc', 'abcd'])).toBe(`-${MASK}-`);
    expect(masked('-abcdef-', ['abcdef', 'bc'])).toBe(`-${MASK}-`);
    expect(masked('aaa', ['aa'])).toBe(MASK);
  });

  it('does not mask its own mask, and ignores an empty secret', () => {
    expect(masked('x*y', ['x', '*', ''])).toBe(`${MASK}${MASK}y`);
    expect(masked('text', [''])).toBe('text');
  });

  it('leaves none of the secrets in any text', () => {
    const part = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(part), fc.array(part, { minLength: 1 }), (parts, hidden) => {
        const safe = masked(parts.join(''), hidden);
        expect(hidden.filter((secret) => safe.includes(secret))).toEqual([]);
      }),
    );
  });
});
