/** The dispatcher's state, what may happen to it, and the actions that may follow. Pure. */
import type { ActiveWebhook } from '../match/active';
import type { ClaimedRow } from '../store/outbox/claim.service';
import type { Job } from './claims.service';
import type { Filled } from './engines/database.service';
import { newLane, type Lane, type LaneLimits } from './lane';
import type { Effect, Posted } from './record.service';

export type Settings = {
  limits: LaneLimits;
  /** Requests that may be under way to all webhooks together. */
  concurrency: number;
  /** How long an attempt may take (ms). */
  timeout: number;
  /** How often the database is asked what is due (ms). */
  lookEvery: number;
  mayHandOver: boolean;
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
  lanes: Map<string, Lane<Job>>;
  /** Webhooks whose receivers want no more; that they are disabled is not recorded yet. */
  barred: Set<string>;
  /** Slots that are not free. */
  taken: number;
  leftThisTurn: number;
};

/** An answered job, and what is recorded of it. */
export type Post = { job: Job; posted: Posted };

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
  | { kind: 'look'; webhookIds: string[] }
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

export const due = (
  webhookIds: readonly string[] | undefined,
  from: 'here' | 'others',
): Happened => ({ kind: 'due', webhookIds, from });

type Alarm = Extract<Action, { kind: 'alarm' }>;

/** An alarm rang. */
export const rung = (rings: Alarm['rings'], webhookId: string): Happened =>
  rings === 'paced'
    ? { kind: 'paced', webhookId }
    : due([webhookId], rings === 'due' ? 'here' : 'others');

export const newState = (settings: Settings): State => ({
  settings,
  mode: 'stopped',
  filling: { mode: 'idle' },
  looking: 'waiting',
  lookedAt: Number.NEGATIVE_INFINITY,
  known: 'outdated',
  webhooks: new Map(),
  lanes: new Map(),
  barred: new Set(),
  taken: 0,
  leftThisTurn: 0,
});

/** The lanes of webhooks that may be sent to. */
export const wantedLanes = ({ lanes, webhooks }: State): Lane<Job>[] =>
  [...lanes.values()].filter(({ webhookId }) => webhooks.has(webhookId));

export function laneOf({ lanes }: State, webhookId: string): Lane<Job> {
  const lane = lanes.get(webhookId) ?? newLane<Job>(webhookId);
  lanes.set(webhookId, lane);
  return lane;
}

/** A webhook that is not known yet may be new. */
export function laneOrUnknown(state: State, webhookId: string): Lane<Job> {
  if (!state.webhooks.has(webhookId)) state.known = 'outdated';
  return laneOf(state, webhookId);
}
