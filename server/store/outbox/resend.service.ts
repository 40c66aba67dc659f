/** Puts finished deliveries back in the queue, with the body and the id they had; or takes waiting ones out of it. */
import { sentence } from '../../contract/sentences';
import { VALIDATION } from '../../contract/catalogue';
import type { DeliveryState } from '../../contract/delivery';
import { BATCH, createBatches, type Stretch } from './batches.service';
import { narrowed, RESENDABLE, sendable, type Choice } from './narrowed';
import { persistently } from './persistently';
import type { Tables } from './tables.service';

export type Many = Choice & {
  state: readonly DeliveryState[];
  /** Of these alone. */
  ids?: readonly number[];
};

type Context = { webhookIds: readonly string[]; now(): number };

/** How far to go: from the whole of the log as it is now, or on from where an earlier call ended. */
export type Reach = { stretch?: Stretch; limit?: number };
export type Reached = { count: number; next: Stretch | null };

const WAITING: readonly DeliveryState[] = ['pending', 'retrying'];

export const createResend = (tables: Tables) => {
  const { whole, batches } = createBatches(tables);

  const back = (now: number) => ({
    state: 'retrying' as const,
    due_at: now,
    reason: null,
    trigger: 'resend' as const,
    delivered_at: null,
  });

  /** False if the delivery is already waiting for its first attempt or being sent. */
  const resend = async (id: number, now: number): Promise<boolean> =>
    (await tables
      .deliveries()
      .where('id', id)
      .whereNot('event', VALIDATION)
      .whereIn('state', [...RESENDABLE])
      .update(back(now))) > 0;

  const chosen = (many: Many, among: readonly string[], states: readonly DeliveryState[]) => {
    const state = many.state.filter((one) => states.includes(one));
    const rows = sendable(narrowed(tables.deliveries(), { ...many, state }), among);
    return many.ids ? rows.whereIn('id', [...many.ids]) : rows;
  };

  /** In statements of a few hundred rows each: a state that changed meanwhile is left as it is, and not counted. */
  const changeMany = async (
    { many, states, change }: { many: Many; states: typeof RESENDABLE; change(): object },
    { webhookIds, stretch, limit = Number.MAX_SAFE_INTEGER }: Omit<Context, 'now'> & Reach,
  ): Promise<Reached> => {
    const reach = stretch ?? (await whole());
    const choose = () => chosen(many, webhookIds, states).select('id');
    let looked = 0;
    let count = 0;
    for await (const rows of batches<{ id: number }>(choose, reach, Math.min(BATCH, limit))) {
      const ids = rows.map(({ id }) => id);
      const left = () =>
        tables
          .deliveries()
          .whereIn('id', ids)
          .whereIn('state', [...states]);
      count += await persistently(() => left().update(change()));
      looked += ids.length;
      const after = ids[ids.length - 1] ?? reach.last;
      if (looked >= limit) return { count, next: { after, last: reach.last } };
    }
    return { count, next: null };
  };

  /** Each batch is due a little later than the one before, so that a claim never has to sort all of them. */
  const resendMany = (many: Many, { now, ...context }: Context & Reach) =>
    changeMany({ many, states: RESENDABLE, change: () => back(now()) }, context);

  const cancelMany = (many: Many, { now, ...context }: Context & Reach) => {
    const reason = sentence('delivery-cancelled');
    const change = () => ({ state: 'cancelled', due_at: now(), reason });
    return changeMany({ many, states: WAITING, change }, context);
  };

  /** How many `resendMany` or `cancelMany` would find now, by webhook. */
  const countMany = async (
    many: Many,
    webhookIds: readonly string[],
    what: 'resend' | 'cancel',
  ): Promise<{ id: string; count: number }[]> => {
    const states = what === 'resend' ? RESENDABLE : WAITING;
    const rows = (await chosen(many, webhookIds, states)
      .groupBy('webhook_id')
      .select('webhook_id')
      .count({ total: '*' })) as { webhook_id: string; total: number | string }[];
    return rows.map(({ webhook_id, total }) => ({ id: webhook_id, count: Number(total) }));
  };

  return { resend, resendMany, cancelMany, countMany };
};
