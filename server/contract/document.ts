/** A document in its workflow: its state, its commands, its history, and the verdicts of validations. */
import { z } from 'zod';
import { commaSeparated } from './api';
import { MAX_COMMENT, type CommentRule } from './workflow';
import type { Actor } from './event';

export type StateAnswer = { key: string; name: string; color: string; final: boolean };
export type CommandAnswer = { key: string; name: string; to: string; comment: CommentRule };

/** GET /documents/:uid/:documentId. */
export type DocumentWorkflow = {
  /** Null if the type has no workflow. */
  workflow: { id: string; name: string } | null;
  state: StateAnswer | null;
  /** The commands that this user may run now. */
  commands: CommandAnswer[];
  /** Newest first. */
  history: HistoryEntry[];
  /** Every state of the workflow. */
  states: StateAnswer[];
  /** Whether a command of this workflow calls a validation. Without any, a check has nothing to call. */
  isValidated: boolean;
  /** Whether this user may publish past the workflow. */
  mayBypass: boolean;
  /** The command that is running on this document now, and its user. */
  busy: { by: string | null; command: string } | null;
};

const COMMENT_LENGTH = `A comment has at most ${MAX_COMMENT} characters.`;

/** POST /documents/:uid/:documentId/commands/:command. */
export const runCommandSchema = z.strictObject({
  comment: z.string('Expected a text.').max(MAX_COMMENT, COMMENT_LENGTH).nullish(),
  dryRun: z.boolean('Expected true or false.').default(false),
});
export type RunCommand = z.input<typeof runCommandSchema>;

export type CommandResult = { state: StateAnswer; verdicts: Verdict[]; warnings: string[] };

/** `details` of a refusal's 400; `errors` are as in any ValidationError of Strapi. */
export type RefusalDetails = {
  verdicts: Verdict[];
  warnings: string[];
  errors: { path: string[]; message: string; name: string }[];
};

/** POST /documents/:uid/:documentId/bypass. */
export const bypassSchema = z.strictObject({
  comment: z
    .string('Say why the workflow is bypassed.')
    .trim()
    .min(1, 'Say why the workflow is bypassed.')
    .max(MAX_COMMENT, COMMENT_LENGTH),
});

/** The most documents in one query. */
export const MAX_STATES_ASKED = 200;

/** GET /documents/:uid?documentIds=a,b&locale=: the states of a page of a list, by document id. */
export const documentStatesSchema = z.object({
  documentIds: commaSeparated('Expected document ids, separated by commas.')
    .transform((ids) => ids.filter(Boolean))
    .pipe(z.array(z.string().max(64)).max(MAX_STATES_ASKED, `At most ${MAX_STATES_ASKED} at once.`))
    .default([]),
  locale: z.string().max(35).optional(),
});
export type DocumentStates = {
  workflow: { id: string; name: string } | null;
  /** Every state of the workflow, for the filter. */
  states: StateAnswer[];
  /** The commands that this user may run on documents in some state, for the bulk action. */
  commands: (CommandAnswer & { from: string[] })[];
  documents: Record<string, StateAnswer>;
};

/** The query parameter that narrows the Content Manager's list to one state. */
export const STATE_FILTER = 'workflowState';

/**
 * `unreadable`: the endpoint answered 2xx, and its body says neither yes nor no · `noAnswer`: another status, a time-out,
 * no connection. For both, `onError` decides.
 */
export const VERDICT_KINDS = ['allowed', 'refused', 'noAnswer', 'unreadable'] as const;
export type VerdictKind = (typeof VERDICT_KINDS)[number];

/** Whether the endpoint decided nothing, so that `onError` decides. */
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

/** Decides when a validation gave no readable answer. */
export const ON_ERROR = ['refuse', 'allow'] as const;

/** `enforce` refuses, `warn` only warns the editor, `audit` only records. */
export const MODES = ['enforce', 'warn', 'audit'] as const;
type Mode = (typeof MODES)[number];

/** `path` is a field of the document, such as "seo.metaTitle"; null if the endpoint named none. */
export type FieldMessage = { path: string | null; message: string };

export type Verdict = {
  webhook: { id: string; name: string };
  kind: VerdictKind;
  mode: Mode;
  onError: (typeof ON_ERROR)[number];
  /** The endpoint's message; without a decision, what happened and what was expected. */
  message: string;
  /** For an unreadable answer. Older entries of a history have none. */
  code?: UnreadableCode;
  errors: FieldMessage[];
  warnings: string[];
  durationMs: number;
};

export type HistoryOutcome = 'moved' | 'refused' | 'bypassed' | 'reset';

/** `command`, `from` and `to` are keys; their names are those at that time. */
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
