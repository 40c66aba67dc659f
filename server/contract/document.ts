/** A document's place in its workflow, as the editor's panel shows it. */
import { z } from 'zod';
import { MAX_COMMENT, type CommentRule } from './workflow';
import type { Actor } from './event';

export type StateAnswer = { key: string; name: string; color: string; final: boolean };
export type CommandAnswer = { key: string; name: string; to: string; comment: CommentRule };

/** GET /documents/:uid/:documentId. */
export type DocumentWorkflow = {
  /** Null where the type has none: it is then published without states. */
  workflow: { id: string; name: string } | null;
  state: StateAnswer | null;
  /** Those that this user may run now. */
  commands: CommandAnswer[];
  /** Newest first. */
  history: HistoryEntry[];
  /** Every state of the workflow, to name the target of a command. */
  states: StateAnswer[];
  /** Whether any validation is asked for a command of this workflow: without one, a check has nothing to ask. */
  isValidated: boolean;
  /** Whether this user may publish past the workflow. */
  mayBypass: boolean;
  /** Who is running a command on this document right now. */
  busy: { by: string | null; command: string } | null;
};

/** POST /documents/:uid/:documentId/commands/:command. */
export const runCommandSchema = z.strictObject({
  comment: z
    .string('Expected a text.')
    .max(MAX_COMMENT, `A comment has at most ${MAX_COMMENT} characters.`)
    .nullish(),
  dryRun: z.boolean('Expected true or false.').default(false),
});
export type RunCommand = z.input<typeof runCommandSchema>;

export type CommandResult = { state: StateAnswer; verdicts: Verdict[]; warnings: string[] };

/** The details of the 400 that a refusal is; `errors` are as in any ValidationError of Strapi. */
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
    .max(MAX_COMMENT, `A comment has at most ${MAX_COMMENT} characters.`),
});

/** The most documents that a list asks for at once. */
export const MAX_STATES_ASKED = 200;

/** GET /documents/:uid?documentIds=a,b&locale=: the states of a page of a list, by document id. */
export const documentStatesSchema = z.object({
  documentIds: z
    .string('Expected document ids, separated by commas.')
    .transform((text) => text.split(',').filter(Boolean))
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

/** The list parameter by which the Content Manager's list is narrowed to one state. */
export const STATE_FILTER = 'workflowState';

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
