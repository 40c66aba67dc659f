/** The engine that needs nothing but the database: whoever has room claims what waits longest. */
import type { Outbox } from '../../outbox/outbox.service';
import type { Claiming } from '../claiming.service';
import type { Job } from '../jobs.service';
import { roomIn, widthAgain, type Lane, type LaneLimits } from '../lane';
import type { Engine } from './engine';

type Options = { outbox: Outbox; claiming: Claiming; perWebhook: number; now(): number };

/** What a process stored that does not send waits half of this on average, and everybody asks the database so often. */
const LOOK_EVERY_MS = 400;

/**
 * Looking costs at most a twentieth of the time: of an ordered webhook, much may be due that may not go yet, and
 * finding that out takes as long as there is much of it.
 */
const REST = 20;
const LONGEST_REST_MS = 5000;

export const createDatabaseEngine = (options: Options): Engine => {
  const { outbox, claiming, now } = options;
  const limits: LaneLimits = { perWebhook: options.perWebhook };

  // The flags are lowered before the query: a wake-up that comes while it runs raises them again.
  const claimFirst = async (lane: Lane<Job>): Promise<number> => {
    const limit = roomIn(lane, limits);
    lane.mayHaveFirst = false;
    const count = await claiming.claimDue(lane, { claimClass: 'first', limit });
    if (count === limit) lane.mayHaveFirst = true;
    return count;
  };

  const claimAgain = async (lane: Lane<Job>, limit: number): Promise<number> => {
    lane.mayHaveAgain = false;
    const count = await claiming.claimDue(lane, { claimClass: 'again', limit });
    if (count === limit) lane.mayHaveAgain = true;
    return count;
  };

  /** First attempts, then, in what room is left for them, later ones. */
  const fill = async (lane: Lane<Job>): Promise<number | null> => {
    const startedAt = now();
    const first = lane.mayHaveFirst ? await claimFirst(lane) : 0;
    const room = Math.min(roomIn(lane, limits), widthAgain(lane, limits));
    if (!lane.mayHaveAgain || room === 0) return null;
    const again = await claimAgain(lane, room);
    if (first + again === 0)
      lane.restUntil = now() + Math.min((now() - startedAt) * REST, LONGEST_REST_MS);
    return lane.mayHaveAgain ? null : outbox.nextDue(lane.webhookId);
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
