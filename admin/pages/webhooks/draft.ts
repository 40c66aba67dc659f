/** A webhook as the form edits it, and the way from and to the contract's shapes. */
import type { z } from 'zod';
import { conditionSchema, isAnd, isNot, isOr, type Filter } from '../../../server/contract/filter';
import { MASK } from '../../../server/contract/names';
import {
  headerNameProblem,
  webhookInputSchema,
  type Headers,
  type HeaderValue,
  type Webhook,
  type WebhookInput,
  type WebhookKind,
  type WebhookSettings,
} from '../../../server/contract/webhook';
import { inWords } from '../../../server/contract/api';
import { fieldProblems, type FieldProblems } from '../../services/problem';
import type { HeaderRow } from '../../components/headers-editor';
import { filterOf, nextKey, treeOf, type GroupNode } from './filter/tree';

export type Draft = Omit<WebhookSettings, 'headers' | 'filter'> & {
  headers: HeaderRow[];
  filter: GroupNode | null;
};

const MAX_NAME = 200;

export const blankHeader = (): HeaderRow => ({
  key: nextKey(),
  name: '',
  value: '',
  secret: false,
  isStored: false,
});

/** The mask is no text to edit: it becomes an empty input that says that a value is stored. */
const rowOf = (name: string, header: HeaderValue): HeaderRow => {
  const { value, secret } = typeof header === 'string' ? { value: header, secret: false } : header;
  const isStored = secret && value === MASK;
  return { key: nextKey(), name, value: isStored ? '' : value, secret, isStored };
};

const rowsOf = (headers: Headers): HeaderRow[] =>
  Object.entries(headers).map(([name, header]) => rowOf(name, header));

const headerOf = ({ value, secret, isStored }: HeaderRow): HeaderValue =>
  secret ? { value: isStored && value === '' ? MASK : value, secret } : value;

const headersOf = (rows: readonly HeaderRow[]): Headers =>
  Object.fromEntries(
    rows
      .filter(({ name, value }) => name !== '' || value !== '')
      .map((row) => [row.name, headerOf(row)]),
  );

/** What may be sent back of a webhook that was read: its settings, without id, health and times. */
export const settingsOf = (webhook: Webhook): WebhookSettings => ({
  kind: webhook.kind,
  name: webhook.name,
  description: webhook.description,
  enabled: webhook.enabled,
  url: webhook.url,
  headers: webhook.headers,
  serialization: webhook.serialization,
  format: webhook.format,
  authorization: webhook.authorization,
  signing: webhook.signing,
  events: webhook.events,
  contentTypes: webhook.contentTypes,
  locales: webhook.locales,
  filter: webhook.filter,
  maxAttempts: webhook.maxAttempts,
  rateLimit: webhook.rateLimit,
  ordered: webhook.ordered,
  workflow: webhook.workflow,
  state: webhook.state,
  command: webhook.command,
  onError: webhook.onError,
  mode: webhook.mode,
  timeout: webhook.timeout,
});

const draftFrom = (settings: WebhookSettings): Draft => ({
  ...settings,
  headers: rowsOf(settings.headers),
  filter: treeOf(settings.filter),
});

export const draftOf = (webhook: Webhook): Draft => draftFrom(settingsOf(webhook));

/** A stored value cannot be copied: nobody is shown it. */
const withoutStored = (row: HeaderRow): HeaderRow => ({ ...row, isStored: false });

/**
 * A copy to be made into another webhook. Secrets are left empty, to be entered again: those of headers, and what the
 * URL's query hides. It is off, so that saving it calls the same receiver twice only once somebody wants that.
 */
export const copyOf = (webhook: Webhook, name: string): Draft => {
  const draft = draftOf(webhook);
  return {
    ...draft,
    name: name.slice(0, MAX_NAME),
    enabled: false,
    url: webhook.url.replaceAll(`=${MASK}`, '='),
    headers: draft.headers.map(withoutStored),
  };
};

/** What a webhook of a workflow hangs on. */
export type Place = Pick<WebhookSettings, 'workflow' | 'state' | 'command'>;

const NOWHERE: Place = { workflow: null, state: null, command: null };

export const newDraft = (kind: WebhookKind = 'event', place: Partial<Place> = {}): Draft => ({
  kind,
  name: '',
  description: '',
  enabled: true,
  url: '',
  headers: [],
  serialization: 'json',
  format: 'standard',
  authorization: null,
  signing: 'none',
  events: [],
  contentTypes: [],
  locales: [],
  filter: null,
  maxAttempts: 10,
  rateLimit: null,
  ordered: false,
  ...NOWHERE,
  onError: 'refuse',
  mode: 'enforce',
  timeout: null,
  ...place,
});

