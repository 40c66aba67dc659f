/** Keeps a run alive in the book for as long as somebody works at it. */
import { BEAT_MS, type Runs } from './runs.service';

type Options = { runs: Runs; runId: string; mine: Set<string> };

/** Answers what stops it. A beat that fails is tried again: the lease outlives several. */
export const keepAlive = ({ runs, runId, mine }: Options) => {
  mine.add(runId);
  let isBeating = false;
  const beat = () => {
    if (isBeating) return;
    isBeating = true;
    runs
      .beat(runId)
      .then((goesOn) => goesOn || stop())
      .catch(() => undefined)
      .finally(() => (isBeating = false));
  };
  const timer = setInterval(beat, BEAT_MS);
  timer.unref();
  const stop = () => {
    clearInterval(timer);
    mine.delete(runId);
  };
  return stop;
};
