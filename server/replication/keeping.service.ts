/** Keeps a run alive in the book for as long as somebody works at it, and hears who wants it to end. */
import type { RunProgress } from '../contract/replication';
import { BEAT_MS, type Runs } from './runs.service';

type Options = {
  runs: Runs;
  runId: string;
  mine: Set<string>;
  /** How far it has come; null where that is not known. */
  progress?(): RunProgress;
  /** Once: somebody asked for its end. */
  onCancel?(): void;
  /** Once: the book says that it is over. */
  onLost?(): void;
};

/** Answers what stops it. A beat that fails is tried again: the lease outlives several. */
export const keepAlive = ({ runs, runId, mine, progress, onCancel, onLost }: Options) => {
  let isAsked = false;
  mine.add(runId);
  const beat = async () => {
    const { goesOn, isEnding } = await runs.beat(runId, progress?.() ?? null);
    if (!goesOn) {
      stop();
      onLost?.();
    } else if (isEnding && !isAsked) {
      isAsked = true;
      onCancel?.();
    }
  };
  let isBeating = false;
  const timer = setInterval(() => {
    if (isBeating) return;
    isBeating = true;
    beat()
      .catch(() => undefined)
      .finally(() => (isBeating = false));
  }, BEAT_MS);
  timer.unref();
  const stop = () => {
    clearInterval(timer);
    mine.delete(runId);
  };
  return stop;
};
