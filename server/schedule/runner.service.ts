/** Looks every second for what is due, as long as this process sends; one look at a time. */
const EVERY_MS = 1_000;

type Options = {
  runDue(isWanted: () => boolean): Promise<void>;
  log: { error(message: string): void };
};

export const createRunner = ({ runDue, log }: Options) => {
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> | null = null;

  const look = (): Promise<void> =>
    (looking ??= runDue(() => timer !== undefined)
      .catch((error: Error) =>
        log.error(
          `workflow-webhooks: schedules are looked at again after an error: ${error.stack}`,
        ),
      )
      .finally(() => {
        looking = null;
      }));

  return {
    start: () => {
      timer ??= setInterval(() => void look(), EVERY_MS);
      void look();
    },
    /** Of use only where this process runs schedules. */
    wake: () => {
      if (timer) void look();
    },
    stop: async () => {
      clearInterval(timer);
      timer = undefined;
      await looking;
    },
  };
};
