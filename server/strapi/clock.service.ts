/**
 * The only clock of the outbox: the database's, carried by the process's monotonic timer, so that leases mean the same
 * to every instance and a stepped system clock does no harm. Tests turn it.
 */

const ALIGN_EVERY_MS = 60_000;

/** Milliseconds since 1970 by the monotonic timer: the same in every thread of the process. */
export function timerNow(): number {
  return performance.timeOrigin + performance.now();
}

export function createClock(readDatabaseTime: () => Promise<number>) {
  let measured: Measurement | null = null;
  let turned = 0;
  let minutely: NodeJS.Timeout | undefined;
  const listeners: (() => void)[] = [];

  const databaseTime = () => Math.round(timerNow() + (measured?.offset ?? 0));

  /** Measures the database's clock against the timer. While all connections are busy, the answer takes long. */
  const align = async (): Promise<void> => {
    const sent = timerNow();
    const answer = await readDatabaseTime();
    measured = moreExact(measured, measurementOf(sent, timerNow(), answer));
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
    now: () => databaseTime() + turned,
    /** How far this process's own clock is behind the database's, in ms. */
    skew: () => databaseTime() - Date.now(),
    /** For tests: moves the clock ahead. */
    turn: (ms: number) => {
      turned += ms;
      for (const listener of listeners) listener();
    },
    onTurn: (listener: () => void) => listeners.push(listener),
  };
}

export type Clock = ReturnType<typeof createClock>;

type Repeating = { everyMs: number; clock: Clock; onError(error: Error): void };

/**
 * Calls `act` every `everyMs`, when it is woken and when the clock is turned, one call at a time. A call that takes longer
 * than `everyMs` is not repeated at once, unless it is woken meanwhile. `isWanted` is false after `stop`.
 */
export function createRepeating(
  act: (isWanted: () => boolean) => Promise<void>,
  { everyMs, clock, onError }: Repeating,
) {
  let timer: NodeJS.Timeout | undefined;
  let acting: Promise<void> | null = null;
  let isAgain = false;

  function wake(): void {
    if (!timer) return;
    isAgain = acting !== null;
    acting ??= act(() => timer !== undefined)
      .catch(onError)
      .finally(() => {
        acting = null;
        if (isAgain) wake();
      });
  }
  clock.onTurn(wake);

  return {
    start: (): void => {
      timer ??= setInterval(() => {
        if (!acting) wake();
      }, everyMs);
      wake();
    },
    /** Does nothing before `start`. */
    wake,
    /** Waits for the call that is under way. */
    stop: async (): Promise<void> => {
      clearInterval(timer);
      timer = undefined;
      await acting;
    },
  };
}

/** Passes on what is added within one turn of the event loop as one batch. */
export function inBatches<Item>(pass: (batch: Item[]) => void): (item: Item) => void {
  let batch: Item[] = [];
  const flush = () => {
    const full = batch;
    batch = [];
    pass(full);
  };
  return (item) => {
    if (batch.push(item) === 1) setImmediate(flush);
  };
}

type Measurement = {
  /** How far the database's clock is ahead of the timer (ms). */
  offset: number;
  /** The offset may be wrong by this much (ms): the database read its clock at any time within the round trip. */
  error: number;
  /** By the timer (ms). */
  at: number;
};

/** Two clocks may drift apart by this much in a millisecond (ms): ten times the drift of a bad quartz. */
const DRIFT = 1 / 1000;

/** `sent` and `received` by the timer, `answer` by the database's clock (ms). */
export function measurementOf(sent: number, received: number, answer: number): Measurement {
  return { offset: answer - (sent + received) / 2, error: (received - sent) / 2, at: received };
}

/** The new one, unless its round trip took so long that the old one is more exact in spite of its age. */
export function moreExact(known: Measurement | null, fresh: Measurement): Measurement {
  if (known === null) return fresh;
  return fresh.error > known.error + (fresh.at - known.at) * DRIFT ? known : fresh;
}
