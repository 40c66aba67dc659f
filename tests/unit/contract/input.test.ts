/** The contract's schemas: what they accept and refuse, without a Strapi. */
import { authorizationInputSchema } from '../../../server/contract/authorization';
import { EVENT_NAMES, isEventPattern, VALIDATION } from '../../../server/contract/catalogue';
import { filterSchema } from '../../../server/contract/filter';
import { pagingSchema } from '../../../server/contract/api';
import { PERMISSIONS, permissionUid } from '../../../server/contract/names';
import {
  headerNameProblem,
  urlProblem,
  webhookInputSchema,
} from '../../../server/contract/webhook';
import { parse } from '../../../server/strapi/errors';

const pathsOf = (result: { error?: { issues: { path: PropertyKey[] }[] } }) =>
  result.error?.issues.map(({ path }) => path.join('.')) ?? [];

describe('events', () => {
  it.each(['*', 'entry.*', 'media.*', 'workflow.*', 'webhook.*', ...EVENT_NAMES])(
    '%s is a pattern',
    (pattern) => {
      expect(isEventPattern(pattern)).toBe(true);
    },
  );
  it.each(['', 'entry', 'entry.', '*.*', 'entry.creat', 'constructor', VALIDATION])(
    '%j is none',
    (pattern) => {
      expect(isEventPattern(pattern)).toBe(false);
    },
  );
});

describe('a URL', () => {
  it.each(['https://example.com', 'http://example.com:8080/a?b=c', 'https://bücher.example/'])(
    '%s is taken',
    (url) => expect(urlProblem(url)).toBeNull(),
  );
  it.each(['example.com', 'mailto:a@b.c', 'https://a@b.c/', 'https://b.c/#d'])('%s is not', (url) =>
    expect(urlProblem(url)).toEqual(expect.any(String)),
  );
});

describe('a header', () => {
  it.each(['x-team', 'Authorization', 'x_1', 'accept'])('%s is taken', (name) => {
    expect(headerNameProblem(name)).toBeNull();
  });
  it.each(['Content-Type', 'WEBHOOK-ID', 'host', 'te', 'x y', 'x\n', 'é', ''])(
    '%j is not',
    (name) => {
      expect(headerNameProblem(name)).toEqual(expect.any(String));
    },
  );
  it('named like a prototype changes no prototype', () => {
    const headers = JSON.parse('{"__proto__":"x","constructor":"y"}');
    const input = { name: 'A', url: 'https://example.com/', headers };
    const parsed = webhookInputSchema.parse(input);
    expect(Object.getPrototypeOf(parsed.headers)).toBe(Object.prototype);
    expect(parsed.headers.constructor).toBe('y');
  });
});

describe('a filter', () => {
  const fine = { field: 'entry.title', op: 'eq', value: 'x' };
  it('is taken whole', () => {
    const filter = { or: [fine, { not: { and: [fine, { field: 'changes', op: 'changed' }] } }] };
    expect(filterSchema.parse(filter)).toEqual(filter);
  });
  it('names the place of a deeply nested error', () => {
    const wrong = { or: [fine, { not: { and: [fine, { ...fine, op: 'like' }] } }] };
    expect(pathsOf(filterSchema.safeParse(wrong))).toEqual(['or.1.not.and.1.op']);
  });
  it('of a hundred thousand levels is refused without a stack overflow', () => {
    let deep: object = fine;
    for (let level = 0; level < 100_000; level += 1) deep = { not: deep };
    expect(pathsOf(filterSchema.safeParse(deep))).toEqual(['']);
  });
});

describe('an API key', () => {
  const key = (more: object) => ({ kind: 'apiKey', name: 'A', key: 'k', value: 'v', ...more });
  it('in the query may have a name that no header could have', () => {
    expect(authorizationInputSchema.safeParse(key({ key: 'a key', in: 'query' })).success).toBe(
      true,
    );
  });
  it('in a header may not, and not the name of one of ours', () => {
    for (const name of ['a key', 'content-type', 'Webhook-Id', 'Host']) {
      expect(pathsOf(authorizationInputSchema.safeParse(key({ key: name })))).toEqual(['key']);
    }
  });
});

describe('paging', () => {
  it('has defaults, and reads numbers from text', () => {
    expect(pagingSchema.parse({})).toEqual({ page: 1, pageSize: 10 });
    expect(pagingSchema.parse({ page: '3', pageSize: '100', sort: 'name:DESC' })).toEqual({
      page: 3,
      pageSize: 100,
      sort: 'name:DESC',
    });
  });
  it.each([{ page: 'x' }, { page: '0' }, { page: '1e9' }, { pageSize: '101' }, { sort: 'a b' }])(
    '%j is refused',
    (input) => expect(pagingSchema.safeParse(input).success).toBe(false),
  );
});

it('refuses a NUL in any text, at its path, since PostgreSQL cannot store it', () => {
  const input = { name: 'A', url: 'https://example.com/', filter: null, description: 'a\0b' };
  expect(() => parse(webhookInputSchema, input)).toThrow(
    expect.objectContaining({
      name: 'ValidationError',
      details: {
        code: 'invalid',
        params: {},
        errors: [expect.objectContaining({ path: ['description'], code: 'nul-character' })],
      },
    }),
  );
});

it('gives every permission a uid that Strapi takes', () => {
  for (const { name } of PERMISSIONS) {
    expect(permissionUid(name)).toMatch(/^plugin::workflow-webhooks\.[a-z]+\.[a-z]+$/);
  }
});

describe('A certificate that is sent', () => {
  const pem = (label: string) => `-----BEGIN ${label}-----\nMIIB\n-----END ${label}-----`;
  const parsed = (certificate: string) =>
    authorizationInputSchema.safeParse({
      kind: 'clientCertificate',
      name: 'A',
      certificate,
      privateKey: pem('PRIVATE KEY'),
    });

  test('is shown later, so a private key that was pasted with it is refused', () => {
    const both = `${pem('CERTIFICATE')}\n${pem('PRIVATE KEY')}`;
    expect(parsed(pem('CERTIFICATE')).success).toBe(true);
    expect(parsed(both).error?.issues).toMatchObject([
      { path: ['certificate'], message: expect.stringContaining('private key too') },
    ]);
  });
});
