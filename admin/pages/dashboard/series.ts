/** What the chart of deliveries stacks: the states that mean the same to whoever looks, in fixed order. */
import type { DeliveryState, Bucket } from '../../../server/contract/delivery';

const SERIES = ['delivered', 'waiting', 'retrying', 'dead', 'cancelled'] as const;
export type SeriesName = (typeof SERIES)[number];

export type Counts = Record<SeriesName, number>;
export type Bar = { at: string } & Counts;

export const countsOf = (states: Record<DeliveryState, number>): Counts => ({
  delivered: states.delivered,
  waiting: states.pending + states.sending,
  retrying: states.retrying,
  dead: states.dead,
  cancelled: states.cancelled,
});

export const barsOf = (buckets: readonly Bucket[]): Bar[] =>
  buckets.map(({ at, states }) => ({ at, ...countsOf(states) }));

/** Cancelled ones are rare: they are shown where there are any. */
export const shownSeries = (states: Record<DeliveryState, number>): SeriesName[] =>
  SERIES.filter((name) => name !== 'cancelled' || states.cancelled > 0);

export const totalOf = (counts: Counts): number =>
  SERIES.reduce((total, name) => total + counts[name], 0);
