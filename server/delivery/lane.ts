/** One webhook's place in the dispatcher: what waits, what is under way, and how much more it may take. Pure. */

export type LaneLimits = { perWebhook: number };

export type Lane<Job> = {
  webhookId: string;
  waiting: Job[];
  inFlight: number;
  /** Of those under way, how many are no first attempts. */
  inFlightAgain: number;
  /** Whether the database may hold more that is due. */
  mayHaveFirst: boolean;
  mayHaveAgain: boolean;
  isFailing: boolean;
  /** No attempt before this time (ms). */
  parkedUntil: number;
  /** Smoothed time of an attempt (ms), to tell how far ahead claiming makes sense. */
  usualMs: number;
};

export const newLane = <Job>(webhookId: string): Lane<Job> => ({
  webhookId,
  waiting: [],
  inFlight: 0,
  inFlightAgain: 0,
  mayHaveFirst: false,
  mayHaveAgain: false,
  isFailing: false,
  parkedUntil: 0,
  usualMs: Number.POSITIVE_INFINITY,
});

const PREFETCH_ROUNDS = 32;
/** Generous, because a busy process measures itself: a lane that claims little is slow, and would stay so. */
const FAST_MS = 500;

/** A failing endpoint is asked one at a time: enough to see it recover, too little to hold others' slots. */
export const widthOf = <Job>(lane: Lane<Job>, { perWebhook }: LaneLimits) =>
  lane.isFailing ? 1 : perWebhook;

/** Retries may fill half of a lane, so that first attempts always find a free slot. */
export const widthAgain = <Job>(lane: Lane<Job>, limits: LaneLimits) =>
  Math.max(1, Math.floor(widthOf(lane, limits) / 2));

/** How many deliveries are worth claiming now. Claiming ahead pays only where the endpoint is quick. */
export const roomIn = <Job>(lane: Lane<Job>, limits: LaneLimits): number => {
  const width = widthOf(lane, limits);
  const isQuick = !lane.isFailing && lane.usualMs < FAST_MS;
  const most = isQuick ? width * PREFETCH_ROUNDS : width;
  const held = lane.inFlight + lane.waiting.length;
  // A claim of a few costs as much as one of many, since it waits for the disk: so at least a quarter at once.
  return held > (most * 3) / 4 ? 0 : most - held;
};

export const isHungry = <Job>(lane: Lane<Job>, context: LaneLimits & { now: number }): boolean =>
  (lane.mayHaveFirst || lane.mayHaveAgain) &&
  lane.parkedUntil <= context.now &&
  roomIn(lane, context) > 0;

/** The emptiest first, so that no endpoint waits behind a busy one. */
export const nextLane = <Job>(
  lanes: Iterable<Lane<Job>>,
  context: LaneLimits & { now: number },
): Lane<Job> | null => {
  let best: Lane<Job> | null = null;
  for (const lane of lanes) {
    if (!isHungry(lane, context)) continue;
    if (!best || lane.inFlight + lane.waiting.length < best.inFlight + best.waiting.length)
      best = lane;
  }
  return best;
};

export const usualAfter = (usualMs: number, ms: number) =>
  Number.isFinite(usualMs) ? usualMs * 0.8 + ms * 0.2 : ms;

type Classed = { claimClass: 'first' | 'again' };

export const isAgain = (job: Classed) => (job.claimClass === 'again' ? 1 : 0);

/**
 * Takes the job that may start now out of the lane: the longest waiting one, but no retry beyond the retries' share,
 * so that a first attempt behind it passes. Undefined if none may, or the webhook is parked or busy.
 */
export const takeNext = <Job extends Classed>(
  lane: Lane<Job>,
  context: LaneLimits & { now: number },
): Job | undefined => {
  if (lane.parkedUntil > context.now || lane.inFlight >= widthOf(lane, context)) return undefined;
  const isShareFull = lane.inFlightAgain >= widthAgain(lane, context);
  const index = isShareFull ? lane.waiting.findIndex((job) => isAgain(job) === 0) : 0;
  return index < 0 ? undefined : lane.waiting.splice(index, 1)[0];
};
