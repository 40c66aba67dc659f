/** Puts finished deliveries back in the queue, with the body and the id they had; or takes waiting ones out of it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { EVENT_CATALOGUE, VALIDATION } from '../../contract/catalogue';
import type { DeliveryState } from '../../contract/delivery';
import { sentence } from '../../contract/sentences';
import { persistently } from '../dialect';
import type { Tables } from '../tables.service';
import { stillIn, UNFINISHED } from './due.service';
import {
  BATCH,
  batchesOf,
  chosenDeliveries,
  PAUSE_MS,
  wholeLog,
  type Choice,
  type Stretch,
} from './log.service';
import type { DeliveryRow } from './rows';
import { unfinishedWebhooks } from './waiting.service';

/** The states in which a delivery may be sent again: all in which it is not already on its way. */
const RESENDABLE: readonly DeliveryState[] = ['delivered', 'dead', 'cancelled', 'retrying'];
const WAITING: readonly DeliveryState[] = ['pending', 'retrying'];

export type Many = Choice & { state: readonly DeliveryState[] };

/** How far to go: from the whole of the log as it is now, or from the end of an earlier call. */
type Reach = { stretch?: Stretch; limit?: number };
type Context = Reach & { webhookIds: readonly string[]; now(): number };
export type Reached = { count: number; next: Stretch | null };

/** False if the delivery is already waiting for its first attempt or being sent. */
export async function resend(tables: Tables, id: number, now: number): Promise<boolean> {
  const count = await tables
    .deliveries()
    .where('id', id)
    .whereNot('event', VALIDATION)
    .whereIn('state', RESENDABLE)
    .update(resentAt(now));
  return count > 0;
}

/** Each batch is due a little later than the one before, so that a claim never has to sort all of them. */
export function resendMany(tables: Tables, many: Many, context: Context): Promise<Reached> {
  const change = () => resentAt(context.now());
  return changeMany(tables, { many, states: RESENDABLE, change }, context);
}

export function cancelMany(tables: Tables, many: Many, context: Context): Promise<Reached> {
  const reason = sentence('delivery-cancelled');
  const change = () => ({ state: 'cancelled' as const, due_at: context.now(), reason });
  return changeMany(tables, { many, states: WAITING, change }, context);
}

/** How many deliveries `resendMany` or `cancelMany` would find now, by webhook. */
export async function countMany(
  tables: Tables,
  many: Many,
  { webhookIds, action }: { webhookIds: readonly string[]; action: 'resend' | 'cancel' },
): Promise<{ id: string; count: number }[]> {
  const states = action === 'resend' ? RESENDABLE : WAITING;
  const rows: { webhook_id: string; total: number | string }[] = await chosenDeliveries(
    tables,
    amongStates(many, states, webhookIds),
  )
    .groupBy('webhook_id')
    .select('webhook_id')
    .count({ total: '*' });
  return rows.map(({ webhook_id, total }) => ({ id: webhook_id, count: Number(total) }));
}

type Change = {
  many: Many;
  states: readonly DeliveryState[];
  change(): Partial<DeliveryRow>;
};

/** In statements of a few hundred rows each: a state that changed meanwhile is left as it is, and not counted. */
async function changeMany(
  tables: Tables,
  { many, states, change }: Change,
  { webhookIds, stretch, limit = Number.MAX_SAFE_INTEGER }: Context,
): Promise<Reached> {
  const reach = stretch ?? (await wholeLog(tables));
  const choose = () => chosenDeliveries(tables, amongStates(many, states, webhookIds)).select('id');
  let looked = 0;
  let count = 0;
  for await (const rows of batchesOf<{ id: number }>(choose, reach, Math.min(BATCH, limit))) {
    const ids = rows.map(({ id }) => id);
    count += await persistently(() =>
      stillIn(tables.deliveries().whereIn('id', ids), states).update(change()),
    );
    looked += ids.length;
    const after = ids[ids.length - 1] ?? reach.last;
    if (looked >= limit) return { count, next: { after, last: reach.last } };
  }
  return { count, next: null };
}

function amongStates(many: Many, states: readonly DeliveryState[], among: readonly string[]) {
  return { ...many, state: many.state.filter((state) => states.includes(state)), among };
}

function resentAt(now: number) {
  return {
    state: 'retrying' as const,
    due_at: now,
    reason: null,
    trigger: 'resend' as const,
    delivered_at: null,
  };
}

const CONTENT_TYPE_EVENTS = EVENT_CATALOGUE.filter(({ scope }) => scope === 'content-type').map(
  ({ name }) => name,
);

type Cancellation = {
  webhookId: string;
  reason: string;
  now: number;
  /** Only what is about documents of this type. */
  uid?: string;
  /** Only what was made before (ms). */
  before?: number;
};

/**
 * Ends what can no longer be sent. It stays in the log with its reason. A hundred thousand may wait: small statements, so
 * that nobody waits for them.
 */
export async function cancelDeliveries(tables: Tables, wish: Cancellation): Promise<number> {
  let count = 0;
  for (const state of UNFINISHED) count += await cancelInState(tables, state, wish);
  return count;
}

/**
 * Cancels what was stored while its webhook was being deleted, by a transaction or an instance that did not know yet.
 * `before` (ms) leaves alone what is so new that its webhook may be unknown for the opposite reason.
 */
export async function cancelOrphans(
  tables: Tables,
  webhookIds: readonly string[],
  { before, now }: { before: number; now: number },
): Promise<number> {
  const reason = sentence('webhook-was-deleted');
  const known = new Set(webhookIds);
  let count = 0;
  for (const webhookId of await unfinishedWebhooks(tables))
    if (!known.has(webhookId))
      count += await cancelDeliveries(tables, { webhookId, reason, now, before });
  return count;
}

/** Cancelled deliveries leave that place of the index: the next batch begins where this one began. */
async function cancelInState(
  tables: Tables,
  state: DeliveryState,
  wish: Cancellation,
): Promise<number> {
  const { reason, now } = wish;
  for (let count = 0; ; await sleep(PAUSE_MS)) {
    const ids = await cancellableIds(tables, state, wish);
    const open = () => stillIn(tables.deliveries().whereIn('id', ids), UNFINISHED);
    if (ids.length > 0)
      count += await persistently(() =>
        open().update({ state: 'cancelled', reason, claim_id: null, due_at: now }),
      );
    if (ids.length < BATCH) return count;
  }
}

/** One state at a time, and in the order in which the index for claims holds them. */
async function cancellableIds(
  tables: Tables,
  state: DeliveryState,
  { webhookId, uid, before }: Cancellation,
): Promise<number[]> {
  const query = tables
    .deliveries()
    .where({ webhook_id: webhookId, state })
    .orderBy('due_at')
    .limit(BATCH)
    .select('id');
  if (uid !== undefined) query.where({ uid }).whereNotIn('event', CONTENT_TYPE_EVENTS);
  if (before !== undefined) query.where('created_at', '<', before);
  const found: { id: number }[] = await query;
  return found.map(({ id }) => id);
}
