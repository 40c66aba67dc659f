/** The authorization form: what it sends, above all for secrets that it has never seen. */
import {
  AUTHORIZATION_KINDS,
  draftOf,
  inputOf,
  isSameDraft,
  isStored,
  issuesOf,
  problemsIn,
  toldOf,
  type Draft,
} from '../../../admin/pages/authorizations/draft';
import {
  authorizationInputSchema,
  type Authorization,
  type AuthorizationSettings,
} from '../../../server/contract/authorization';
import { MASK } from '../../../server/contract/names';

const answered = (settings: AuthorizationSettings): Authorization => ({
  ...settings,
  id: '7',
  webhooks: [],
  certificateFacts: null,
  createdAt: '2026-11-21T18:12:03.341Z',
  updatedAt: '2026-11-21T18:12:03.341Z',
});

const common = { name: 'Search', description: '', allowedHosts: [] as string[] };
const stored = answered({ ...common, kind: 'basic', username: 'ada', password: MASK });

const oauth = {
  ...common,
  allowedHosts: ['api.example.com', '*.example.org'],
  tokenUrl: null,
  authorityUrl: 'https://login.example.com/',
  clientId: 'strapi',
  clientSecret: MASK,
  clientAuthentication: 'client_secret_post' as const,
  scope: 'write read',
  headerPrefix: 'Bearer',
  additionalBaseAddresses: ['https://tokens.example.com/'],
  parameters: { audience: 'https://api.example.com', resource: 'content' },
};
const PEM = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----';
const KEY = '-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----';

const EACH: Record<string, Authorization> = {
  basic: stored,
  digest: answered({ ...common, kind: 'digest', username: 'ada', password: MASK }),
  bearer: answered({ ...common, kind: 'bearer', token: MASK }),
  apiKey: answered({ ...common, kind: 'apiKey', key: 'x-key', value: MASK, in: 'query' }),
  oauth2ClientCredentials: answered({ ...oauth, kind: 'oauth2ClientCredentials' }),
  oauth2Password: answered({ ...oauth, kind: 'oauth2Password', username: 'ada', password: MASK }),
  clientCertificate: answered({
    ...common,
    kind: 'clientCertificate',
    certificate: PEM,
    privateKey: MASK,
    passphrase: MASK,
    ca: null,
  }),
};
const certificate = EACH.clientCertificate!;
const client = EACH.oauth2ClientCredentials!;

const settingsOf = ({
  id,
  webhooks,
  certificateFacts,
  createdAt,
  updatedAt,
  ...settings
}: Authorization) => settings;

const paths = (draft: Draft, of: Authorization | null) => [
  ...new Set(issuesOf(draft, of).map(({ path }) => path.join('.'))),
];

const fresh = (patch: Partial<Draft>): Draft => ({ ...draftOf(null), name: 'Search', ...patch });
const client2 = (patch: Partial<Draft>) =>
  fresh({
    kind: 'oauth2ClientCredentials',
    tokenUrl: 'https://login.example.com/token',
    clientId: 'strapi',
    clientSecret: 'secret',
    ...patch,
  });

describe('the form of an authorization', () => {
  it('shows a stored secret as an empty field, so that its mask cannot be edited', () => {
    expect(draftOf(stored)).toMatchObject({ name: 'Search', username: 'ada', password: '' });
    expect(isStored(stored, draftOf(stored), 'password')).toBe(true);
  });

  it('keeps a stored secret that is left alone', () => {
    const renamed = { ...draftOf(stored), name: 'Search 2' };
    expect(inputOf(renamed, stored)).toEqual({
      kind: 'basic',
      name: 'Search 2',
      description: '',
      allowedHosts: [],
      username: 'ada',
      password: MASK,
    });
    expect(paths(renamed, stored)).toEqual([]);
  });

  it('sends a secret that was typed', () => {
    const changed = { ...draftOf(stored), password: 'new' };
    expect(inputOf(changed, stored)).toMatchObject({ password: 'new' });
  });

  it('asks for the secret of another kind, although one of the first kind is stored', () => {
    const changed = { ...draftOf(stored), kind: 'bearer' as const };
    expect(inputOf(changed, stored)).toEqual({
      kind: 'bearer',
      name: 'Search',
      description: '',
      allowedHosts: [],
      token: '',
    });
    expect(paths(changed, stored)).toEqual(['token']);
  });

  it('names every field that is missing', () => {
    expect(paths(draftOf(null), null)).toEqual(['name', 'username']);
    const kind = 'clientCertificate' as const;
    expect(paths(fresh({ kind }), null)).toEqual(['certificate', 'privateKey']);
  });

  it('sends the fields of its kind only, whatever was typed under another', () => {
    const draft = fresh({ kind: 'apiKey', username: 'left over', key: 'x-api-key', value: 'k' });
    expect(inputOf(draft, null)).toEqual({
      kind: 'apiKey',
      name: 'Search',
      description: '',
      allowedHosts: [],
      key: 'x-api-key',
      value: 'k',
      in: 'header',
    });
  });

  it('knows every kind', () => {
    expect(AUTHORIZATION_KINDS.sort()).toEqual(Object.keys(EACH).sort());
  });

  it.each(Object.entries(EACH))(
    'sends back what was stored of the kind %s, and is not dirty',
    (_kind, of) => {
      const draft = draftOf(of);
      expect(inputOf(draft, of)).toEqual(settingsOf(of));
      expect(authorizationInputSchema.parse(inputOf(draft, of))).toEqual(settingsOf(of));
      expect(isSameDraft(of, draft, draftOf(of))).toBe(true);
    },
  );
});

