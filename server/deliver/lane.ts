/** One webhook's place in the dispatcher: what waits, what is under way, and how much more it may take. Pure. */

export type LaneLimits = {
  perWebhook: number;
  /** Nothing is taken before it can leave: where what is taken counts against a limit that others share. */
  isExact?: boolean;
};

type Classed = {
  claimClass: 'first' | 'again';
  notBefore?: number;
  /** The document of a first attempt: one of them is under way at a time. Null for others. */
  firstOf?: string | null;
};

export type Lane<Job> = {
  webhookId: string;
  waiting: Job[];
  inFlight: number;
  /** Of those under way, how many are no first attempts. */
  inFlightAgain: number;
  /** Documents whose first attempt of one delivery is under way. */
  documents: Set<string>;
  /** Whether something waited for the first attempts that were recorded last: what waits behind them is in a hurry. */
  isFollowed: boolean;
  /** Whether the database may hold more that is due. */
  mayHaveFirst: boolean;
  mayHaveAgain: boolean;
  /** First attempts that were taken since one was that is none. */
  passed: number;
  isFailing: boolean;
  /** No attempt before this time (ms). */
  parkedUntil: number;
  /** Smoothed time of an attempt (ms), to tell how far ahead claiming makes sense. */
  usualMs: number;
  /** Requests a second; null: no limit. */
  rate: number | null;
  isOrdered: boolean;
  /** A look leaves it out before this time (ms): claiming took long, and brought nothing. Whoever knows more wakes it. */
  restUntil: number;
};

export const newLane = <Job>(webhookId: string): Lane<Job> => ({
  webhookId,
  waiting: [],
  inFlight: 0,
  inFlightAgain: 0,
  documents: new Set(),
  isFollowed: false,
  mayHaveFirst: false,
  mayHaveAgain: false,
  passed: 0,
  isFailing: false,
  parkedUntil: 0,
  usualMs: Number.POSITIVE_INFINITY,
  rate: null,
  isOrdered: false,
  restUntil: 0,
});

/** There may be something for it. */
export const raise = (lane: Lane<unknown>): void => {
  lane.mayHaveFirst = true;
  lane.mayHaveAgain = true;
};

/** Nobody knows of anything for it. */
export const lower = (lane: Lane<unknown>): void => {
  lane.mayHaveFirst = false;
  lane.mayHaveAgain = false;
};

export const held = (lane: Lane<unknown>): number => lane.inFlight + lane.waiting.length;

const PREFETCH_ROUNDS = 32;
/**
 * What is claimed ahead is sent within about this time: what one process holds longer, another one could have sent.
 * Generous all the same, because a busy process measures itself: a lane that claims little is slow, and would stay so.
 */
const AHEAD_MS = 500;

/** A failing endpoint is asked one at a time: enough to see it recover, too little to hold others' slots. */
export const widthOf = <Job>(lane: Lane<Job>, { perWebhook }: LaneLimits) =>
  lane.isFailing ? 1 : perWebhook;

/** Retries may fill half of a lane, so that first attempts always find a free slot. */
export const widthAgain = <Job>(lane: Lane<Job>, limits: LaneLimits) =>
  Math.max(1, Math.floor(widthOf(lane, limits) / 2));

const PART_AGAIN = 8;

/**
 * What is kept of a room for retries, resends and leases that ended, where first attempts would fill all of it: an eighth,
 * and at least one, which in small rooms comes after as many first ones as make it an eighth.
 */
export const shareAgain = ({ passed }: Pick<Lane<unknown>, 'passed'>, room: number): number =>
  passed < PART_AGAIN - 1 ? 0 : Math.min(room, Math.max(1, Math.floor(room / PART_AGAIN)));

/** So many of each class were taken. */
export const tally = (
  lane: Pick<Lane<unknown>, 'passed'>,
  taken: Record<Classed['claimClass'], number>,
): void => {
  lane.passed = (taken.again > 0 ? 0 : lane.passed) + taken.first;
};

/** Of a limited webhook, what may leave within a second waits here: the rest is left to the other instances. */
const mostPaced = ({ rate }: Pick<Lane<unknown>, 'rate'>) =>
  rate === null ? Number.POSITIVE_INFINITY : Math.max(1, Math.floor(rate));

