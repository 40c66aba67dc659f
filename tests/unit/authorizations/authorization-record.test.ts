/** An authorization on its way into the database and out again. */
import {
  answerOf,
  missingSecrets,
  settingsOf,
  storedOf,
  type AuthorizationRow,
} from '../../../server/authorizations/authorization-record';
import { SECRET_FIELDS, type AuthorizationSettings } from '../../../server/contract/authorization';
import { MASK } from '../../../server/contract/names';

const encrypt = (text: string) => `locked(${text})`;
const decrypt = (text: string) => /^locked\((.*)\)$/.exec(text)?.[1] ?? null;

const head = { name: 'Shop', description: 'Of the shop' };
const EACH: AuthorizationSettings[] = [
  { kind: 'basic', ...head, username: 'ada', password: 'hidden' },
  { kind: 'bearer', ...head, token: 'hidden' },
  { kind: 'apiKey', ...head, key: 'x-api-key', value: 'hidden', in: 'header' },
];

const rowOf = (settings: AuthorizationSettings) =>
  ({ documentId: 'a1', ...storedOf(settings, null, encrypt) }) as AuthorizationRow;

const masked = (settings: AuthorizationSettings) =>
  ({
    ...settings,
    ...Object.fromEntries(SECRET_FIELDS[settings.kind].map((field) => [field, MASK])),
  }) as AuthorizationSettings;

describe.each(EACH)('of kind $kind', (settings) => {
  it('is stored with its secrets apart and encrypted, and read back as it was', () => {
    const row = rowOf(settings);
    expect(Object.values(row.secrets ?? {})).toEqual(['locked(hidden)']);
    expect(JSON.stringify(row.fields)).not.toContain('hidden');
    expect(settingsOf(row, decrypt)).toEqual(settings);
  });

  it('is answered with a mask in place of the secret', () => {
    const answer = answerOf(rowOf(settings), [{ id: 'w1', name: 'A' }]);
    expect(answer).toMatchObject({ id: 'a1', ...masked(settings), webhooks: [{ id: 'w1' }] });
    expect(JSON.stringify(answer)).not.toMatch(/hidden|locked/);
  });

  it('keeps what is stored where the mask comes back', () => {
    const row = rowOf(settings);
    expect(missingSecrets(masked(settings), row)).toEqual([]);
    expect(storedOf(masked(settings), row, encrypt)?.secrets).toEqual(row.secrets);
  });

  it('misses its secret where the mask stands for nothing', () => {
    const other = EACH.find(({ kind }) => kind !== settings.kind) as AuthorizationSettings;
    expect(missingSecrets(masked(settings), null)).toEqual(SECRET_FIELDS[settings.kind]);
    expect(missingSecrets(masked(settings), rowOf(other))).toEqual(SECRET_FIELDS[settings.kind]);
  });

  it('is nothing without an encryption key', () => {
    expect(storedOf(settings, null, () => null)).toBeNull();
    expect(settingsOf(rowOf(settings), () => null)).toBeNull();
  });
});