describe('the lists of an authorization', () => {
  it('are typed one a line; empty lines and spaces around are no entries', () => {
    const draft = fresh({ allowedHosts: ' api.example.com \n\n*.example.com\n' });
    expect(inputOf(draft, null)).toMatchObject({
      allowedHosts: ['api.example.com', '*.example.com'],
    });
  });

  it('are told of by the place of the entry that is wrong', () => {
    const draft = fresh({
      username: 'ada',
      password: 'x',
      allowedHosts: 'api.example.com\nhttps://example.com/x',
    });
    expect(Object.keys(problemsIn(draft, null).fields)).toEqual(['allowedHosts.1']);
  });
});

describe('the OAuth kinds', () => {
  it('send only the URL that is chosen as the source of tokens', () => {
    const both = client2({ authorityUrl: 'https://login.example.com' });
    expect(inputOf(both, null)).toMatchObject({
      tokenUrl: 'https://login.example.com/token',
      authorityUrl: null,
    });
    expect(inputOf({ ...both, tokenSource: 'authorityUrl' }, null)).toMatchObject({
      tokenUrl: null,
      authorityUrl: 'https://login.example.com',
    });
    expect(draftOf(client).tokenSource).toBe('authorityUrl');
  });

  it('send base addresses only where an authority may name another address', () => {
    const typed = client2({ additionalBaseAddresses: 'https://tokens.example.com' });
    expect(inputOf(typed, null)).toMatchObject({ additionalBaseAddresses: [] });
  });

  it('tell of a missing URL at the one that the form shows', () => {
    const missing = client2({ tokenUrl: '' });
    expect(Object.keys(problemsIn(missing, null).fields)).toEqual(['tokenUrl']);
    const discovered = { ...missing, tokenSource: 'authorityUrl' as const };
    expect(Object.keys(problemsIn(discovered, null).fields)).toEqual(['authorityUrl']);
  });

  it('send parameters as a record, without rows that are empty', () => {
    const parameters = [
      { key: '1', name: 'audience', value: 'https://api.example.com' },
      { key: '2', name: '', value: '' },
    ];
    expect(inputOf(client2({ parameters }), null)).toMatchObject({
      parameters: { audience: 'https://api.example.com' },
    });
  });

  it('tell of a parameter at its row: a name that has a field of its own, or that is there twice', () => {
    const row = (key: string, name: string) => ({ key, name, value: 'v' });
    const parameters = [row('1', 'scope'), row('2', 'audience'), row('3', 'audience')];
    expect(problemsIn(client2({ parameters }), null).fields).toEqual({
      'parameters.scope': '"scope" has a field of its own. Enter it there.',
      'parameters.audience': '"audience" is there twice.',
    });
    expect(issuesOf(fresh({ username: 'a', password: 'b', parameters }), null)).toEqual([]);
  });
});

describe('a stored passphrase', () => {
  const typed = (patch: Partial<Draft>) =>
    inputOf({ ...draftOf(certificate), ...patch }, certificate);

  it('is kept, replaced or taken away', () => {
    expect(typed({})).toMatchObject({ passphrase: MASK });
    expect(typed({ passphrase: 'other' })).toMatchObject({ passphrase: 'other' });
    expect(typed({ dropsPassphrase: true })).toMatchObject({ passphrase: null });
  });

  it('is not said to be stored where there is none', () => {
    const without = { ...certificate, passphrase: null } as Authorization;
    expect(isStored(without, draftOf(without), 'passphrase')).toBe(false);
    expect(inputOf(draftOf(without), without)).toMatchObject({ passphrase: '' });
    expect(isStored(without, draftOf(without), 'privateKey')).toBe(true);
  });

  it('is asked of by nobody who stores a key that is not encrypted', () => {
    const draft = fresh({ kind: 'clientCertificate', certificate: PEM, privateKey: KEY });
    expect(issuesOf(draft, null)).toEqual([]);
  });
});

describe('what the server says against it', () => {
  it('is told at its field, and above the form where the form shows no such field', () => {
    const problems = {
      'allowedHosts.0': 'Not a host.',
      'parameters.x': 'Too long.',
      token: 'Another kind.',
    };
    expect(toldOf(client2({}), problems)).toEqual({
      fields: { 'allowedHosts.0': 'Not a host.', 'parameters.x': 'Too long.' },
      others: ['Another kind.'],
    });
  });
});
