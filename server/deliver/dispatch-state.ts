/**
 * The dispatcher's state, what may happen to it, and the actions that may follow; and what most inputs lead to: jobs leave,
 * the next lane is filled, and lanes follow the webhooks and healths that were read. Pure.
 */
import type { ActiveWebhook } from '../match/active.service';
import type { ClaimedRow } from '../store/outbox/claim.service';
import type { Job } from './claims.service';
import type { Filled } from './engines/database.service';
import {
  begin,
  end,
  wantsMore,
  isIdle,
  newLane,
  nextLane,
  nextSlot,
  raise,
  takeNext,
  takeOutpaced,
  type Lane,
  type LaneLimits,
} from './lane';
import type { Effect, Posted } from './record.service';

export type Settings = {
  limits: LaneLimits;
  /** Requests that may be under way to all webhooks together. */
  concurrency: number;
  /** How long an attempt may take (ms). */
  timeout: number;
  /** How often the database is searched for due deliveries (ms). */
  lookEvery: number;
  mayHandOver: boolean;
  /** Requests that leave in one turn of the event loop. */
  perTurn: number;
  /** Whether a claim for a lane finds what waited behind a recorded delivery. Otherwise it must be announced. */
  claimsFollowers: boolean;
};

export type State = {
  readonly settings: Settings;
  mode: 'stopped' | 'running' | 'stopping';
  /** `disabled`: the webhooks that were disabled during the read, which may be older than that. */
  filling:
    | { mode: 'idle' }
    | { mode: 'reading'; disabled: Set<string> }
    | { mode: 'claiming'; lane: Lane<Job> };
  looking: 'waiting' | 'looking';
  /** When the last look began, on the monotonic timer (ms). */
  lookedAt: number;
  known: 'current' | 'outdated';
  webhooks: Map<string, ActiveWebhook>;
  /** The list that `webhooks` was made of; null if `webhooks` lacks some of it, which may come back. */
  listed: readonly ActiveWebhook[] | null;
  lanes: Map<string, Lane<Job>>;
  /** The lanes in which anything may happen. An empty one leaves at the next walk. */
  active: Set<Lane<Job>>;
  /** The lanes whose webhooks fail. */
  failing: Set<Lane<Job>>;
  /** Webhooks whose receivers want no more; that they are disabled is not recorded yet. */
  disabling: Set<string>;
  /** Slots that are not free. */
  taken: number;
  leftThisTurn: number;
};

/** An answered job, and what is recorded of it. */
export type Post = { job: Job; posted: Posted };

/** The health of each webhook that fails or pauses, by webhook id. A webhook that is not in the map is healthy. */
export type Healths = ReadonlyMap<string, { health: { state: string }; parkedUntil: number }>;

export type Happened =
  | { kind: 'start' }
  | { kind: 'stop' }
  | { kind: 'stopped' }
  /** Regularly. `at`: the monotonic timer (ms). */
  | { kind: 'tick'; at: number }
  /** A new turn of the event loop began. */
  | { kind: 'turn' }
  /** Something may be due for these webhooks, or for any. `from` others: they announced it themselves. */
  | { kind: 'due'; webhookIds?: readonly string[]; from: 'here' | 'others' }
  /** The next request of a rate-limited webhook may leave. */
  | { kind: 'paced'; webhookId: string }
  /** After a commit: deliveries that were stored as claimed, and webhooks with more to claim. */
  | { kind: 'stored'; handed: readonly Job[]; waiting: readonly string[] }
  | { kind: 'read'; webhooks: readonly ActiveWebhook[]; healths: Healths }
  | { kind: 'claimed'; filled: Filled }
  | { kind: 'looked'; due: readonly string[] }
  | { kind: 'failed'; what: 'read' | 'claim' | 'look' }
  | { kind: 'answered'; post: Post; ms: number }
  /** The attempt did not happen, and there is nothing to record. */
  | { kind: 'unsent'; job: Job }
  | { kind: 'recorded'; posts: readonly Post[]; effects: readonly Effect[] }
  /** Something waited for these first attempts, if its webhook is among `webhookIds`. */
  | { kind: 'followed'; firsts: readonly ClaimedRow[]; webhookIds: readonly string[] }
  | { kind: 'slotFree'; job: Job };

