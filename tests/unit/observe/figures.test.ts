/** How counted deliveries and measured attempts become the overview's figures. */
import {
  endpointsOf,
  figuresOf,
  latencyOf,
  type Group,
  type Sampled,
} from '../../../server/observe/figures';

const group = (changes: Partial<Group> = {}): Group => ({
  bucket: 0,
  webhookId: 'a',
  state: 'delivered',
  verdict: null,
  count: 1,
  ...changes,
});
const attempt = (durationMs: number, changes: Partial<Sampled> = {}): Sampled => ({
  bucket: 0,
  webhookId: 'a',
  outcome: 'delivered',
  durationMs,
  ...changes,
});

describe('Latency', () => {
  test('uses the nearest rank, for any order of the attempts', () => {
    const attempts = Array.from({ length: 200 }, (_, index) => attempt(200 - index));
    expect(latencyOf(attempts)).toEqual({ p50: 100, p95: 190, p99: 198 });
    expect(latencyOf([attempt(7)])).toEqual({ p50: 7, p95: 7, p99: 7 });
  });

  test('is of what reached somebody: a refused connection is no quick answer', () => {
    const quick = ['connection', 'blocked', 'auth', 'tooLarge'] as const;
    expect(latencyOf(quick.map((outcome) => attempt(0, { outcome })))).toBeNull();
    expect(latencyOf([attempt(15_000, { outcome: 'timeout' })])?.p50).toBe(15_000);
  });
});

describe('The endpoints', () => {
  test('are those with the most failures, then the slowest; a no of a validation is no failure', () => {
    const groups = [
      group({ webhookId: 'quick', count: 9 }),
      group({ webhookId: 'slow', count: 9 }),
      group({ webhookId: 'fails', state: 'retrying', count: 2 }),
      group({ webhookId: 'dies', state: 'dead', count: 3 }),
      group({ webhookId: 'asked', verdict: 'refused', count: 5 }),
      group({ webhookId: 'silent', state: 'dead', verdict: 'noAnswer', count: 1 }),
    ];
    const attempts = [
      attempt(1, { webhookId: 'quick' }),
      attempt(900, { webhookId: 'slow' }),
      attempt(500, { webhookId: 'asked' }),
    ];
    const found = endpointsOf({ groups, attempts }, new Map());
    expect(found.map(({ id, failed }) => [id, failed])).toEqual([
      ['dies', 3],
      ['fails', 2],
      ['silent', 1],
      ['slow', 0],
      ['asked', 0],
      ['quick', 0],
    ]);
  });

  test('hold one that only waits, and one that was deleted', () => {
    const known = new Map([
      ['b', { name: 'B', health: 'disabled' as const, enabled: false, waiting: 4 }],
    ]);
    const found = endpointsOf({ groups: [group()], attempts: [] }, known);
    expect(found).toEqual([
      expect.objectContaining({ id: 'b', name: 'B', waiting: 4, delivered: 0 }),
      expect.objectContaining({ id: 'a', name: null, waiting: 0, delivered: 1 }),
    ]);
  });
});

describe('The figures', () => {
  test('leave validations out of the deliveries, and estimate outcomes from the part that was looked at', () => {
    const counted = {
      groups: [group({ count: 6 }), group({ verdict: 'allowed', count: 2 })],
      attempts: [attempt(1), attempt(2, { outcome: 'refused' })],
      sampledEvery: 3,
    };
    const { states, buckets, outcomes } = figuresOf(
      counted,
      { from: 0, to: 90_000, width: 60_000 },
      new Map(),
    );
    expect(states.delivered).toBe(6);
    expect(buckets.map(({ at, states: inIt }) => [at, inIt.delivered])).toEqual([
      ['1970-01-01T00:00:00.000Z', 6],
      ['1970-01-01T00:01:00.000Z', 0],
    ]);
    expect(outcomes).toMatchObject({ delivered: 3, refused: 3, timeout: 0 });
  });
});
