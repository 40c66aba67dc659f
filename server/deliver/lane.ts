/** One webhook's place in the dispatcher: what waits, what is under way, and how much more it may take. Pure. */

export type LaneLimits = {
  /** How many requests to one webhook may be under way. */
  perWebhook: number;
  /** Nothing is claimed before it can leave, because claims count against a limit that all processes share. */
  isExact?: boolean;
};

type LaneContext = LaneLimits & { now: number };

type Classed = {
  claimClass: 'first' | 'again';
  notBefore?: number;
  /** The document of a first attempt: one attempt for each document is under way at a time. Null for retries. */
  firstOf?: string | null;
};

export type Lane<Job> = {
  webhookId: string;
  waiting: Job[];
  inFlight: number;
  /** How many of those under way are retries. */
  inFlightAgain: number;
  /** Documents with a first attempt under way. */
  documents: Set<string>;
  /** Whether something waited for the first attempts that were recorded last: the next ones are recorded at once. */
  isFollowed: boolean;
  /** Whether the database may hold more that is due. */
  mayHaveFirst: boolean;
  mayHaveAgain: boolean;
  /** First attempts that were taken since the last retry. */
  passed: number;
  isFailing: boolean;
  /** No attempt before this time (ms): the receiver asked for a pause. */
  parkedUntil: number;
  /** Smoothed time of an attempt (ms): it decides how far ahead to claim. */
  usualMs: number;
  /** Requests a second; null: no limit. */
  rate: number | null;
  isOrdered: boolean;
  /** Looks leave the lane out before this time (ms): claiming took long and found nothing. Wake-ups ignore it. */
  restUntil: number;
};

type AnyLane = Lane<unknown>;

export function newLane<Job>(webhookId: string): Lane<Job> {
  return {
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
  };
}

/** Something may be due. */
export function raise(lane: AnyLane): void {
  lane.mayHaveFirst = true;
  lane.mayHaveAgain = true;
}

/** Nothing is known to be due. */
export function lower(lane: AnyLane): void {
  lane.mayHaveFirst = false;
  lane.mayHaveAgain = false;
}

/** Nothing waits or is under way, and nothing is known to be due. */
export const isIdle = (lane: AnyLane): boolean =>
  heldIn(lane) === 0 && !lane.mayHaveFirst && !lane.mayHaveAgain;

const heldIn = (lane: AnyLane): number => lane.inFlight + lane.waiting.length;

const PREFETCH_ROUNDS = 16;
/**
 * Deliveries claimed ahead are sent within about this time (ms), or another process could have sent them sooner. The time is
 * generous because a busy process measures itself: a lane that claims little is slow, and would stay slow.
 */
const AHEAD_MS = 500;

/** A failing endpoint is called one at a time: enough to see it recover, too little to hold others' slots. */
export const widthOf = (lane: AnyLane, { perWebhook }: LaneLimits): number =>
  lane.isFailing ? 1 : perWebhook;

/** Retries may fill half of a lane, so that first attempts always find a free slot. */
export const widthAgain = (lane: AnyLane, limits: LaneLimits): number =>
  Math.max(1, Math.floor(widthOf(lane, limits) / 2));

const PART_AGAIN = 8;

/**
 * The retries' share of a room that first attempts would fill: an eighth of it, and at least one. In a room for less than
 * eight, the one retry comes after seven first attempts. Resends and expired leases count as retries.
 */
export const shareAgain = ({ passed }: Pick<AnyLane, 'passed'>, room: number): number =>
  passed < PART_AGAIN - 1 ? 0 : Math.min(room, Math.max(1, Math.floor(room / PART_AGAIN)));

/** Counts what was taken, for the retries' share. */
export function countTaken(
  lane: Pick<AnyLane, 'passed'>,
  taken: Record<Classed['claimClass'], number>,
): void {
  lane.passed = (taken.again > 0 ? 0 : lane.passed) + taken.first;
}

/** A rate-limited lane holds what may leave within a second, and leaves the rest to the other instances. */
const mostPaced = ({ rate }: Pick<AnyLane, 'rate'>): number =>
  rate === null ? Number.POSITIVE_INFINITY : Math.max(1, Math.floor(rate));

function roundsOf(lane: AnyLane, { isExact }: LaneLimits): number {
  return isExact || lane.isFailing
    ? 1
    : Math.min(PREFETCH_ROUNDS, Math.max(1, AHEAD_MS / Math.max(1, lane.usualMs)));
}

