/** An authorization while it is edited: the form's values, what they become, and what is wrong with them. */
import {
  authorizationInputSchema,
  SECRET_FIELDS,
  type Authorization,
  type AuthorizationInput,
  type AuthorizationKind,
} from '../../../server/contract/authorization';
import { MASK } from '../../../server/contract/names';
import { inWords } from '../../../server/contract/api';
import { fieldProblems, type FieldProblems } from '../../services/problem';
import type { NamedValue } from '../../components/named-values';
import { linesOf, textOf } from '../../components/lines';

/** Which of the two URLs says where tokens are asked for. */
export type TokenSource = 'tokenUrl' | 'authorityUrl';

/** The fields of every kind, so that switching kinds to and fro loses nothing that was typed. */
export type Draft = {
  kind: AuthorizationKind;
  name: string;
  description: string;
  /** One a line, as are the base addresses. */
  allowedHosts: string;
  username: string;
  password: string;
  token: string;
  key: string;
  value: string;
  in: 'header' | 'query';
  tokenSource: TokenSource;
  tokenUrl: string;
  authorityUrl: string;
  clientId: string;
  clientSecret: string;
  clientAuthentication: 'client_secret_basic' | 'client_secret_post';
  scope: string;
  headerPrefix: string;
  additionalBaseAddresses: string;
  parameters: NamedValue[];
  certificate: string;
  privateKey: string;
  passphrase: string;
  /** An empty field keeps the stored passphrase, so taking it away is said by itself. */
  dropsPassphrase: boolean;
  ca: string;
};
export type DraftField = keyof Draft;

/** The fields of the contract that the form holds as one line or several of text. */
export type TextField =
  | 'username'
  | 'password'
  | 'token'
  | 'key'
  | 'value'
  | 'tokenUrl'
  | 'authorityUrl'
  | 'clientId'
  | 'clientSecret'
  | 'scope'
  | 'headerPrefix'
  | 'certificate'
  | 'privateKey'
  | 'passphrase'
  | 'ca';

const OAUTH = [
  'tokenUrl',
  'authorityUrl',
  'additionalBaseAddresses',
  'clientId',
  'clientSecret',
  'clientAuthentication',
  'scope',
  'headerPrefix',
  'parameters',
] as const;

/** What a kind has besides name, description and hosts. */
export const KIND_FIELDS = {
  basic: ['username', 'password'],
  digest: ['username', 'password'],
  bearer: ['token'],
  apiKey: ['key', 'value', 'in'],
  oauth2ClientCredentials: OAUTH,
  oauth2Password: [...OAUTH, 'username', 'password'],
  clientCertificate: ['certificate', 'privateKey', 'passphrase', 'ca'],
} as const satisfies Record<AuthorizationKind, readonly DraftField[]>;

export const AUTHORIZATION_KINDS = Object.keys(KIND_FIELDS) as AuthorizationKind[];

const EMPTY: Draft = {
  kind: 'basic',
  name: '',
  description: '',
  allowedHosts: '',
  username: '',
  password: '',
  token: '',
  key: '',
  value: '',
  in: 'header',
  tokenSource: 'tokenUrl',
  tokenUrl: '',
  authorityUrl: '',
  clientId: '',
  clientSecret: '',
  clientAuthentication: 'client_secret_basic',
  scope: '',
  headerPrefix: 'Bearer',
  additionalBaseAddresses: '',
  parameters: [],
  certificate: '',
  privateKey: '',
  passphrase: '',
  dropsPassphrase: false,
  ca: '',
};

const isSecretOf = (kind: AuthorizationKind, field: DraftField) =>
  SECRET_FIELDS[kind].includes(field);

/** Whether the server holds this secret already. Another kind has other secrets, so it starts without. */
export const isStored = (stored: Authorization | null, { kind }: Draft, field: DraftField) => {
  if (stored?.kind !== kind || !isSecretOf(kind, field)) return false;
  return (stored as Partial<Record<DraftField, unknown>>)[field] === MASK;
};

const SECRETS = [...new Set(Object.values(SECRET_FIELDS).flat())] as TextField[];

/** What may be kept in the browser: all but the secrets. */
export const toKeep = (draft: Draft): { draft: Draft; lacksSecrets: boolean } => {
  const blank = Object.fromEntries(SECRETS.map((field) => [field, '']));
  return {
    draft: { ...draft, ...blank },
    lacksSecrets: SECRETS.some((field) => draft[field] !== ''),
  };
};

type KnownField = Exclude<DraftField, 'tokenSource' | 'dropsPassphrase'>;

/** One value of the contract as the form holds it. Of `parameters` the place is the key: it stays while they are edited. */
const heldAs = (field: KnownField, value: unknown) => {
  if (field === 'allowedHosts' || field === 'additionalBaseAddresses') {
    return textOf(value as string[]);
  }
  if (field === 'parameters') {
    const entries = Object.entries(value as Record<string, string>);
    return entries.map(([name, text], at) => ({ key: `stored-${at}`, name, value: text }));
  }
  return value ?? '';
};

