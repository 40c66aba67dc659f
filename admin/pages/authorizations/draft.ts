/** An authorization while it is edited: the form's values, what they become, and what is wrong with them. */
import {
  authorizationInputSchema,
  SECRET_FIELDS,
  type Authorization,
  type AuthorizationInput,
  type AuthorizationKind,
} from '../../../server/contract/authorization';
import { MASK } from '../../../server/contract/names';

/** The fields of every kind, so that switching kinds to and fro loses nothing that was typed. */
export type Draft = {
  kind: AuthorizationKind;
  name: string;
  description: string;
  username: string;
  password: string;
  token: string;
  key: string;
  value: string;
  in: 'header' | 'query';
};
export type DraftField = keyof Draft;

/** In the order in which the form shows them. */
export const KIND_FIELDS = {
  basic: ['username', 'password'],
  bearer: ['token'],
  apiKey: ['key', 'value', 'in'],
} as const satisfies Record<AuthorizationKind, readonly DraftField[]>;

export const AUTHORIZATION_KINDS = Object.keys(KIND_FIELDS) as AuthorizationKind[];

const EMPTY: Draft = {
  kind: 'basic',
  name: '',
  description: '',
  username: '',
  password: '',
  token: '',
  key: '',
  value: '',
  in: 'header',
};

const isSecretOf = (kind: AuthorizationKind, field: DraftField) =>
  SECRET_FIELDS[kind].includes(field);

/** Whether the server holds this secret already. Another kind has other secrets, so it starts without. */
export const isStored = (stored: Authorization | null, { kind }: Draft, field: DraftField) =>
  stored?.kind === kind && isSecretOf(kind, field);

/** Stored secrets are empty in the draft: a mask in the field would be edited into a wrong secret. */
export const draftOf = (stored: Authorization | null): Draft => {
  if (!stored) return EMPTY;
  const secrets = Object.fromEntries(SECRET_FIELDS[stored.kind].map((field) => [field, '']));
  const known = Object.entries(stored).filter(([field]) => field in EMPTY);
  return { ...EMPTY, ...Object.fromEntries(known), ...secrets };
};

/** What is sent: the fields of its kind only; an untouched stored secret as the mask that keeps it. */
export const inputOf = (draft: Draft, stored: Authorization | null): AuthorizationInput => {
  const { kind, name, description } = draft;
  const valueOf = (field: DraftField) =>
    draft[field] === '' && isStored(stored, draft, field) ? MASK : draft[field];
  const fields = KIND_FIELDS[kind].map((field) => [field, valueOf(field)]);
  return { kind, name, description, ...Object.fromEntries(fields) } as AuthorizationInput;
};

/** What the server would refuse, in its own words, before it is asked. */
export const issuesOf = (draft: Draft, stored: Authorization | null) =>
  authorizationInputSchema.safeParse(inputOf(draft, stored)).error?.issues ?? [];
