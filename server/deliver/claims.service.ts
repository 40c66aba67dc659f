/** Takes due deliveries from the outbox into a lane, with all that an attempt needs, and keeps the leases on them. */
import { randomUUID } from 'node:crypto';
import type { Handed } from '../store/outbox/add.service';
import { claimIdOf, type ClaimedRow } from '../store/outbox/claim.service';
import type { ClaimClass } from '../store/outbox/due.service';
import type { Outbox } from '../store/outbox/outbox.service';
import { eventOf } from '../store/outbox/rows';
import type { Message } from './attempt.service';
import type { HealthStore } from './health.service';
import type { Lane } from './lane';

/** A claimed delivery, ready to be attempted. */
export type Job = {
  row: ClaimedRow;
  claimClass: ClaimClass;
  message: Message;
  /** The document, if this is a first attempt: see `lane`. */
  firstOf: string | null;
  /** When a rate-limited webhook may be called for it (ms). */
  notBefore?: number;
};

type LeaseOptions = {
  /** How long a lease lasts (ms): longer than any attempt. */
  lease: number;
  outbox: Pick<Outbox, 'extend' | 'release'>;
  now(): number;
  onError(error: unknown): void;
};

/** The claims that this process holds, and the timer that extends them. */
export function createLeases({ lease, outbox, now, onError }: LeaseOptions) {
  const owner = randomUUID();
  const held = new Map<number, ClaimedRow>();
  let timer: NodeJS.Timeout | undefined;

  const extendAll = () => {
    if (held.size > 0) outbox.extend([...held.values()], now() + lease).catch(onError);
  };

  const letGo = (row: ClaimedRow) => {
    if (held.get(row.id) === row) held.delete(row.id);
  };

  return {
    newClaim: () => ({ claimId: claimIdOf(owner, randomUUID()), leaseUntil: now() + lease }),
    /**
     * Returns the rows of a new claim that this process does not hold yet. It may hold the others still, under way or
     * answered, if it could not extend their leases while the database was away. Sent again they would arrive twice, so
     * they go on under the new claim.
     */
    adopt: (rows: readonly ClaimedRow[]): ClaimedRow[] =>
      rows.filter((row) => {
        const known = held.get(row.id);
        if (known?.attempt_count !== row.attempt_count) return true;
        known.claim_id = row.claim_id;
        return false;
      }),
    hold: (rows: readonly ClaimedRow[]) => {
      for (const row of rows) held.set(row.id, row);
    },
    letGo,
    /** Gives claims back. If that fails, they are let go all the same: their leases end, and they are claimed again. */
    release: (rows: readonly ClaimedRow[]): Promise<void> =>
      outbox.release(rows, now()).finally(() => rows.forEach(letGo)),
    start: () => {
      timer = setInterval(extendAll, lease / 3);
    },
    stop: () => clearInterval(timer),
  };
}

export type Leases = ReturnType<typeof createLeases>;

type ClaimingOptions = {
  outbox: Outbox;
  leases: Leases;
  now(): number;
  takeSlots: HealthStore['takeSlots'];
};

type Group = { claimClass: ClaimClass; rows: ClaimedRow[] };

export function createClaiming({ outbox, leases, now, takeSlots }: ClaimingOptions) {
  const withPace = async ({ webhookId, rate }: Lane<Job>, jobs: Job[]): Promise<Job[]> => {
    if (rate === null || jobs.length === 0) return jobs;
    const interval = 1000 / rate;
    const first = await takeSlots(webhookId, { count: jobs.length, interval, now: now() });
    return jobs.map((job, index) => ({ ...job, notBefore: first + index * interval }));
  };

  /** Returns the rows that are in the lane now: those that were not held already, and none if it throws. */
  const intoLane = async (lane: Lane<Job>, claimed: Group[]): Promise<ClaimedRow[]> => {
    const groups = claimed.map((group) => ({ ...group, rows: leases.adopt(group.rows) }));
    const rows = groups.flatMap((group) => group.rows);
    if (rows.length === 0) return rows;
    try {
      const jobs: Job[] = [];
      for (const group of groups) jobs.push(...(await jobsOf(group, outbox)));
      const paced = await withPace(lane, jobs);
      leases.hold(rows);
      lane.waiting.push(...paced);
      return rows;
    } catch (error) {
      // If this fails too, their leases end, because nothing extends them, and they are claimed again.
      await outbox.release(rows, now()).catch(() => undefined);
      throw error;
    }
  };

  const inputOf = ({ webhookId, isOrdered }: Lane<Job>) => ({
    ...leases.newClaim(),
    webhookId,
    isOrdered,
    now: now(),
  });

  return {
    /** Claims the deliveries that have waited longest. Returns how many it claimed. */
    claimDue: async (
      lane: Lane<Job>,
      { claimClass, limit }: { claimClass: ClaimClass; limit: number },
    ): Promise<number> => {
      const rows = await outbox.claim({ ...inputOf(lane), claimClass, limit });
      await intoLane(lane, [{ claimClass, rows }]);
      return rows.length;
    },
    /** Claims the given deliveries. Returns those that were due, held by nobody, and not in the lane already. */
    claimThese: async (lane: Lane<Job>, ids: readonly number[]): Promise<ClaimedRow[]> => {
      const rows = await outbox.claim({ ...inputOf(lane), ids });
      return intoLane(lane, [
        { claimClass: 'first', rows: rows.filter(({ attempt_count }) => attempt_count === 0) },
        { claimClass: 'again', rows: rows.filter(({ attempt_count }) => attempt_count > 0) },
      ]);
    },
  };
}

export type Claiming = ReturnType<typeof createClaiming>;

/** Reads the events and the earlier bodies of all rows at once. */
async function jobsOf({ rows, claimClass }: Group, outbox: Outbox): Promise<Job[]> {
  if (rows.length === 0) return [];
  const [events, bodies] = await Promise.all([outbox.eventsOf(rows), outbox.bodiesOf(rows)]);
  return rows.map((row) => {
    const payload = () => events.get(row.event_id) ?? throwMissing(row);
    return jobOf(row, claimClass, { sentBody: bodies.get(row.id) ?? null, payload });
  });
}

function throwMissing(row: ClaimedRow): never {
  throw new Error(`The event ${row.event_id} of delivery ${row.id} is not in the database.`);
}

/** The job of a delivery that was stored as claimed, with its event at hand. */
export const jobOfHandover = ({ row, payload }: Handed): Job =>
  jobOf(row, 'first', { sentBody: null, payload: () => payload });

function jobOf(
  row: ClaimedRow,
  claimClass: ClaimClass,
  { sentBody, payload }: { sentBody: string | null; payload(): string },
): Job {
  return {
    row,
    claimClass,
    firstOf: row.attempt_count === 0 ? row.document_id : null,
    message: {
      eventId: row.event_id,
      eventName: row.event,
      format: row.format,
      serialization: row.serialization,
      webhook: { id: row.webhook_id, name: row.webhook_name },
      delivery: { id: row.id, attempt: row.attempt_count + 1, trigger: row.trigger },
      sentBody,
      event: {
        uid: row.uid,
        name: row.event,
        text: payload,
        parsed: () => eventOf(payload()),
      },
    },
  };
}
