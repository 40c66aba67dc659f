/** An authorization on its way into the database and out again. */
import {
  authorizationOf,
  maskedOf,
  missingSecrets,
  settingsOf,
  storedOf,
  type AuthorizationRow,
} from '../../../server/manage/authorizations/authorization-record';
import {
  authorizationInputSchema,
  SECRET_FIELDS,
  type AuthorizationSettings,
} from '../../../server/contract/authorization';
import { MASK } from '../../../server/contract/names';
import { CERTIFICATE, KEY } from '../../support/certificate';

const encrypt = (text: string) => `locked(${text})`;
const decrypt = (text: string) => /^locked\(([\s\S]*)\)$/.exec(text)?.[1] ?? null;

const head = { name: 'Shop', description: 'Of the shop', allowedHosts: ['api.example.com'] };
const oauth = {
  tokenUrl: 'https://login.example.com/token',
  clientId: 'client',
  clientSecret: 'hidden',
  scope: 'a b',
  parameters: { audience: 'https://api.example.com' },
};

const EACH: AuthorizationSettings[] = [
  { kind: 'basic', ...head, username: 'ada', password: 'hidden' },
  { kind: 'digest', ...head, username: 'ada', password: 'hidden' },
  { kind: 'bearer', ...head, token: 'hidden' },
  { kind: 'apiKey', ...head, key: 'x-api-key', value: 'hidden', in: 'header' },
  { kind: 'oauth2ClientCredentials', ...head, ...oauth },
  { kind: 'oauth2Password', ...head, ...oauth, username: 'ada', password: 'hidden' },
  {
    kind: 'clientCertificate',
    ...head,
    certificate: CERTIFICATE,
    privateKey: KEY,
    passphrase: 'hidden',
  },
].map((input) => authorizationInputSchema.parse(input));

const rowOf = (settings: AuthorizationSettings) =>
  ({ documentId: 'a1', ...storedOf(settings, null, encrypt) }) as AuthorizationRow;

const masked = (settings: AuthorizationSettings) =>
  ({
    ...settings,
    ...Object.fromEntries(SECRET_FIELDS[settings.kind].map((field) => [field, MASK])),
  }) as AuthorizationSettings;

test('every kind there is has a row here', () => {
  expect(EACH.map(({ kind }) => kind).sort()).toEqual(Object.keys(SECRET_FIELDS).sort());
});

