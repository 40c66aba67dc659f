/** The goals of the benchmark, and how a figure is written beside its goal. Pure. */
import { median, summary } from './statistics';

export const GOALS = {
  /** Write rate with one webhook matching / Strapi's own webhooks with one. */
  write: 1,
  /** Write rate with no webhook matching / without the plugin. */
  none: 0.98,
  /** CPU per write with no webhook matching / without the plugin, at most. */
  noneCpu: 1.02,
  /** Write rate with sending stopped / without the plugin. */
  stored: 0.88,
  /** Drain over HTTPS / Strapi's own. */
  drain: 3,
  /** Drain over HTTP / the bare client. */
  bare: 0.5,
  /** Drain / each queue. */
  queue: 2,
  /** p99 of reads during a drain / idle, at most. */
  reads: 1.5,
  /** Percent of a core of an idle process, at most. */
  idle: 1.5,
  /** Creates a second with 300 webhooks that do not match / with one. */
  creates: 0.97,
  /** Milliseconds of a save that 200 webhooks want, minus one that a single webhook wants, at most. */
  fanOut: 60,
  p50: 10,
  p99: 50,
  gate: 10,
  processes: 3.6,
  isolation: 1.2,
  claims: 1.5,
  memory: 50,
};

export function mark(isMet: boolean): string {
  return isMet ? 'met' : 'MISSED';
}

/** The median, with the least and the most in brackets. */
export function rangeText(values: readonly number[], digits: number): string {
  const { median: middle, min, max } = summary(values);
  return `${middle.toFixed(digits)} (${min.toFixed(digits)}-${max.toFixed(digits)})`;
}

/** Ratios, of which the median must be at least the goal. */
export function ratioText(values: readonly number[], goal?: number): string {
  const text = rangeText(values, 2);
  return goal === undefined ? text : `${text} ${mark(median(values) >= goal)}`;
}

/** A value that must be at most the goal. */
export function atMostText(value: number, goal: number, digits = 2): string {
  return `${value.toFixed(digits)} ${mark(value <= goal)}`;
}

export function rate(values: readonly number[]): string {
  return median(values).toFixed(0);
}