const roundsOf = (lane: Lane<unknown>, { isExact }: LaneLimits) =>
  isExact || lane.isFailing
    ? 1
    : Math.min(PREFETCH_ROUNDS, Math.max(1, AHEAD_MS / Math.max(1, lane.usualMs)));

/** How many deliveries are worth claiming now. Claiming ahead pays only where the endpoint is quick. */
export const roomIn = <Job>(lane: Lane<Job>, limits: LaneLimits): number => {
  const ahead = Math.floor(widthOf(lane, limits) * roundsOf(lane as Lane<unknown>, limits));
  // What is under way has left: it has its place in the width, and none in the pace.
  const room = Math.min(ahead - held(lane as Lane<unknown>), mostPaced(lane) - lane.waiting.length);
  // A claim of a few costs as much as one of many, since it waits for the disk: so at least a quarter at once. Where
  // nothing is held in advance, that would leave slots empty while the endpoint waits: there any free one is filled.
  const fewest = limits.isExact ? 1 : Math.min(ahead, mostPaced(lane)) / 4;
  return room < fewest ? 0 : room;
};

/** The database need not be asked for it: a failing endpoint has its one request, and what follows is in no hurry. */
export const isSated = (lane: Lane<unknown>): boolean => lane.isFailing && held(lane) > 0;

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

export const isAgain = (job: Classed) => (job.claimClass === 'again' ? 1 : 0);

/**
 * Where the longest waiting job is that may start; -1 where there is none. No retry beyond the retries' share, and no first
 * attempt behind another one of its document, which is under way or waits before it.
 */
const indexOfNext = <Job extends Classed>(lane: Lane<Job>, limits: LaneLimits): number => {
  const takesAgain = lane.inFlightAgain < widthAgain(lane, limits);
  const before = new Set<string>();
  return lane.waiting.findIndex((job) => {
    const isBehind = job.firstOf != null && isUnanswered(lane, before, job.firstOf);
    if (job.firstOf != null) before.add(job.firstOf);
    return !isBehind && (takesAgain || isAgain(job) === 0);
  });
};

const isUnanswered = (
  { documents }: Pick<Lane<unknown>, 'documents'>,
  before: ReadonlySet<string>,
  document: string,
) => documents.has(document) || before.has(document);

/** It is under way. */
export const begin = <Job extends Classed>(lane: Lane<Job>, job: Job): void => {
  lane.inFlight += 1;
  lane.inFlightAgain += isAgain(job);
  if (job.firstOf != null) lane.documents.add(job.firstOf);
};

/** It was answered: the next first attempt of its document may start. Its slot may still be taken. */
export const answer = <Job extends Classed>(lane: Lane<Job>, job: Job): void => {
  if (job.firstOf != null) lane.documents.delete(job.firstOf);
};

/** Its slot is free. */
export const end = <Job extends Classed>(lane: Lane<Job>, job: Job): void => {
  lane.inFlight -= 1;
  lane.inFlightAgain -= isAgain(job);
};

/** When the next request of a limited webhook may leave (ms); null where nothing is held back. */
export const nextSlot = <Job extends Classed>(
  lane: Lane<Job>,
  context: LaneLimits & { now: number },
): number | null => {
  const at = lane.waiting[indexOfNext(lane, context)]?.notBefore;
  return at !== undefined && at > context.now ? at : null;
};

/**
 * Takes the job that may start now out of the lane: the longest waiting one, but no retry beyond the retries' share,
 * so that a first attempt behind it passes. Undefined if none may, or the webhook is parked or busy.
 */
export const takeNext = <Job extends Classed>(
  lane: Lane<Job>,
  context: LaneLimits & { now: number },
): Job | undefined => {
  if (lane.parkedUntil > context.now || lane.inFlight >= widthOf(lane, context)) return undefined;
  const index = indexOfNext(lane, context);
  const next = lane.waiting[index];
  if (next === undefined || (next.notBefore ?? 0) > context.now) return undefined;
  return lane.waiting.splice(index, 1)[0];
};

/**
 * Takes out what waits for its pace while the receiver pauses: its places would be over after that, and all of it would
 * leave at once. Claimed again, it gets new ones.
 */
export const takeOutpaced = <Job>(lane: Lane<Job>, now: number): Job[] =>
  lane.rate !== null && lane.parkedUntil > now ? lane.waiting.splice(0) : [];
