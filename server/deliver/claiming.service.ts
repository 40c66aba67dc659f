/** Takes due deliveries out of the outbox into a lane, with all that an attempt needs of them. */
import type { ClaimedRow } from '../store/outbox/claim.service';
import type { ClaimClass } from '../store/outbox/due.service';
import type { Outbox } from '../store/outbox/outbox.service';
import type { HealthBook } from './health.service';
import type { Job, Jobs } from './jobs.service';
import type { Lane } from './lane';
import type { Leases } from './leases.service';

type Options = {
  outbox: Outbox;
  jobs: Jobs;
  leases: Leases;
  now(): number;
  takeSlots: HealthBook['takeSlots'];
};

type Group = { claimClass: ClaimClass; rows: ClaimedRow[] };

/** Those that were never tried, and those that were. */
const byClass = (rows: ClaimedRow[]): Group[] => [
  { claimClass: 'first', rows: rows.filter(({ attempt_count }) => attempt_count === 0) },
  { claimClass: 'again', rows: rows.filter(({ attempt_count }) => attempt_count > 0) },
];

export const createClaiming = ({ outbox, jobs, leases, now, takeSlots }: Options) => {
  /** Each its place in the row, where the webhook is limited. */
  const paced = async ({ webhookId, rate }: Lane<Job>, found: Job[]): Promise<Job[]> => {
    if (rate === null || found.length === 0) return found;
    const interval = 1000 / rate;
    const first = await takeSlots(webhookId, { count: found.length, interval, now: now() });
    return found.map((job, index) => ({ ...job, notBefore: first + index * interval }));
  };

  const jobsOf = async (groups: Group[]): Promise<Job[]> => {
    const found: Job[] = [];
    for (const { rows, claimClass } of groups)
      if (rows.length > 0) found.push(...(await jobs.ofClaim(rows, claimClass)));
    return found;
  };

  /** Answers what it put there: all but what is held already, or, where it throws, none. */
  const intoLane = async (lane: Lane<Job>, claimed: Group[]): Promise<ClaimedRow[]> => {
    const groups = claimed.map((group) => ({ ...group, rows: leases.adopt(group.rows) }));
    const rows = groups.flatMap((group) => group.rows);
    if (rows.length === 0) return rows;
    try {
      const found = await paced(lane, await jobsOf(groups));
      leases.hold(rows);
      lane.waiting.push(...found);
      return rows;
    } catch (error) {
      // Not held, so if this fails too, their lease ends, and they are claimed again.
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

  /** What waits longest. Answers how many it took. */
  const claimDue = async (
    lane: Lane<Job>,
    { claimClass, limit }: { claimClass: ClaimClass; limit: number },
  ): Promise<number> => {
    const rows = await outbox.claim({ ...inputOf(lane), claimClass, limit });
    await intoLane(lane, [{ claimClass, rows }]);
    return rows.length;
  };

  /** These. Answers which of them it took: what was due, nobody else's, and not held already. */
  const claimThese = async (lane: Lane<Job>, ids: readonly number[]): Promise<ClaimedRow[]> => {
    const rows = await outbox.claim({ ...inputOf(lane), ids });
    return intoLane(lane, byClass(rows));
  };

  return { claimDue, claimThese };
};

export type Claiming = ReturnType<typeof createClaiming>;
