/** One command on many documents: a few at a time, each with a result of its own, and stopped between them. */
import {
  AT_A_TIME,
  runOnAll,
  tally,
  wordFor,
  type Progress,
  type Result,
} from '../../../admin/content-manager/list/bulk-run';
import type { VerdictKind } from '../../../server/contract/document';

const state = { key: 'review', name: 'In review', color: '#ffd500', final: false };
const moved: Result = { kind: 'moved', state, verdicts: [] };

/** Ends when the test says so, and knows how many are under way at once. */
const runs = () => {
  const open = new Map<string, (result: Result) => void>();
  let most = 0;
  return {
    run: (id: string) =>
      new Promise<Result>((resolve) => {
        open.set(id, resolve);
        most = Math.max(most, open.size);
      }),
    open: () => [...open.keys()],
    most: () => most,
    end: async (id: string, result: Result = moved) => {
      open.get(id)?.(result);
      open.delete(id);
      await new Promise(setImmediate);
    },
  };
};

const start = (documentIds: string[]) => {
  const hand = runs();
  const progress: Record<string, Progress> = {};
  let isCancelled = false;
  const all = runOnAll({
    documentIds,
    run: hand.run,
    isCancelled: () => isCancelled,
    onProgress: (id, now) => {
      progress[id] = now;
    },
  });
  return { hand, progress, all, cancel: () => (isCancelled = true) };
};

describe('A command on many documents', () => {
  test('runs on two at a time, and on each of them', async () => {
    const { hand, progress, all } = start(['a', 'b', 'c']);
    expect(hand.open()).toEqual(['a', 'b']);
    await hand.end('b');
    expect(hand.open()).toEqual(['a', 'c']);
    await hand.end('a');
    await hand.end('c');
    await all;
    expect(progress).toEqual({ a: moved, b: moved, c: moved });
    expect(hand.most()).toBe(AT_A_TIME);
  });

  test('goes on after a refusal, and keeps what became of each', async () => {
    const { hand, progress, all } = start(['a', 'b', 'c']);
    const refused: Result = { kind: 'refused', verdicts: [], fields: {} };
    await hand.end('a', refused);
    await hand.end('b', { kind: 'notPossible', state });
    await hand.end('c');
    await all;
    expect(progress).toEqual({ a: refused, b: { kind: 'notPossible', state }, c: moved });
  });

  test('that is stopped ends what has begun, and begins nothing more', async () => {
    const { hand, progress, all, cancel } = start(['a', 'b', 'c', 'd']);
    cancel();
    await hand.end('a');
    await hand.end('b');
    await all;
    expect(progress).toEqual({
      a: moved,
      b: moved,
      c: { kind: 'cancelled' },
      d: { kind: 'cancelled' },
    });
  });

  test('is summed up by how it ended, without what happened to none', () => {
    const progress: Progress[] = [
      moved,
      moved,
      { kind: 'notPossible', state },
      { kind: 'waiting' },
      { kind: 'running' },
    ];
    expect(tally(progress)).toEqual([
      { kind: 'moved', count: 2 },
      { kind: 'notPossible', count: 1 },
    ]);
  });
});

test('A command that no validation refused is not told as refused', () => {
  const ended = (kind: VerdictKind): Result => ({
    kind: 'refused',
    verdicts: [
      {
        webhook: { id: 'a', name: 'A' },
        kind,
        mode: 'enforce',
        onError: 'refuse',
        message: '',
        errors: [],
        warnings: [],
        durationMs: 1,
      },
    ],
    fields: {},
  });
  expect(wordFor(ended('refused'))).toBe('refused');
  expect(wordFor(ended('unreadable'))).toBe('failed');
  expect(tally([ended('refused'), ended('noAnswer'), ended('unreadable')])).toEqual([
    { kind: 'refused', count: 1 },
    { kind: 'failed', count: 2 },
  ]);
});
