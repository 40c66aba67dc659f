/** An authorization as it is stored: what is secret apart from what is not, and encrypted. Pure. */
import {
  SECRET_FIELDS,
  type Authorization,
  type AuthorizationKind,
  type AuthorizationSettings,
} from '../contract/authorization';
import { MASK } from '../contract/names';

type Texts = Record<string, string>;

export type AuthorizationRow = {
  documentId: string;
  kind: AuthorizationKind;
  name: string;
  description: string | null;
  fields: Texts | null;
  secrets: Texts | null;
  createdAt: string;
  updatedAt: string;
};

type Encrypt = (value: string) => string | null;

const partsOf = (settings: AuthorizationSettings) => {
  const { kind, name, description, ...rest } = settings;
  const texts = Object.entries(rest) as [string, string][];
  const isSecret = ([field]: [string, string]) => SECRET_FIELDS[kind].includes(field);
  return {
    head: { kind, name, description },
    fields: Object.fromEntries(texts.filter((entry) => !isSecret(entry))),
    secrets: texts.filter(isSecret),
  };
};

/** Which secrets were sent back as the mask though nothing is stored for them. */
export const missingSecrets = (
  settings: AuthorizationSettings,
  stored: AuthorizationRow | null,
): string[] => {
  const isStored = (field: string) =>
    stored?.kind === settings.kind && Boolean(stored.secrets?.[field]);
  return partsOf(settings).secrets.flatMap(([field, value]) =>
    value === MASK && !isStored(field) ? [field] : [],
  );
};

/** Null if there is no key to encrypt with. The mask keeps what is stored. */
export const storedOf = (
  settings: AuthorizationSettings,
  stored: AuthorizationRow | null,
  encrypt: Encrypt,
) => {
  const { head, fields, secrets } = partsOf(settings);
  const encrypted = secrets.map(([field, value]) => [
    field,
    value === MASK ? (stored?.secrets?.[field] ?? null) : encrypt(value),
  ]);
  if (encrypted.some(([, value]) => value === null)) return null;
  return { ...head, fields, secrets: Object.fromEntries(encrypted) as Texts };
};

export const answerOf = (
  row: AuthorizationRow,
  webhooks: Authorization['webhooks'],
): Authorization => {
  const masks = Object.fromEntries(SECRET_FIELDS[row.kind].map((field) => [field, MASK]));
  return {
    id: row.documentId,
    kind: row.kind,
    name: row.name,
    description: row.description ?? '',
    ...row.fields,
    ...masks,
    webhooks,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  } as Authorization;
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
  const { kind, name, description } = row;
  return {
    kind,
    name,
    description: description ?? '',
    ...row.fields,
    ...Object.fromEntries(secrets),
  } as AuthorizationSettings;
};
