/**
 * The only clock of the outbox: the database's, carried by the process's monotonic timer, so that leases mean the same
 * to every instance and a stepped system clock does no harm. Tests turn it.
 */
import type { Core } from '@strapi/strapi';
import { better, measurementOf, type Measurement } from './measurement';

/**
 * Milliseconds since 1970, without any local time in between: in the hour that the end of summer time repeats,
 * `unix_timestamp(now())` of MySQL and MariaDB is an hour off.
 */
export const NOW_SQL = {
  sqlite: "select cast((julianday('now') - 2440587.5) * 86400000 as integer) as at",
  postgres: 'select (extract(epoch from clock_timestamp()) * 1000)::bigint as at',
  mysql: "select timestampdiff(microsecond, '1970-01-01', utc_timestamp(3)) div 1000 as at",
} as const;

const ALIGN_EVERY_MS = 60_000;

export const createClock = (strapi: Core.Strapi) => {
  const timer = () => performance.timeOrigin + performance.now();
  let measured: Measurement | null = null;
  let turned = 0;
  let minutely: NodeJS.Timeout | undefined;
  const listeners: (() => void)[] = [];

  const offset = () => measured?.offset ?? 0;

  /** Measures the database's clock against the timer. While all connections are busy, the answer takes long. */
  const align = async (): Promise<void> => {
    const sent = timer();
    const answer = await strapi.db.connection.raw(
      NOW_SQL[strapi.db.dialect.client as keyof typeof NOW_SQL],
    );
    measured = better(measured, measurementOf(sent, timer(), Number(firstRowOf(answer).at)));
  };

  return {
    align,
    /** Measures again once a minute, because clocks drift. */
    start: () => {
      minutely ??= setInterval(() => align().catch(() => undefined), ALIGN_EVERY_MS);
    },
    stop: () => {
      clearInterval(minutely);
      minutely = undefined;
    },
    /** Milliseconds since 1970. */
    now: () => Math.round(timer() + offset()) + turned,
    /** How far this process's own clock is behind the database's, in ms. */
    skew: () => Math.round(timer() + offset() - Date.now()),
    /** For tests: moves the clock ahead. */
    turn: (ms: number) => {
      turned += ms;
      for (const listener of listeners) listener();
    },
    onTurn: (listener: () => void) => listeners.push(listener),
  };
};

export type Clock = ReturnType<typeof createClock>;

/** Drivers answer `raw` in their own ways: `{ rows }`, `[row]` or `[[row]]`. */
function firstRowOf(answer: unknown): { at: number | string } {
  const list = answer as { rows?: { at: string }[] } & [unknown];
  const first = list.rows ? list.rows[0] : list[0];
  return (Array.isArray(first) ? first[0] : first) as { at: number | string };
}
