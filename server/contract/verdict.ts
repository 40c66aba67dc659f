/** What validation endpoints answer, and what their answers mean for a document. */
import type { Actor } from './event';

/**
 * `unreadable`: the endpoint answered 2xx, and its body says neither yes nor no · `noAnswer`: another status, a time-out,
 * no connection. For both, `onError` decides.
 */
export const VERDICT_KINDS = ['allowed', 'refused', 'noAnswer', 'unreadable'] as const;
export type VerdictKind = (typeof VERDICT_KINDS)[number];

/** Whether the endpoint decided nothing, so that `onError` does. */
export const isUndecided = (kind: VerdictKind): boolean =>
  kind === 'noAnswer' || kind === 'unreadable';

/** Why an answer is unreadable. */
export const UNREADABLE_CODES = [
  'answer-empty',
  'answer-web-page',
  'answer-no-object',
  'answer-without-verdict',
  'answer-not-boolean',
  'answer-contradictory',
  'answer-too-long',
  'answer-incomplete',
] as const;
export type UnreadableCode = (typeof UNREADABLE_CODES)[number];

/** What a validation's failure to answer means. */
export const ON_ERROR = ['refuse', 'allow'] as const;
export type OnError = (typeof ON_ERROR)[number];

/** `enforce` decides, `warn` only warns the editor, `audit` is only recorded. */
export const MODES = ['enforce', 'warn', 'audit'] as const;
export type Mode = (typeof MODES)[number];

/** `path` is a field of the document with full stops, such as "seo.metaTitle"; null where the endpoint named none. */
export type FieldMessage = { path: string | null; message: string };

export type Verdict = {
  webhook: { id: string; name: string };
  kind: VerdictKind;
  mode: Mode;
  onError: OnError;
  /** The endpoint's own words; if it decided nothing, what happened instead and what was expected. */
  message: string;
  /** Of an unreadable answer. Older entries of a history have none. */
  code?: UnreadableCode;
  errors: FieldMessage[];
  warnings: string[];
  durationMs: number;
};

export type HistoryOutcome = 'moved' | 'refused' | 'bypassed' | 'reset';

/** `command`, `from` and `to` are keys; their names are those of then, whatever became of the workflow. */
export type HistoryEntry = {
  at: string;
  actor: Actor;
  command: string | null;
  commandName: string | null;
  from: string;
  fromName: string;
  to: string;
  toName: string;
  comment: string | null;
  outcome: HistoryOutcome;
  verdicts: Verdict[];
};
