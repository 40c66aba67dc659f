/** Makes one attempt of a claimed delivery and says what it means. Records nothing: that is the bookkeeping's. */
import type { ActiveWebhook } from '../match/active';
import { dice, recordOf, type Attempter } from './attempt.service';
import type { Posted } from './bookkeeping.service';
import type { Job } from './jobs.service';
import { settle } from './settle';

type Options = { attempt: Attempter; schedule: readonly number[]; now(): number };

/** `posted` is null where the attempt was taken back, and so never happened. */
export type Sent = { posted: Posted | null; ms: number };

export const createSending =
  ({ attempt, schedule, now }: Options) =>
  async (job: Job, webhook: ActiveWebhook, signal: AbortSignal): Promise<Sent> => {
    const { row, letter } = job;
    const tried = await attempt(webhook, letter, { signal });
    const { outcome } = tried;
    if (outcome.kind === 'failed' && outcome.reason === 'aborted')
      return { posted: null, ms: outcome.ms };
    const { settlement, parkUntil, disable } = settle({
      outcome,
      attemptCount: row.attempt_count,
      maxAttempts: webhook.maxAttempts,
      schedule,
      now: now(),
      random: dice(),
    });
    const record = recordOf(tried, { trigger: row.trigger });
    return { posted: { row, attempt: record, settlement, parkUntil, disable }, ms: outcome.ms };
  };
