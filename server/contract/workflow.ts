/** Workflows: the states of a document, and the commands that move it from one to the next. */
import { z } from 'zod';
import { oneOf } from './api';
import { graphProblems } from './workflow-graph';

/** The workflow of every draft-and-publish type without one of its own; no row of it is stored. */
export const PUBLICATION = 'publication';
/** The prefix of the ids of a licensed project's own review workflows. */
export const REVIEW_WORKFLOWS_PREFIX = 'review-workflows:';
/** The command that moves to a stage of a review workflow: this prefix and the stage's id. */
export const MOVE_TO_PREFIX = 'move-to:';

export const ON_ENTER = ['publish', 'unpublish'] as const;
export const COMMENT_RULES = ['none', 'optional', 'required'] as const;
export type OnEnter = (typeof ON_ENTER)[number] | null;
export type CommentRule = (typeof COMMENT_RULES)[number];

const MAX_STATES = 50;
const MAX_COMMANDS = 200;
/** Characters of a comment. */
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

const workflowStateSchema = z.strictObject({
  key,
  name: name('state'),
  color: z
    .string(COLOR_EXPECTED)
    .regex(/^#[0-9A-Fa-f]{6}$/, COLOR_EXPECTED)
    .default('#4945ff'),
  final: z.boolean('Expected true or false.').default(false),
  onEnter: oneOf(ON_ENTER, 'null').nullable().default(null),
});
export type WorkflowState = z.output<typeof workflowStateSchema>;

const workflowCommandSchema = z.strictObject({
  key,
  name: name('command'),
  from: z
    .array(key, 'Expected a list of state keys.')
    .min(1, 'Choose at least one state.')
    .max(MAX_STATES, `At most ${MAX_STATES} states.`),
  to: key,
  /** Ids or codes of admin roles; empty: everybody who may update the document. */
  roles: z
    .array(z.union([z.int(), z.string().min(1).max(200)], 'Expected the id or code of a role.'))
    .max(100)
    .default([]),
  comment: oneOf(COMMENT_RULES).default('optional'),
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
   * Moves documents out of a removed state, and webhooks to another state or command: `{ "<removed key>": "<remaining
   * key>" }`. For a removed content type: `{ "<uid>": "publication" }`.
   */
  moveTo: z.record(z.string(), z.string()).default({}),
});

export const workflowInputSchema = settingsSchema.superRefine((settings, context) => {
  for (const { path, message } of graphProblems(settings)) {
    context.addIssue({ code: 'custom', path, message });
  }
});

/** The body of POST /workflows and of PUT /workflows/:id, which replaces the whole workflow. */
export type WorkflowInput = z.input<typeof workflowInputSchema>;
export type WorkflowSettings = z.output<typeof workflowInputSchema>;

/** The graph of a stored workflow, of the publication, or of a review workflow. */
export type WorkflowGraph = Pick<WorkflowSettings, 'name' | 'initialState' | 'states'> & {
  commands: WorkflowCommand[];
};

/** Documents and webhooks that keep a state, a command or a content type from being removed. */
export type WorkflowUsage = {
  /** Documents (per locale) by state; the initial state counts only those that came back to it. */
  documents: Record<string, number>;
  /** Documents (per locale) with a state, by content type; types without any are left out. */
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

/** GET /workflows/choices: every workflow that submit and validation webhooks can use, and the roles. */
export type WorkflowChoice = {
  id: string;
  name: string;
  contentTypes: string[];
  states: Omit<WorkflowState, 'onEnter'>[];
  commands: Pick<WorkflowCommand, 'key' | 'name' | 'from' | 'to'>[];
};
export type RoleChoice = { id: number; code: string; name: string };
export type WorkflowChoices = { workflows: WorkflowChoice[]; roles: RoleChoice[] };

/** The query of DELETE /workflows/:id. It is required if documents are in states of the workflow. */
export const workflowDeleteSchema = z.object({
  moveTo: z
    .literal(
      PUBLICATION,
      `Expected "${PUBLICATION}": its documents lose their states and are published as before.`,
    )
    .optional(),
});
