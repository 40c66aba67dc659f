/** Runs one command on many documents, a few at a time, and keeps what became of each. */
import type { StateAnswer } from '../../../server/contract/document';
import type { Outcome } from '../outcome';
import { isRefused } from '../panel/ended';

export type Result =
  | Exclude<Outcome, { kind: 'checked' }>
  /** The command does not lead on from the document's state, so nobody was asked. */
  | { kind: 'notPossible'; state: StateAnswer }
  | { kind: 'cancelled' };

export type Progress = Result | { kind: 'waiting' } | { kind: 'running' };

type Options = {
  documentIds: readonly string[];
  /** Never rejects. */
  run: (documentId: string) => Promise<Result>;
  /** Asked before each: what has begun is not interrupted. */
  isCancelled: () => boolean;
  onProgress: (documentId: string, progress: Progress) => void;
};

/** Each one asks endpoints, and they serve others too. */
export const AT_A_TIME = 2;

export const runOnAll = async ({ documentIds, run, isCancelled, onProgress }: Options) => {
  const waiting = [...documentIds];
  const work = async () => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      if (isCancelled()) {
        onProgress(id, { kind: 'cancelled' });
        continue;
      }
      onProgress(id, { kind: 'running' });
      onProgress(id, await run(id));
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
};

export const isEnded = ({ kind }: Progress): boolean => kind !== 'waiting' && kind !== 'running';

/** The word for a result. A command did not run if answers were missing or unreadable; nobody refused it. */
export const wordFor = (progress: Progress): Progress['kind'] =>
  progress.kind === 'refused' && !isRefused(progress.verdicts) ? 'failed' : progress.kind;

const RESULT_KINDS = ['moved', 'refused', 'notPossible', 'failed', 'cancelled'] as const;

/** How many came to each end, without those that none came to. */
export const tally = (progress: readonly Progress[]) =>
  RESULT_KINDS.map((kind) => ({
    kind,
    count: progress.filter((one) => wordFor(one) === kind).length,
  })).filter(({ count }) => count > 0);
