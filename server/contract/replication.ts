/** Replications: named copies of this Strapi's content to another Strapi, and what their runs came to. */
import { z } from 'zod';
import { urlProblem } from './webhook';

/** Strapi's transfer groups: documents and relations, uploaded files, settings. */
export const TRANSFER_GROUPS = ['content', 'files', 'config'] as const;
export type TransferGroup = (typeof TRANSFER_GROUPS)[number];

const groups = () =>
  z
    .array(
      z.enum(TRANSFER_GROUPS, 'Expected "content", "files" or "config".'),
      'Expected a list of "content", "files" and "config".',
    )
    .max(TRANSFER_GROUPS.length, 'Each group at most once.')
    .default([]);

export const CRON_EXPECTED =
  'Expected a cron expression of five fields, such as "0 3 * * *" for every day at 03:00 UTC.';

const DESTINATION_EXPECTED =
  'Expected the URL of the other Strapi\'s admin panel, as in "https://cms.example.com/admin".';

const destinationProblem = (text: string): string | null => {
  if (!URL.canParse(text)) return DESTINATION_EXPECTED;
  const { search, pathname } = new URL(text);
  if (search) return `A query (after "?") does not belong here. ${DESTINATION_EXPECTED}`;
  if (/\/(auth|settings|content-manager)(\/|$)/.test(pathname))
    return `This is a page of the admin panel. ${DESTINATION_EXPECTED}`;
  return urlProblem(text);
};

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
  /** A transfer token of the other Strapi, with "Push" or full access. Write-only: the mask keeps what is stored. */
  token: z
    .string('Expected a transfer token of the destination.')
    .trim()
    .min(1, 'Enter a transfer token of the destination.')
    .max(1000, 'At most 1,000 characters.')
    .regex(/^[\x21-\x7e]*$/, 'Expected one line of printable ASCII characters without spaces.'),
  /** Nothing but these groups; empty: all. */
  only: groups(),
  exclude: groups(),
  /** In UTC; null: by hand only. */
  cron: z
    .preprocess(
      (value) => (typeof value === 'string' && value.trim() === '' ? null : value),
      z.string(CRON_EXPECTED).trim().max(200, CRON_EXPECTED).nullable(),
    )
    .default(null),
});

type Groups = { only: TransferGroup[]; exclude: TransferGroup[] };

const checkGroups = ({ only, exclude }: Groups, context: z.RefinementCtx) => {
  const complain = (path: string, message: string) =>
    context.addIssue({ code: 'custom', path: [path], message });
  if (only.length > 0 && exclude.length > 0)
    complain('exclude', 'Choose either what is copied, or what is left out, not both.');
  if (new Set(exclude).size === TRANSFER_GROUPS.length)
    complain('exclude', 'Nothing would be left to copy. Take at least one group out.');
};

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

export const RUN_STATES = ['running', 'completed', 'failed', 'cancelled'] as const;
export type RunState = (typeof RUN_STATES)[number];

/** What a run is at, in this order; `start` until Strapi's engine has begun to copy. */
export const RUN_STAGES = [
  'start',
  'schemas',
  'entities',
  'assets',
  'links',
  'configuration',
] as const;
export type RunStage = (typeof RUN_STAGES)[number];

export type RunProgress = {
  stage: RunStage;
  /** How many items of this stage were copied. */
  count: number;
};

export type ReplicationRun = {
  id: string;
  trigger: 'manual' | 'scheduled';
  state: RunState;
  /** ISO 8601. */
  startedAt: string;
  finishedAt: string | null;
  /** The stage of the transfer that is under way, or was last. */
  progress: RunProgress;
  /** Documents by content type; empty until it is over. */
  counts: Record<string, number>;
  error: string | null;
  /** Somebody asked for its end, and it has not come to that yet. */
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