export type Action =
  /** Notify the other processes, as far as the engine can. */
  | { kind: 'announce'; webhookIds?: readonly string[] }
  | { kind: 'read' }
  /** `slots`: how many could leave now. */
  | { kind: 'claim'; lane: Lane<Job>; slots: number }
  | { kind: 'look' }
  | { kind: 'findFollowers'; firsts: ClaimedRow[] }
  | { kind: 'hold'; rows: ClaimedRow[] }
  /** Release claims, and then announce them if so requested. */
  | { kind: 'giveBack'; rows: ClaimedRow[]; announce: boolean }
  | { kind: 'drop'; webhookId: string }
  /** At that time (ms) comes `due` from here, `due` from others, or `paced`. */
  | { kind: 'alarm'; rings: 'due' | 'retry' | 'paced'; webhookId: string; at: number }
  | { kind: 'awaitTurn' }
  | { kind: 'send'; job: Job; webhook: ActiveWebhook }
  | { kind: 'record'; post: Post; isUrgent: boolean }
  /** After a short random time comes `slotFree`. */
  | { kind: 'freeSlotLater'; job: Job };

export function due(webhookIds: readonly string[] | undefined, from: 'here' | 'others'): Happened {
  return { kind: 'due', webhookIds, from };
}

type Alarm = Extract<Action, { kind: 'alarm' }>;

/** An alarm rang. */
export function rung(rings: Alarm['rings'], webhookId: string): Happened {
  return rings === 'paced'
    ? { kind: 'paced', webhookId }
    : due([webhookId], rings === 'due' ? 'here' : 'others');
}

export function newState(settings: Settings): State {
  return {
    settings,
    mode: 'stopped',
    filling: { mode: 'idle' },
    looking: 'waiting',
    lookedAt: Number.NEGATIVE_INFINITY,
    known: 'outdated',
    webhooks: new Map(),
    listed: null,
    lanes: new Map(),
    active: new Set(),
    failing: new Set(),
    disabling: new Set(),
    taken: 0,
    leftThisTurn: 0,
  };
}

export function laneOf({ lanes }: State, webhookId: string): Lane<Job> {
  const lane = lanes.get(webhookId) ?? newLane<Job>(webhookId);
  lanes.set(webhookId, lane);
  return lane;
}

/** Something may be due in the lane. */
export function expectDue({ active }: State, lane: Lane<Job>) {
  raise(lane);
  active.add(lane);
}

export function setFailing({ failing }: State, lane: Lane<Job>, isFailing: boolean) {
  lane.isFailing = isFailing;
  if (isFailing) failing.add(lane);
  else failing.delete(lane);
}

/** A webhook that is not known yet may be new. */
export function laneOrUnknown(state: State, webhookId: string): Lane<Job> {
  if (!state.webhooks.has(webhookId)) state.known = 'outdated';
  return laneOf(state, webhookId);
}

/** A step of the scheduler: actions are added to it. */
export type Step = { state: State; now: number; actions: Action[] };

export function onTurn(step: Step) {
  const wasFull = step.state.leftThisTurn >= step.state.settings.perTurn;
  step.state.leftThisTurn = 0;
  if (wasFull) launchAll(step);
}

export function launchAll(step: Step) {
  const lanes = [...step.state.active].filter(({ waiting }) => waiting.length > 0);
  for (const lane of lanes.sort((one, other) => one.inFlight - other.inFlight)) {
    if (isFull(step.state)) return;
    launch(step, lane);
  }
}

/** Sends what may leave, and gives back what may not leave for long. */
export function launch(step: Step, lane: Lane<Job>) {
  const { state, now, actions } = step;
  const { webhookId } = lane;
  const webhook = state.mode === 'running' ? state.webhooks.get(webhookId) : undefined;
  if (!webhook) return giveBack(step, lane.waiting.splice(0));
  giveBack(step, takeOutpaced(lane, now));
  const context = { ...state.settings.limits, now };
  while (hasSlot(state, lane)) {
    if (isFull(state)) return;
    const job = takeNext(lane, context);
    if (!job) {
      const at = nextSlot(lane, context);
      if (at !== null) actions.push({ kind: 'alarm', rings: 'paced', webhookId, at });
      return;
    }
    if (state.leftThisTurn === 0) actions.push({ kind: 'awaitTurn' });
    state.leftThisTurn += 1;
    state.taken += 1;
    begin(lane, job);
    actions.push({ kind: 'send', job, webhook });
  }
}

