/** Looks again and again, one look at a time, as long as this process serves. */
import type { Clock } from '../strapi/clock.service';

type Options = {
  clock: Clock;
  look(): Promise<void>;
  everyMs: number;
  log: { warn(message: string): void };
};

export const createWatching = ({ clock, look, everyMs, log }: Options) => {
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> | null = null;
  let isAgain = false;

  const now = (): void => {
    if (!timer) return;
    isAgain = looking !== null;
    looking ??= look()
      .catch((error: Error) =>
        log.warn(`workflow-webhooks: replications are looked at again later: ${error.message}`),
      )
      .finally(() => {
        looking = null;
        if (isAgain) now();
      });
  };
  clock.onTurn(now);

  return {
    start: () => {
      timer ??= setInterval(now, everyMs);
      now();
    },
    /** Ends when nothing is being looked at any more. */
    stop: async () => {
      clearInterval(timer);
      timer = undefined;
      await looking;
    },
  };
};
