/** An authorization as it is stored: its secrets encrypted, apart from its other fields. Pure. */
import {
  authorizationInputSchema,
  SECRET_FIELDS,
  type Authorization,
  type AuthorizationKind,
  type AuthorizationSettings,
} from '../../contract/authorization';
import { MASK } from '../../contract/names';
import { certificateFacts } from '../../send/credentials/client-certificate';

type Fields = Record<string, unknown>;
type Texts = Record<string, string>;

export type AuthorizationRow = {
  documentId: string;
  kind: AuthorizationKind;
  name: string;
  description: string | null;
  /** Not secret: texts, lists, records, or null. */
  fields: Fields | null;
  /** Encrypted. A secret that was left out, and an empty password, have no entry. */
  secrets: Texts | null;
  createdAt: string;
  updatedAt: string;
};

type Encrypt = (value: string) => string | null;

const partsOf = (settings: AuthorizationSettings) => {
  const { kind, name, description, ...rest } = settings;
  const isSecret = (field: string) => SECRET_FIELDS[kind].includes(field);
  const entries = Object.entries(rest);
  return {
    head: { kind, name, description },
    fields: Object.fromEntries(entries.filter(([field]) => !isSecret(field))),
    secrets: entries.filter(
      (entry): entry is [string, string] =>
        isSecret(entry[0]) && entry[1] !== null && entry[1] !== '',
    ),
  };
};

/** The schema's defaults for fields that are not there: a row may be older than a field of its kind. */
const defaultsOf = (kind: AuthorizationKind): Fields => {
  const shape = authorizationInputSchema.options.find(
    (option) => option.shape.kind.value === kind,
  )?.shape;
  const absent = Object.entries(shape ?? {}).map(
    ([field, schema]) => [field, schema.safeParse(undefined)] as const,
  );
  return Object.fromEntries(
    absent.flatMap(([field, { success, data }]) => (success ? [[field, data]] : [])),
  );
};

/** A stored secret of another kind does not count. */
const storedSecret = (
  { kind }: AuthorizationSettings,
  stored: AuthorizationRow | null,
  field: string,
): string | null => (stored?.kind === kind ? (stored.secrets?.[field] ?? null) : null);

/** The secrets that were sent back as the mask though nothing is stored for them. */
export const missingSecrets = (
  settings: AuthorizationSettings,
  stored: AuthorizationRow | null,
): string[] =>
  partsOf(settings).secrets.flatMap(([field, value]) =>
    value === MASK && storedSecret(settings, stored, field) === null ? [field] : [],
  );

/** Null if there is no key to encrypt with. The mask keeps what is stored. */
export const storedOf = (
  settings: AuthorizationSettings,
  stored: AuthorizationRow | null,
  encrypt: Encrypt,
) => {
  const { head, fields, secrets } = partsOf(settings);
  const encrypted = secrets.map(([field, value]) => [
    field,
    value === MASK ? storedSecret(settings, stored, field) : encrypt(value),
  ]);
  if (encrypted.some(([, value]) => value === null)) return null;
  return { ...head, fields, secrets: Object.fromEntries(encrypted) as Texts };
};

/** The settings as an administrator sees them: the mask for a stored secret; if none is stored, '' for a password, else null. */
export const maskedOf = ({ kind, name, description, ...row }: AuthorizationRow) =>
  ({
    ...defaultsOf(kind),
    kind,
    name,
    description: description ?? '',
    ...row.fields,
    ...Object.fromEntries(
      SECRET_FIELDS[kind].map((field) => {
        const unstored = field === 'password' ? '' : null;
        return [field, row.secrets?.[field] ? MASK : unstored];
      }),
    ),
  }) as AuthorizationSettings;

export const authorizationOf = (
  row: AuthorizationRow,
  webhooks: Authorization['webhooks'],
): Authorization => {
  const settings = maskedOf(row);
  return {
    id: row.documentId,
    ...settings,
    certificateFacts:
      settings.kind === 'clientCertificate' ? certificateFacts(settings.certificate) : null,
    webhooks,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
};

/** With its secrets in the clear, for a request; null if one cannot be decrypted. */
export const settingsOf = (
  row: AuthorizationRow,
  decrypt: Encrypt,
): AuthorizationSettings | null => {
  const secrets = Object.entries(row.secrets ?? {}).map(
    ([field, value]) => [field, decrypt(value)] as const,
  );
  if (secrets.some(([, value]) => value === null)) return null;
  return { ...maskedOf(row), ...Object.fromEntries(secrets) } as AuthorizationSettings;
};

/** The settings that were sent, with the stored secret in place of each mask, if it can be read. */
export const unmasked = (
  settings: AuthorizationSettings,
  stored: AuthorizationSettings | null,
): AuthorizationSettings => {
  const known: Fields = stored?.kind === settings.kind ? stored : {};
  const kept = SECRET_FIELDS[settings.kind]
    .filter((field) => (settings as Fields)[field] === MASK && field in known)
    .map((field) => [field, known[field]]);
  return { ...settings, ...Object.fromEntries(kept) };
};
