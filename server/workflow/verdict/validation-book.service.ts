/** Writes what validations answered: the log, the health of their endpoints, and the breaker that spares them. */
import type { Knex } from 'knex';
import type { WebhookEvent } from '../../contract/event';
import { isUndecided, type VerdictKind } from '../../contract/document';
import type { Announce } from '../../deliver/record.service';
import type { Clock } from '../../strapi/clock.service';
import {
  NO_ATTEMPTS,
  withAttempt,
  type Tally,
  breakerState,
  FAILURES_TO_OPEN,
  OPEN_MS,
  type Breaker,
} from '../../store/health';
import type { HealthBook } from '../../deliver/health.service';
import type { FinishedCall } from '../../store/outbox/add.service';
import type { Outbox } from '../../store/outbox/outbox.service';
import type { AfterCommit } from '../../store/transaction.service';
import type { ActiveWebhook } from '../../match/active';

export type Booked = {
  webhook: ActiveWebhook;
  kind: VerdictKind;
  /** False where the breaker spared it. */
  isCalled: boolean;
  finished: FinishedCall[];
};

type Options = {
  outbox: Outbox;
  health: HealthBook;
  clock: Clock;
  active(): Promise<readonly ActiveWebhook[]>;
  announce: Announce;
  meter: { judged(webhook: string, verdict: VerdictKind): void };
  afterCommit: AfterCommit;
};

export const createValidationBook = (options: Options) => {
  const { outbox, health, clock, active, announce, meter, afterCommit } = options;
  /** Until when nobody asks it; null where it may be asked. Of several who find the pause over, one asks. */
  const sparedUntil = async (webhookId: string, breaker: Breaker): Promise<number | null> => {
    const now = clock.now();
    switch (breakerState(breaker, now)) {
      case 'closed':
        return null;
      case 'open':
        return breaker.parkedUntil;
      case 'probe':
        return (await health.takeProbe(webhookId, breaker.parkedUntil, now + OPEN_MS))
          ? null
          : now + OPEN_MS;
    }
  };

  /** The endpoints that are not asked now, and until when. */
  const spared = async (webhookIds: readonly string[]): Promise<Map<string, number>> => {
    const result = new Map<string, number>();
    for (const [id, breaker] of await health.breakers(webhookIds)) {
      const until = await sparedUntil(id, breaker);
      if (until !== null) result.set(id, until);
    }
    return result;
  };

  const tallyOf = ({ kind }: Booked, now: number): Tally =>
    withAttempt(NO_ATTEMPTS, !isUndecided(kind), now);

  const recordHealth = async (called: readonly Booked[], trx: Knex.Transaction) => {
    const now = clock.now();
    const tallies = new Map(called.map((one) => [one.webhook.id, tallyOf(one, now)]));
    // A gate that disabled itself would stand open: only an administrator takes a validation away.
    const news = await health.withoutKnown(tallies, { trx, now });
    const notices = await health.record(news, { trx, now, disableAfter: 0 });
    for (const { webhook, kind } of called) {
      if (isUndecided(kind))
        await health.parkFailing(webhook.id, FAILURES_TO_OPEN, { until: now + OPEN_MS, trx });
      const notice = notices.get(webhook.id);
      if (!notice) continue;
      const { id: webhookId, name } = webhook;
      await announce({ webhookId, name, notice }, { trx, now, webhooks: await active() });
    }
  };

  const store = async (
    event: WebhookEvent,
    booked: readonly Booked[],
    trx: Knex.Transaction,
  ): Promise<void> => {
    const finished = booked.flatMap((one) => one.finished);
    await outbox.addFinished(event, finished, { trx });
    await recordHealth(
      booked.filter(({ isCalled }) => isCalled),
      trx,
    );
    await afterCommit(trx, () => {
      for (const { webhook, kind } of booked) meter.judged(webhook.id, kind);
    });
  };

  return { spared, store };
};

export type ValidationBook = ReturnType<typeof createValidationBook>;
