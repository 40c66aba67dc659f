/** Claimed rows with all that an attempt needs of them, read for a whole claim at once. */
import type { ClaimedRow } from '../store/outbox/claim.service';
import type { ClaimClass } from '../store/outbox/due.service';
import type { Handed } from '../store/outbox/add.service';
import type { Outbox } from '../store/outbox/outbox.service';
import { eventOf } from '../store/outbox/rows';
import type { Letter } from './attempt.service';

export type Job = {
  row: ClaimedRow;
  claimClass: ClaimClass;
  letter: Letter;
  /** The document, where this is a first attempt: see `lane`. */
  firstOf: string | null;
  /** Its place in a rate-limited webhook's row of requests (ms). */
  notBefore?: number;
};

type Options = { outbox: Outbox };

const missing = (row: ClaimedRow): never => {
  throw new Error(`The event ${row.event_id} of delivery ${row.id} is not in the database.`);
};

type Source = {
  row: ClaimedRow;
  claimClass: ClaimClass;
  sentBody: string | null;
  payload(): string;
};

export const createJobs = ({ outbox }: Options) => {
  const jobOf = ({ row, claimClass, sentBody, payload }: Source): Job => ({
    row,
    claimClass,
    firstOf: row.attempt_count === 0 ? row.document_id : null,
    letter: {
      eventId: row.event_id,
      eventName: row.event,
      format: row.format,
      serialization: row.serialization,
      webhook: { id: row.webhook_id, name: row.webhook_name },
      delivery: { id: row.id, attempt: row.attempt_count + 1, trigger: row.trigger },
      sentBody,
      event: () => eventOf(payload()),
    },
  });

  /** Of rows that were just claimed: their events and earlier bodies are read for all of them at once. */
  const ofClaim = async (rows: ClaimedRow[], claimClass: ClaimClass): Promise<Job[]> => {
    const [events, bodies] = await Promise.all([outbox.eventsOf(rows), outbox.bodiesOf(rows)]);
    return rows.map((row) =>
      jobOf({
        row,
        claimClass,
        sentBody: bodies.get(row.id) ?? null,
        payload: () => events.get(row.event_id) ?? missing(row),
      }),
    );
  };

  /** Of rows that were stored as claimed, with the event at hand. */
  const ofHandover = ({ row, payload }: Handed): Job =>
    jobOf({ row, claimClass: 'first', sentBody: null, payload: () => payload });

  return { ofClaim, ofHandover };
};

export type Jobs = ReturnType<typeof createJobs>;
