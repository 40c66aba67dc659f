/** One deadline over several calls. */
export type Deadline = {
  /** Milliseconds that are left; never less than 1, which a call then takes as over at once. */
  left(): number;
  spent(): number;
  /** Whichever comes first: the value, the end of the time, or the stop. */
  race<Value>(waited: Promise<Value>, signal?: AbortSignal): Promise<Value | 'late' | 'aborted'>;
};

export const deadlineOf = (timeout: number): Deadline => {
  const startedAt = performance.now();
  const spent = () => Math.round(performance.now() - startedAt);
  const left = () => Math.max(1, timeout - spent());
  return {
    left,
    spent,
    race: (waited, signal) =>
      new Promise((resolve, reject) => {
        const over = () => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', stop);
        };
        const end = (value: 'late' | 'aborted') => {
          over();
          resolve(value);
        };
        const stop = () => end('aborted');
        const timer = setTimeout(() => end('late'), left());
        signal?.addEventListener('abort', stop);
        waited.finally(over).then(resolve, reject);
        if (signal?.aborted) stop();
      }),
  };
};
