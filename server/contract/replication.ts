/** Replications: named copies of this Strapi's content to another Strapi, and what their runs came to. */
import { z } from 'zod';
import { urlSchema } from './webhook';

/** Strapi's transfer groups: documents and relations, uploaded files, settings. */
export const TRANSFER_GROUPS = ['content', 'files', 'config'] as const;
export type TransferGroup = (typeof TRANSFER_GROUPS)[number];

const groups = () =>
  z
    .array(z.enum(TRANSFER_GROUPS, 'Expected "content", "files" or "config".'))
    .max(TRANSFER_GROUPS.length)
    .default([]);

const CRON_EXPECTED =
  'Expected a cron expression of five fields, such as "0 3 * * *" for every day at 03:00 UTC.';

export const replicationInputSchema = z
  .strictObject({
    name: z.string('Expected a name.').trim().min(1, 'Give the replication a name.').max(200),
    /** The URL of the other Strapi's admin panel, such as https://cms.example.com/admin. */
    destination: urlSchema,
    /** A transfer token of the other Strapi, with "Push" or full access. Write-only. */
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
        (value) => (value === '' ? null : value),
        z.string(CRON_EXPECTED).trim().max(200).nullable(),
      )
      .default(null),
    /** Of a POST: starts it at once. */
    run: z.boolean('Expected true or false.').default(false),
  })
  .refine(({ only, exclude }) => only.length === 0 || exclude.length === 0, {
    path: ['exclude'],
    message: 'Choose either what is copied, or what is left out, not both.',
  })
  .refine(({ exclude }) => new Set(exclude).size < TRANSFER_GROUPS.length, {
    path: ['exclude'],
    message: 'Nothing would be left to copy. Take at least one group out.',
  });

export type ReplicationInput = z.input<typeof replicationInputSchema>;
export type ReplicationSettings = z.output<typeof replicationInputSchema>;
export { CRON_EXPECTED };

export type RunState = 'running' | 'completed' | 'failed' | 'cancelled';

export type ReplicationRun = {
  id: string;
  trigger: 'manual' | 'scheduled';
  state: RunState;
  /** ISO 8601. */
  startedAt: string;
  finishedAt: string | null;
  /** The stage of the transfer that is under way, or was last, and how many items of it have been copied. */
  progress: { stage: string | null; count: number };
  /** Documents by content type; empty until it is completed. */
  counts: Record<string, number>;
  error: string | null;
  /** Somebody asked for its end, and it has not come to that yet. */
  isEnding: boolean;
};

export type Replication = Omit<ReplicationSettings, 'run'> & {
  id: string;
  lastRun: ReplicationRun | null;
  /** ISO 8601; null without a cron expression. */
  nextRunAt: string | null;
  createdAt: string;
  updatedAt: string;
};
