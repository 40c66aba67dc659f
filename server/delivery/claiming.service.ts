/** Brings due deliveries from the outbox into a lane: first attempts, then, in what room is left for them, later ones. */
import type { ClaimClass } from '../outbox/claim.service';
import type { Outbox } from '../outbox/outbox.service';
import type { Job, Jobs } from './jobs.service';
import { roomIn, widthAgain, type Lane, type LaneLimits } from './lane';
import type { Leases } from './leases.service';

type Options = { outbox: Outbox; jobs: Jobs; leases: Leases; limits: LaneLimits; now(): number };

export const createClaiming = ({ outbox, jobs, leases, limits, now }: Options) => {
  /** Whether the database may hold more of the same. */
  const claim = async (
    lane: Lane<Job>,
    claimClass: ClaimClass,
    limit: number,
  ): Promise<boolean> => {
    const { webhookId } = lane;
    const rows = await outbox.claim({
      ...leases.newClaim(),
      webhookId,
      claimClass,
      limit,
      now: now(),
    });
    if (rows.length === 0) return false;
    const found = await jobs.ofClaim(rows, claimClass);
    // Held only now: if reading what belongs to them fails, their lease ends, and they are claimed again.
    leases.hold(rows);
    lane.waiting.push(...found);
    return rows.length === limit;
  };

  // The flags are lowered before the query: a wake-up that comes while it runs raises them again.
  const claimFirst = async (lane: Lane<Job>) => {
    lane.mayHaveFirst = false;
    if (await claim(lane, 'first', roomIn(lane, limits))) lane.mayHaveFirst = true;
  };

  const claimAgain = async (lane: Lane<Job>, room: number) => {
    lane.mayHaveAgain = false;
    if (await claim(lane, 'again', room)) lane.mayHaveAgain = true;
  };

  /** Answers when the lane's next delivery will be due, if none is left that is due now (ms or null). */
  return async (lane: Lane<Job>): Promise<number | null> => {
    if (lane.mayHaveFirst) await claimFirst(lane);
    const room = Math.min(roomIn(lane, limits), widthAgain(lane, limits));
    if (!lane.mayHaveAgain || room === 0) return null;
    await claimAgain(lane, room);
    return lane.mayHaveAgain ? null : outbox.nextDue(lane.webhookId);
  };
};
