/** Workflows: the states of a document, and the commands that move it from one to the next. */
import { z } from 'zod';
import { graphProblems } from './workflow-graph';

/** The workflow of every draft-and-publish type without one of its own; no row of it is stored. */
export const PUBLICATION = 'publication';
/** Ids of a licensed project's own review workflows start so. */
export const REVIEW_WORKFLOWS_PREFIX = 'review-workflows:';
/** A move to a stage of a review workflow is the command of this prefix and the stage's id. */
export const MOVE_TO_PREFIX = 'move-to:';

export const ON_ENTER = ['publish', 'unpublish'] as const;
export const COMMENT_RULES = ['none', 'optional', 'required'] as const;
export type OnEnter = (typeof ON_ENTER)[number] | null;
export type CommentRule = (typeof COMMENT_RULES)[number];

export const MAX_STATES = 50;
export const MAX_COMMANDS = 200;
/** Of a comment, in characters. */
export const MAX_COMMENT = 5000;

const KEY = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;
const KEY_EXPECTED =
  'Expected a key of letters, digits, dashes and underscores, such as "in-review"; at most 64.';
const key = z.string(KEY_EXPECTED).regex(KEY, KEY_EXPECTED);
const name = (what: string) =>
  z
    .string(`Expected a name of the ${what}.`)
    .trim()
    .min(1, `Give the ${what} a name.`)
    .max(100, 'At most 100 characters.');

const COLOR_EXPECTED = 'Expected a colour such as "#4945ff".';

export const workflowStateSchema = z.strictObject({
  key,
  name: name('state'),
  color: z
    .string(COLOR_EXPECTED)
    .regex(/^#[0-9A-Fa-f]{6}$/, COLOR_EXPECTED)
    .default('#4945ff'),
  final: z.boolean('Expected true or false.').default(false),
  onEnter: z.enum(ON_ENTER, 'Expected "publish", "unpublish" or null.').nullable().default(null),
});
export type WorkflowState = z.output<typeof workflowStateSchema>;

export const workflowCommandSchema = z.strictObject({
  key,
  name: name('command'),
  from: z
    .array(key, 'Expected a list of state keys.')
    .min(1, 'Choose at least one state.')
    .max(MAX_STATES, `At most ${MAX_STATES} states.`),
  to: key,
  /** Ids of admin roles, or their codes; empty: all who may update the document. */
  roles: z
    .array(z.union([z.int(), z.string().min(1).max(200)], 'Expected the id or code of a role.'))
    .max(100)
    .default([]),
  comment: z.enum(COMMENT_RULES, 'Expected "none", "optional" or "required".').default('optional'),
});
export type WorkflowCommand = Omit<z.output<typeof workflowCommandSchema>, 'roles'> & {
  roles: number[];
};

const settingsSchema = z.strictObject({
  name: name('workflow'),
  contentTypes: z.array(z.string().max(200)).max(500).default([]),
  initialState: key,
  states: z
    .array(workflowStateSchema, 'Expected a list of states.')
    .min(1, 'A workflow needs at least one state.')
    .max(MAX_STATES, `At most ${MAX_STATES} states.`),
  commands: z
    .array(workflowCommandSchema, 'Expected a list of commands.')
    .max(MAX_COMMANDS, `At most ${MAX_COMMANDS} commands.`)
    .default([]),
  /**
   * Where documents in a removed state go, and what webhooks on a removed state or command are set to:
   * `{ "<removed key>": "<key that stays>" }`. Of a content type that is taken out: `{ "<uid>": "publication" }`.
   */
  moveTo: z.record(z.string(), z.string()).default({}),
});

export const workflowInputSchema = settingsSchema.superRefine((settings, context) => {
  for (const { path, message } of graphProblems(settings)) {
    context.addIssue({ code: 'custom', path, message });
  }
});

/** What an administrator sends to make or to change a workflow (PUT replaces it whole). */
export type WorkflowInput = z.input<typeof workflowInputSchema>;
export type WorkflowSettings = z.output<typeof workflowInputSchema>;

/** A workflow's graph, wherever it comes from. */
export type WorkflowGraph = {
  name: string;
  initialState: string;
  states: WorkflowState[];
  commands: WorkflowCommand[];
};

/** What stands in the way of removing something: documents by state, webhooks by state or command. */
export type WorkflowUsage = {
  /** How many documents (per locale) are in each state; the initial one counts only those that came back to it. */
  documents: Record<string, number>;
  /** How many documents (per locale) of each content type have a state of it; types without any are left out. */
  contentTypes: Record<string, number>;
  webhooks: {
    id: string;
    name: string;
    kind: string;
    state: string | null;
    command: string | null;
  }[];
};

export type Workflow = WorkflowGraph & {
  id: string;
  contentTypes: string[];
  usage: WorkflowUsage;
  createdAt: string;
  updatedAt: string;
};

/** GET /workflows/choices: every workflow a submit or validation webhook can hang on, with its roles' names. */
export type WorkflowChoice = {
  id: string;
  name: string;
  contentTypes: string[];
  states: { key: string; name: string; color: string; final: boolean }[];
  commands: { key: string; name: string; from: string[]; to: string }[];
};
export type RoleChoice = { id: number; code: string; name: string };
export type WorkflowChoices = {
  workflows: WorkflowChoice[];
  roles: RoleChoice[];
};

/** The query of DELETE /workflows/:id. Documents in states of it need to be told where they go. */
export const workflowDeleteSchema = z.object({
  moveTo: z
    .literal(
      PUBLICATION,
      `Expected "${PUBLICATION}": its documents lose their states and are published as before.`,
    )
    .optional(),
});
