/** Replications: named copies of this Strapi's content to another Strapi, and their runs. */
import { z } from 'zod';
import { oneOf } from './api';
import { urlProblem } from './webhook';

/** Strapi's transfer groups: documents and relations, uploaded files, settings. */
export const TRANSFER_GROUPS = ['content', 'files', 'config'] as const;
export type TransferGroup = (typeof TRANSFER_GROUPS)[number];

const groups = z
  .array(oneOf(TRANSFER_GROUPS), 'Expected a list of "content", "files" and "config".')
  .max(TRANSFER_GROUPS.length, 'Each group at most once.')
  .default([]);

export const CRON_EXPECTED =
  'Expected a cron expression of five fields, such as "0 3 * * *" for every day at 03:00 UTC.';

const DESTINATION_EXPECTED =
  'Expected the URL of the other Strapi\'s admin panel, as in "https://cms.example.com/admin".';

function destinationProblem(text: string): string | null {
  if (!URL.canParse(text)) return DESTINATION_EXPECTED;
  const { search, pathname } = new URL(text);
  if (search) return `A query (after "?") does not belong here. ${DESTINATION_EXPECTED}`;
  if (/\/(auth|settings|content-manager)(\/|$)/.test(pathname))
    return `This is a page of the admin panel. ${DESTINATION_EXPECTED}`;
  return urlProblem(text);
}

const destinationSchema = z
  .string(DESTINATION_EXPECTED)
  .trim()
  .max(2000, 'At most 2,000 characters.')
  .superRefine((text, context) => {
    const problem = destinationProblem(text);
    if (problem) context.addIssue({ code: 'custom', message: problem });
  });

const baseSchema = z.strictObject({
  name: z
    .string('Expected a name.')
    .trim()
    .min(1, 'Give the replication a name.')
    .max(200, 'At most 200 characters.'),
  /** The URL of the other Strapi's admin panel, such as https://cms.example.com/admin. */
  destination: destinationSchema,
  /** A transfer token of the other Strapi, with "Push" or full access. Write-only: the mask keeps the stored one. */
  token: z
    .string('Expected a transfer token of the destination.')
    .trim()
    .min(1, 'Enter a transfer token of the destination.')
    .max(1000, 'At most 1,000 characters.')
    .regex(/^[\x21-\x7e]*$/, 'Expected one line of printable ASCII characters without spaces.'),
  /** Only these groups; empty: all. */
  only: groups,
  exclude: groups,
  /** In UTC; null: no schedule. */
  cron: z
    .preprocess(
      (value) => (typeof value === 'string' && value.trim() === '' ? null : value),
      z.string(CRON_EXPECTED).trim().max(200, CRON_EXPECTED).nullable(),
    )
    .default(null),
});

function checkGroups(
  { only, exclude }: Record<'only' | 'exclude', TransferGroup[]>,
  context: z.RefinementCtx,
) {
  const complain = (path: string, message: string) =>
    context.addIssue({ code: 'custom', path: [path], message });
  if (only.length > 0 && exclude.length > 0)
    complain('exclude', 'Choose either what is copied, or what is left out, not both.');
  if (new Set(exclude).size === TRANSFER_GROUPS.length)
    complain('exclude', 'Nothing would be left to copy. Take at least one group out.');
}

/** The body of PUT /replications/:id. */
export const replicationSettingsSchema = baseSchema.superRefine(checkGroups);
export type ReplicationSettings = z.output<typeof replicationSettingsSchema>;

/** The body of POST /replications. `run` starts it at once. */
export const replicationInputSchema = baseSchema
  .extend({ run: z.boolean('Expected true or false.').default(false) })
  .superRefine(checkGroups);
export type ReplicationInput = z.input<typeof replicationInputSchema>;

export const replicationQuerySchema = z.object({ search: z.string().max(200).optional() });
export type ReplicationQuery = z.output<typeof replicationQuerySchema>;

export type RunState = 'running' | 'completed' | 'failed' | 'cancelled';

/** The stages of a run in their order; `start` until Strapi's engine copies. */
export type RunStage = 'start' | 'schemas' | 'entities' | 'assets' | 'links' | 'configuration';

/** `count`: the copied items of this stage. */
export type RunProgress = { stage: RunStage; count: number };

export type ReplicationRun = {
  id: string;
  trigger: 'manual' | 'scheduled';
  state: RunState;
  /** ISO 8601. */
  startedAt: string;
  finishedAt: string | null;
  /** The current stage, or the last one. */
  progress: RunProgress;
  /** Documents by content type; empty until the run ends. */
  counts: Record<string, number>;
  error: string | null;
  /** A user cancelled the run, and it has not ended yet. */
  isEnding: boolean;
};

export type Replication = ReplicationSettings & {
  id: string;
  lastRun: ReplicationRun | null;
  /** ISO 8601; null without a cron expression. */
  nextRunAt: string | null;
  createdAt: string;
  updatedAt: string;
};