const isKnown = ([field]: [string, unknown]) => field in EMPTY;

/** Stored secrets are empty in the draft: a mask in the field would be edited into a wrong secret. */
export const draftOf = (stored: Authorization | null): Draft => {
  if (!stored) return EMPTY;
  const secrets = Object.fromEntries(SECRET_FIELDS[stored.kind].map((field) => [field, '']));
  const known = Object.entries(stored)
    .filter(isKnown)
    .map(([field, value]) => [field, heldAs(field as KnownField, value)]);
  const isDiscovered = 'authorityUrl' in stored && stored.authorityUrl !== null;
  return {
    ...EMPTY,
    ...Object.fromEntries(known),
    ...secrets,
    tokenSource: isDiscovered ? 'authorityUrl' : 'tokenUrl',
  };
};

const parametersOf = (rows: readonly NamedValue[]) =>
  Object.fromEntries(
    rows
      .filter(({ name, value }) => name !== '' || value !== '')
      .map(({ name, value }) => [name, value]),
  );

const sentOf = (draft: Draft, stored: Authorization | null, field: DraftField): unknown => {
  const { tokenSource } = draft;
  switch (field) {
    case 'tokenUrl':
    case 'authorityUrl':
      return field === tokenSource ? draft[field] : null;
    case 'additionalBaseAddresses':
      return tokenSource === 'authorityUrl' ? linesOf(draft[field]) : [];
    case 'parameters':
      return parametersOf(draft.parameters);
    case 'passphrase':
      if (draft.dropsPassphrase) return null;
      break;
    case 'ca':
      return draft.ca.trim() === '' ? null : draft.ca;
  }
  const value = draft[field];
  return value === '' && isStored(stored, draft, field) ? MASK : value;
};

/** What is sent: the fields of its kind only; an untouched stored secret as the mask that keeps it. */
export const inputOf = (draft: Draft, stored: Authorization | null): AuthorizationInput => {
  const { kind, name, description } = draft;
  const fields = KIND_FIELDS[kind].map((field) => [field, sentOf(draft, stored, field)]);
  const common = { kind, name, description, allowedHosts: linesOf(draft.allowedHosts) };
  return { ...common, ...Object.fromEntries(fields) } as AuthorizationInput;
};

type Issue = { path: PropertyKey[]; message: string };

/** A record holds a name once, so rows of the same name are found before they become one. */
const twiceIssues = ({ kind, parameters }: Draft): Issue[] =>
  (KIND_FIELDS[kind] as readonly string[]).includes('parameters')
    ? parameters
        .filter(
          ({ name }, at) => name !== '' && parameters.findIndex((row) => row.name === name) < at,
        )
        .map(({ name }) => ({ path: ['parameters', name], message: `"${name}" is there twice.` }))
    : [];

/** What the server would refuse, in its own words, before it is asked. */
export const issuesOf = (draft: Draft, stored: Authorization | null): Issue[] => [
  ...(authorizationInputSchema.safeParse(inputOf(draft, stored), { error: inWords }).error
    ?.issues ?? []),
  ...twiceIssues(draft),
];

export const isSameDraft = (stored: Authorization | null, one: Draft, other: Draft) =>
  JSON.stringify(inputOf(one, stored)) === JSON.stringify(inputOf(other, stored));

const shownFields = ({ kind, tokenSource }: Draft): string[] => {
  const hidden = tokenSource === 'tokenUrl' ? ['authorityUrl', 'additionalBaseAddresses'] : [];
  const own = (KIND_FIELDS[kind] as readonly string[]).filter((field) => !hidden.includes(field));
  return ['kind', 'name', 'description', 'allowedHosts', ...own];
};

export type ToldProblems = {
  fields: FieldProblems;
  /** Of what the form does not show: they would be lost, so they are told above it. */
  others: string[];
};

/** The missing URL is told at `tokenUrl`; the form shows it at the one of the two that is asked for. */
export const toldOf = (draft: Draft, problems: FieldProblems): ToldProblems => {
  const shown = shownFields(draft);
  const placed = Object.entries(problems).map(([path, message]): [string, string] => {
    const isElsewhere = path === 'tokenUrl' && draft.tokenSource === 'authorityUrl';
    return [isElsewhere ? 'authorityUrl' : path, message];
  });
  const isShown = ([path]: [string, string]) => shown.includes(path.split('.')[0] ?? '');
  return {
    fields: Object.fromEntries(placed.filter(isShown)),
    others: placed.filter((entry) => !isShown(entry)).map(([, message]) => message),
  };
};

/** By field, as the form marks them. */
export const problemsIn = (draft: Draft, stored: Authorization | null): ToldProblems =>
  toldOf(draft, fieldProblems(issuesOf(draft, stored)));