const OF_SOME_KINDS = [
  'events',
  'workflow',
  'state',
  'command',
  'onError',
  'mode',
  'timeout',
  'maxAttempts',
  'rateLimit',
  'ordered',
] as const;
type OfSomeKinds = (typeof OF_SOME_KINDS)[number];

/** Of what is delivered, and not asked. */
const QUEUED = ['maxAttempts', 'rateLimit', 'ordered'] as const;

const OWN: Record<WebhookKind, readonly OfSomeKinds[]> = {
  event: ['events', ...QUEUED],
  submit: ['workflow', 'state', 'command', ...QUEUED],
  validation: ['workflow', 'command', 'onError', 'mode', 'timeout'],
};

/**
 * What a kind has no use for goes back to its default on the way out. The draft keeps it, so that choosing another
 * kind and coming back loses nothing.
 */
const withoutForeign = (draft: Draft): Draft => {
  const blank = newDraft(draft.kind);
  const foreign = OF_SOME_KINDS.filter((name) => !OWN[draft.kind].includes(name));
  return { ...draft, ...Object.fromEntries(foreign.map((name) => [name, blank[name]])) };
};

export const inputOf = (draft: Draft): WebhookInput => ({
  ...withoutForeign(draft),
  headers: headersOf(draft.headers),
  filter: draft.filter && filterOf(draft.filter),
});

export const isSameDraft = (one: Draft, other: Draft) =>
  JSON.stringify(inputOf(one)) === JSON.stringify(inputOf(other));

/** What may be kept in the browser. The rows of a form are numbered anew when it is opened again. */
export type KeptDraft = Omit<Draft, 'headers' | 'filter'> & {
  headers: Headers;
  filter: Filter | null;
};

/** Values in the query of a URL may be secret; those that are stored are shown as the mask. */
const withoutQueryValues = (url: string): string =>
  url.replace(/([?&][^=&]*=)([^&#]*)/g, (part, name: string, value: string) =>
    value === MASK ? part : name,
  );

const withoutSecret = (row: HeaderRow): HeaderRow => (row.secret ? { ...row, value: '' } : row);

/** A secret header that was stored stays as it is stored; any other secret is to be entered again. */
export const toKeep = (draft: Draft): { draft: KeptDraft; lacksSecrets: boolean } => {
  const url = withoutQueryValues(draft.url);
  const headers = draft.headers.map(withoutSecret);
  const filter = draft.filter && filterOf(draft.filter);
  const lacksSecrets =
    url !== draft.url || draft.headers.some(({ secret, value }) => secret && value !== '');
  return { draft: { ...draft, url, headers: headersOf(headers), filter }, lacksSecrets };
};

export const draftKept = ({ headers, filter, ...settings }: KeptDraft): Draft =>
  draftFrom({ ...settings, headers, filter });

type Issue = { path: PropertyKey[]; message: string };

const issuesOf = (error: z.ZodError): Issue[] =>
  error.issues.map(({ path, message }) => ({ path: [...path], message }));

/** The schema of a filter is a union, which would only say "invalid input": so each condition is asked by itself. */
const filterIssues = (filter: Filter, path: PropertyKey[]): Issue[] => {
  const parts = (list: Filter[], word: string) =>
    list.flatMap((part, index) => filterIssues(part, [...path, word, index]));
  if (isAnd(filter)) return parts(filter.and, 'and');
  if (isOr(filter)) return parts(filter.or, 'or');
  if (isNot(filter)) return filterIssues(filter.not, [...path, 'not']);
  const checked = conditionSchema.safeParse(filter, { error: inWords });
  return checked.success
    ? []
    : issuesOf(checked.error).map((issue) => ({ ...issue, path: [...path, ...issue.path] }));
};

/** A record holds a name once, so rows of the same name are found before they become one. */
const twiceIssues = (rows: readonly HeaderRow[]): Issue[] =>
  rows
    .filter(({ name }, index) => rows.findIndex((row) => row.name === name) < index)
    .filter(({ name }) => headerNameProblem(name) === null)
    .map(({ name }) => ({ path: ['headers', name], message: `"${name}" is there twice.` }));

/** The same messages at the same paths as the server's, before anything is sent. */
export const problemsIn = (draft: Draft): FieldProblems => {
  const filter = draft.filter && filterOf(draft.filter);
  const checked = webhookInputSchema.safeParse(
    { ...inputOf(draft), filter: null },
    { error: inWords },
  );
  return fieldProblems([
    ...(checked.success ? [] : issuesOf(checked.error)),
    ...(filter ? filterIssues(filter, ['filter']) : []),
    ...twiceIssues(draft.headers),
  ]);
};
