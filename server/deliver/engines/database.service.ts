/** Engines bring due deliveries into lanes. This one needs only the database: a process with room claims them. */
import type { ClaimedRow } from '../../store/outbox/claim.service';
import type { ClaimClass } from '../../store/outbox/due.service';
import type { Outbox } from '../../store/outbox/outbox.service';
import type { Claiming, Job } from '../claims.service';
import { countTaken, roomIn, shareAgain, widthAgain, type Lane, type LaneLimits } from '../lane';

export type Engine = {
  driver: 'database' | 'bullmq';
  limits: LaneLimits;
  /** Whether the process that stores a delivery may claim it at once, ahead of all other processes. */
  mayHandOver: boolean;
  /** How often the dispatcher asks the database which webhooks have something due (ms). */
  lookEvery: number;
  /** Whether Redis answers; null if the engine needs only the database. */
  isReachable(): boolean | null;
  /** From now on, `announce` reaches the other processes, and `wake` is called when another process announces. */
  open(wake: Wake | null): void;
  close(): Promise<void>;
  /** Some deliveries of these webhooks, or of any, may be due. Every process calls it; returns at once. */
  announce: Wake;
  /** Brings due deliveries into a lane, and updates what the lane may still have. `slots`: how many can leave now. */
  fill(lane: Lane<Job>, slots: number): Promise<Filled>;
  /** These deliveries are no longer under way: they were answered, or given back. */
  free(rows: readonly ClaimedRow[]): void;
  /** Nothing is sent to this webhook any more. */
  drop(webhookId: string): void;
};

export type Wake = (webhookIds?: readonly string[]) => void;

export type Filled = {
  /** When the webhook's next delivery is due (ms); null if that is unknown, or announced otherwise. */
  nextDue: number | null;
  /** When to fill the lane again (ms), because other processes use up the webhook's limit now. */
  retryAt: number | null;
};

type Options = { outbox: Outbox; claiming: Claiming; perWebhook: number; now(): number };

/** A delivery that a process without a dispatcher stored waits half of this on average. */
const LOOK_EVERY_MS = 400;

/**
 * Claims that looks lead to cost at most a twentieth of the time. An ordered webhook may have much that is due but must
 * wait, and finding that out takes time. A change or an answer leads to a claim all the same: it may let something go.
 */
const REST = 20;
const LONGEST_REST_MS = 5000;

const MAY_HAVE = { first: 'mayHaveFirst', again: 'mayHaveAgain' } as const;

export function createDatabaseEngine({ outbox, claiming, now, ...options }: Options): Engine {
  const limits: LaneLimits = { perWebhook: options.perWebhook };

  // The flag is lowered before the query: a wake-up that comes while the query runs raises it again.
  const claim = async (lane: Lane<Job>, claimClass: ClaimClass, limit: number): Promise<number> => {
    const flag = MAY_HAVE[claimClass];
    if (!lane[flag] || limit === 0) return 0;
    lane[flag] = false;
    const count = await claiming.claimDue(lane, { claimClass, limit });
    if (count === limit) lane[flag] = true;
    countTaken(lane, { first: 0, again: 0, [claimClass]: count });
    return count;
  };

  /** First the retries' share, then first attempts, then more retries if there is room left for them. */
  const claimBoth = async (lane: Lane<Job>): Promise<number> => {
    const room = roomIn(lane, limits);
    const share = lane.mayHaveFirst ? await claim(lane, 'again', shareAgain(lane, room)) : 0;
    const first = await claim(lane, 'first', room - share);
    const left = Math.min(roomIn(lane, limits), widthAgain(lane, limits));
    return share + first + (await claim(lane, 'again', left));
  };

  const fill = async (lane: Lane<Job>): Promise<Filled> => {
    const startedAt = now();
    const mightHaveAgain = lane.mayHaveAgain;
    const count = await claimBoth(lane);
    if (!mightHaveAgain || lane.mayHaveAgain) return { nextDue: null, retryAt: null };
    if (count === 0) lane.restUntil = now() + Math.min((now() - startedAt) * REST, LONGEST_REST_MS);
    const nextDue = lane.mayHaveFirst ? null : await outbox.nextDue(lane.webhookId);
    return { nextDue, retryAt: null };
  };

  return {
    driver: 'database',
    limits,
    mayHandOver: true,
    lookEvery: LOOK_EVERY_MS,
    isReachable: () => null,
    open: () => undefined,
    close: async () => undefined,
    announce: () => undefined,
    free: () => undefined,
    drop: () => undefined,
    fill,
  };
}