describe.each(EACH)('of kind $kind', (settings) => {
  it('is stored with its secrets apart and encrypted, and read back as it was', () => {
    const row = rowOf(settings);
    expect(Object.keys(row.secrets ?? {}).sort()).toEqual([...SECRET_FIELDS[settings.kind]].sort());
    for (const text of Object.values(row.secrets ?? {})) expect(text).toMatch(/^locked\(/);
    expect(JSON.stringify(row.fields)).not.toMatch(/hidden|PRIVATE KEY/);
    expect(settingsOf(row, decrypt)).toEqual(settings);
  });

  it('is answered with a mask in place of each secret', () => {
    const answer = authorizationOf(rowOf(settings), [{ id: 'w1', name: 'A' }]);
    expect(answer).toMatchObject({ id: 'a1', ...masked(settings), webhooks: [{ id: 'w1' }] });
    expect(JSON.stringify(answer)).not.toMatch(/hidden|locked|PRIVATE KEY/);
  });

  it('keeps what is stored where the mask comes back', () => {
    const row = rowOf(settings);
    const sent = authorizationInputSchema.parse(masked(settings));
    expect(missingSecrets(sent, row)).toEqual([]);
    expect(storedOf(sent, row, encrypt)?.secrets).toEqual(row.secrets);
  });

  it('misses its secrets where the mask stands for nothing, be it stored for another kind', () => {
    const other = {
      ...rowOf(settings),
      kind: EACH.find(({ kind }) => kind !== settings.kind)?.kind,
    };
    for (const stored of [null, other as AuthorizationRow]) {
      expect(missingSecrets(masked(settings), stored)).toEqual(SECRET_FIELDS[settings.kind]);
      expect(storedOf(masked(settings), stored, encrypt)).toBeNull();
    }
  });

  it('is nothing without an encryption key', () => {
    expect(storedOf(settings, null, () => null)).toBeNull();
    expect(settingsOf(rowOf(settings), () => null)).toBeNull();
  });

  it('that is older than a field is answered with its default', () => {
    const { kind, fields, ...row } = rowOf(settings);
    const { allowedHosts, ...older } = fields ?? {};
    const found = { ...row, kind, fields: older, description: null };
    expect(allowedHosts).toEqual(['api.example.com']);
    expect(authorizationOf(found, [])).toMatchObject({ allowedHosts: [], description: '' });
    expect(settingsOf(found, decrypt)).toEqual({ ...settings, allowedHosts: [], description: '' });
  });
});

describe('a passphrase that a client certificate does without', () => {
  const settings = authorizationInputSchema.parse({
    ...EACH.find(({ kind }) => kind === 'clientCertificate'),
    passphrase: '',
  });

  it('is stored as nothing, answered as nothing, and read as nothing', () => {
    const row = rowOf(settings);
    expect(row.secrets).not.toHaveProperty('passphrase');
    expect(authorizationOf(row, [])).toMatchObject({ passphrase: null, privateKey: MASK });
    expect(settingsOf(row, decrypt)).toMatchObject({ passphrase: null, privateKey: KEY.trim() });
  });

  it('has no mask that could come back', () => {
    const row = rowOf(settings);
    expect(missingSecrets(masked(settings), row)).toEqual(['passphrase']);
    expect(missingSecrets(maskedOf(row), row)).toEqual([]);
  });

  it('is forgotten where it is taken out', () => {
    const before = rowOf({ ...settings, passphrase: 'hidden' } as AuthorizationSettings);
    const sent = { ...masked(settings), passphrase: null } as AuthorizationSettings;
    expect(storedOf(sent, before, encrypt)?.secrets).toEqual(rowOf(settings).secrets);
  });
});

describe('the empty password of an authorization', () => {
  const settings = (more: object) =>
    authorizationInputSchema.parse({ kind: 'basic', ...head, username: 'key', ...more });
  const row = rowOf(settings({ password: '' }));

  it('is stored as nothing, answered as nothing, and read as empty', () => {
    expect(row.secrets).toEqual({});
    expect(authorizationOf(row, [])).toMatchObject({ username: 'key', password: '' });
    expect(settingsOf(row, decrypt)).toMatchObject({ username: 'key', password: '' });
    expect(missingSecrets(maskedOf(row), row)).toEqual([]);
  });

  it('takes the place of one that was stored', () => {
    const before = rowOf(settings({ password: 'hidden' }));
    expect(storedOf(settings({ password: '' }), before, encrypt)?.secrets).toEqual({});
  });
});

describe('credentials may be', () => {
  const parse = (input: object) => authorizationInputSchema.safeParse({ ...head, ...input });

  it.each([
    ['basic without a user name', { kind: 'basic', username: '', password: 'x' }, true],
    ['basic without a password', { kind: 'basic', username: 'x', password: '' }, true],
    ['basic without either', { kind: 'basic', username: '', password: '' }, false],
    ['digest without a password', { kind: 'digest', username: 'x', password: '' }, true],
    ['digest without a user name', { kind: 'digest', username: '', password: 'x' }, false],
    ['a bearer token of 16 KB', { kind: 'bearer', token: 'x'.repeat(16_384) }, true],
    ['a longer bearer token', { kind: 'bearer', token: 'x'.repeat(16_385) }, false],
    ['a bearer token of nothing', { kind: 'bearer', token: '' }, false],
    ['an API key of 16 KB', { kind: 'apiKey', key: 'k', value: 'x'.repeat(16_384) }, true],
  ])('%s: %#', (_what, input, isGood) => {
    expect(parse(input).success).toBe(isGood);
  });
});

describe('what a certificate says', () => {
  const facts = (settings: AuthorizationSettings) =>
    authorizationOf(rowOf(settings), []).certificateFacts;
  const client = EACH.find(({ kind }) => kind === 'clientCertificate') as AuthorizationSettings;
  const certified = (certificate: string) => ({ ...client, certificate }) as AuthorizationSettings;
  const FACTS = {
    subject: 'CN=secure.example',
    issuer: 'CN=secure.example',
    validFrom: '2026-11-21T19:41:23.000Z',
    validTo: '2126-10-28T19:41:23.000Z',
  };

  it('is answered, of the first of a chain', () => {
    expect(facts(client)).toEqual(FACTS);
    expect(facts(certified(`Bag Attributes: A\n${CERTIFICATE}\n${CERTIFICATE}`))).toEqual(FACTS);
  });

  it('is null where nobody can read it, and for every other kind', () => {
    const nonsense = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----';
    expect(facts(certified(nonsense))).toBeNull();
    for (const other of EACH.filter(({ kind }) => kind !== 'clientCertificate'))
      expect(facts(other)).toBeNull();
  });
});
