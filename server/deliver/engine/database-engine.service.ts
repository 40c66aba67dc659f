/** The engine that needs nothing but the database: whoever has room claims what waits longest. */
import type { Outbox } from '../../store/outbox/outbox.service';
import type { Claiming } from '../claiming.service';
import type { Job } from '../jobs.service';
import { roomIn, shareAgain, tally, widthAgain, type Lane, type LaneLimits } from '../lane';
import type { Engine } from './engine';

type Options = { outbox: Outbox; claiming: Claiming; perWebhook: number; now(): number };

/** What a process stored that does not send waits half of this on average, and everybody asks the database so often. */
const LOOK_EVERY_MS = 400;

/**
 * What looks lead to costs at most a twentieth of the time: of an ordered webhook, much may be due that may not go yet,
 * and finding that out takes as long as there is much of it. A change or an answer claims all the same: it may free some.
 */
const REST = 20;
const LONGEST_REST_MS = 5000;

export const createDatabaseEngine = (options: Options): Engine => {
  const { outbox, claiming, now } = options;
  const limits: LaneLimits = { perWebhook: options.perWebhook };

  // The flags are lowered before the query: a wake-up that comes while it runs raises them again.
  const claimFirst = async (lane: Lane<Job>, limit: number): Promise<number> => {
    if (!lane.mayHaveFirst || limit === 0) return 0;
    lane.mayHaveFirst = false;
    const first = await claiming.claimDue(lane, { claimClass: 'first', limit });
    if (first === limit) lane.mayHaveFirst = true;
    tally(lane, { first, again: 0 });
    return first;
  };

  const claimAgain = async (lane: Lane<Job>, limit: number): Promise<number> => {
    if (!lane.mayHaveAgain || limit === 0) return 0;
    lane.mayHaveAgain = false;
    const again = await claiming.claimDue(lane, { claimClass: 'again', limit });
    if (again === limit) lane.mayHaveAgain = true;
    tally(lane, { first: 0, again });
    return again;
  };

  /** The share of later attempts, then first ones, then, in what room is left for them, more of the later ones. */
  const claimBoth = async (lane: Lane<Job>): Promise<number> => {
    const room = roomIn(lane, limits);
    const share = lane.mayHaveFirst ? await claimAgain(lane, shareAgain(lane, room)) : 0;
    const first = await claimFirst(lane, room - share);
    const left = Math.min(roomIn(lane, limits), widthAgain(lane, limits));
    return share + first + (await claimAgain(lane, left));
  };

  const fill = async (lane: Lane<Job>): Promise<number | null> => {
    const startedAt = now();
    const mightHaveAgain = lane.mayHaveAgain;
    const count = await claimBoth(lane);
    if (!mightHaveAgain || lane.mayHaveAgain) return null;
    if (count === 0) lane.restUntil = now() + Math.min((now() - startedAt) * REST, LONGEST_REST_MS);
    return lane.mayHaveFirst ? null : outbox.nextDue(lane.webhookId);
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
};