/** The next turn launches all lanes again. */
const isFull = ({ mode, leftThisTurn, settings }: State): boolean =>
  mode === 'running' && leftThisTurn >= settings.perTurn;

export function giveBack({ actions }: Step, jobs: readonly Job[], announce = false) {
  if (jobs.length > 0)
    actions.push({ kind: 'giveBack', rows: jobs.map(({ row }) => row), announce });
}

/** One slot of every lane is its own: endpoints that hang, however many, do not stop one that answers. */
const hasSlot = ({ taken, settings }: State, lane: Lane<Job>): boolean =>
  lane.inFlight === 0 || taken < settings.concurrency;

/** How many more of this lane could leave at once. Jobs of rate-limited webhooks wait without a slot. */
function slotsFor({ active, settings, taken }: State, lane: Lane<Job>): number {
  const waiting = [...active]
    .filter(({ rate }) => rate === null)
    .reduce((sum, one) => sum + one.waiting.length, 0);
  const free = settings.concurrency - taken - waiting;
  return Math.max(free, lane.inFlight + lane.waiting.length === 0 ? 1 : 0);
}

/** Fills the next lane, unless one is being filled. */
export function fillNext({ state, now, actions }: Step) {
  if (state.mode !== 'running' || state.filling.mode !== 'idle') return;
  if (state.known === 'outdated') {
    state.known = 'current';
    state.filling = { mode: 'reading', disabled: new Set() };
    actions.push({ kind: 'read' });
    return;
  }
  for (const lane of state.active) if (isIdle(lane)) state.active.delete(lane);
  const lanes = [...state.active].filter(
    (lane) => state.webhooks.has(lane.webhookId) && hasSlot(state, lane),
  );
  const lane = nextLane(lanes, { ...state.settings.limits, now });
  if (!lane) return;
  state.filling = { mode: 'claiming', lane };
  actions.push({ kind: 'claim', lane, slots: slotsFor(state, lane) });
}

export function advance(step: Step, lane: Lane<Job>) {
  launch(step, lane);
  if (wantsMore(lane, { ...step.state.settings.limits, now: step.now })) fillNext(step);
}

/** The free slot is for this lane. If all slots were taken, it is for any lane that waited for one. */
export function freeSlot(step: Step, job: Job) {
  const { state } = step;
  const lane = laneOf(state, job.row.webhook_id);
  state.taken -= 1;
  end(lane, job);
  if (state.taken !== state.settings.concurrency - 1) return advance(step, lane);
  launchAll(step);
  fillNext(step);
}

export function park({ actions }: Step, lane: Lane<Job>, until: number) {
  if (until <= lane.parkedUntil) return;
  lane.parkedUntil = until;
  actions.push({ kind: 'alarm', rings: 'due', webhookId: lane.webhookId, at: until });
}

export function replaceWebhooks(
  state: State,
  webhooks: readonly ActiveWebhook[],
  disabled: ReadonlySet<string>,
) {
  const before = new Set(state.webhooks.keys());
  // A list that was read before a webhook was disabled still has it, and must not count as handled.
  state.listed = disabled.size > 0 ? null : webhooks;
  state.webhooks.clear();
  for (const webhook of webhooks) {
    if (state.disabling.has(webhook.id) || disabled.has(webhook.id)) continue;
    state.webhooks.set(webhook.id, webhook);
    const lane = laneOf(state, webhook.id);
    lane.rate = webhook.rateLimit;
    lane.isOrdered = webhook.ordered;
    if (!before.has(webhook.id)) expectDue(state, lane);
  }
}

/** Webhooks that are not named are healthy. */
export function applyHealths(step: Step, healths: Healths) {
  const { state } = step;
  for (const lane of [...state.failing])
    if (!healths.has(lane.webhookId)) setFailing(state, lane, false);
  for (const [webhookId, { health, parkedUntil }] of healths) {
    const lane = state.lanes.get(webhookId);
    if (!lane) continue;
    setFailing(state, lane, health.state === 'failing');
    park(step, lane, parkedUntil);
  }
}

/** What is under way ends first. */
export function removeLane(step: Step, lane: Lane<Job>) {
  const { state, actions } = step;
  const { webhookId } = lane;
  giveBack(step, lane.waiting.splice(0));
  if (lane.inFlight > 0) return;
  state.lanes.delete(webhookId);
  state.active.delete(lane);
  state.failing.delete(lane);
  actions.push({ kind: 'drop', webhookId });
}