/** How many deliveries are worth claiming now. Claiming ahead pays only if the endpoint is quick. */
export function roomIn(lane: AnyLane, limits: LaneLimits): number {
  const ahead = Math.floor(widthOf(lane, limits) * roundsOf(lane, limits));
  // Jobs under way count in the width, and no longer in the pace.
  const room = Math.min(ahead - heldIn(lane), mostPaced(lane) - lane.waiting.length);
  // A claim of a few costs as much as one of many, because it waits for the disk: so at least a quarter at once. If
  // nothing is claimed ahead, that would leave slots empty: then any free slot is filled.
  const fewest = limits.isExact ? 1 : Math.min(ahead, mostPaced(lane)) / 4;
  return room < fewest ? 0 : room;
}

/** A look may leave it out: a failing endpoint has its one request, and what follows is not urgent. */
export const isProbing = (lane: AnyLane): boolean => lane.isFailing && heldIn(lane) > 0;

export function wantsMore(lane: AnyLane, context: LaneContext): boolean {
  return (
    (lane.mayHaveFirst || lane.mayHaveAgain) &&
    lane.parkedUntil <= context.now &&
    roomIn(lane, context) > 0
  );
}

/** The lane that holds least among those that want more, so that no endpoint waits behind a busy one. */
export function nextLane<Job>(lanes: Iterable<Lane<Job>>, context: LaneContext): Lane<Job> | null {
  let best: Lane<Job> | null = null;
  for (const lane of lanes) {
    if (!wantsMore(lane, context)) continue;
    if (!best || heldIn(lane) < heldIn(best)) best = lane;
  }
  return best;
}

export const usualAfter = (usualMs: number, ms: number): number =>
  Number.isFinite(usualMs) ? usualMs * 0.8 + ms * 0.2 : ms;

const countAgain = (job: Classed) => (job.claimClass === 'again' ? 1 : 0);

/**
 * Takes out the job that may start now. That is the one that has waited longest, except that first attempts pass retries
 * beyond the retries' share. Undefined if no job may start, or if the webhook is parked or busy.
 */
export function takeNext<Job extends Classed>(
  lane: Lane<Job>,
  context: LaneContext,
): Job | undefined {
  if (lane.parkedUntil > context.now || lane.inFlight >= widthOf(lane, context)) return undefined;
  const index = indexOfNext(lane, context);
  const next = lane.waiting[index];
  if (next === undefined || (next.notBefore ?? 0) > context.now) return undefined;
  return lane.waiting.splice(index, 1)[0];
}

/** When the next request of a rate-limited webhook may leave (ms); null if nothing is held back. */
export function nextSlot<Job extends Classed>(
  lane: Lane<Job>,
  context: LaneContext,
): number | null {
  const at = lane.waiting[indexOfNext(lane, context)]?.notBefore;
  return at !== undefined && at > context.now ? at : null;
}

/**
 * The index of the next job; -1 if there is none. Retries beyond their share must wait, and so must a first attempt whose
 * document has another one under way, or waiting before it.
 */
function indexOfNext<Job extends Classed>(lane: Lane<Job>, limits: LaneLimits): number {
  const takesAgain = lane.inFlightAgain < widthAgain(lane, limits);
  const before = new Set<string>();
  return lane.waiting.findIndex((job) => {
    const { firstOf } = job;
    const isBehind = firstOf != null && (lane.documents.has(firstOf) || before.has(firstOf));
    if (firstOf != null) before.add(firstOf);
    return !isBehind && (takesAgain || countAgain(job) === 0);
  });
}

/** The job is under way. */
export function begin(lane: AnyLane, job: Classed): void {
  lane.inFlight += 1;
  lane.inFlightAgain += countAgain(job);
  if (job.firstOf != null) lane.documents.add(job.firstOf);
}

/** The job was answered: the next first attempt of its document may start. The job may keep its slot. */
export function answer(lane: AnyLane, job: Classed): void {
  if (job.firstOf != null) lane.documents.delete(job.firstOf);
}

/** The job's slot is free. */
export function end(lane: AnyLane, job: Classed): void {
  lane.inFlight -= 1;
  lane.inFlightAgain -= countAgain(job);
}

/**
 * Takes out what waits for its time while the receiver pauses: all those times would be over after the pause, and
 * everything would leave at once. Claimed again, it gets new times.
 */
export const takeOutpaced = <Job>(lane: Lane<Job>, now: number): Job[] =>
  lane.rate !== null && lane.parkedUntil > now ? lane.waiting.splice(0) : [];
