/** A document's place in its workflow, as the editor's panel shows it. */
import { z } from 'zod';
import { MAX_COMMENT, type CommentRule } from './workflow';
import type { HistoryEntry, Verdict } from './verdict';

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
