/**
 * The only clock of the outbox: the database's, carried by the process's monotonic timer, so that leases mean the same
 * to every instance and a stepped system clock does no harm. Tests turn it.
 */
import { better, measurementOf, type Measurement } from './measurement';

const ALIGN_EVERY_MS = 60_000;

export const createClock = (readDatabaseTime: () => Promise<number>) => {
  const timer = () => performance.timeOrigin + performance.now();
  let measured: Measurement | null = null;
  let turned = 0;
  let minutely: NodeJS.Timeout | undefined;
  const listeners: (() => void)[] = [];

  const offset = () => measured?.offset ?? 0;

  /** Measures the database's clock against the timer. While all connections are busy, the answer takes long. */
  const align = async (): Promise<void> => {
    const sent = timer();
    const at = await readDatabaseTime();
    measured = better(measured, measurementOf(sent, timer(), at));
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
