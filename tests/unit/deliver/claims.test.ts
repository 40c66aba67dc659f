/** Claims beside an outbox that is a list: what is in the lane, held and given back where something fails. */
import { createClaiming, createLeases, type Job } from '../../../server/deliver/claims.service';
import { newLane } from '../../../server/deliver/lane';
import type { ClaimedRow } from '../../../server/store/outbox/claim.service';
import type { ClaimClass } from '../../../server/store/outbox/due.service';

type Parts = Parameters<typeof createClaiming>[0];

const row = (id: number, attempt_count: number) =>
  ({ id, attempt_count, claim_id: 'claim' }) as ClaimedRow;

const scene = (fails: ClaimClass | null) => {
  const released: number[] = [];
  const leases = createLeases({
    lease: 1000,
    outbox: { extend: async () => undefined, release: async () => undefined },
    now: () => 0,
    onError: () => undefined,
  });
  const claiming = createClaiming({
    outbox: {
      claim: async () => [row(1, 0), row(2, 1), row(3, 0)],
      release: async (rows: ClaimedRow[]) => void released.push(...rows.map(({ id }) => id)),
      eventsOf: async () => new Map(),
      bodiesOf: async (rows: ClaimedRow[]) => {
        const claimClass = rows[0]?.attempt_count === 0 ? 'first' : 'again';
        if (claimClass === fails) throw new Error('No bodies today');
        return new Map();
      },
    },
    leases,
    now: () => 0,
    takeSlots: async () => 0,
  } as unknown as Parts);
  return { claiming, leases, released, lane: newLane<Job>('webhook') };
};

describe('a claim of both classes', () => {
  it('brings each into the lane, first attempts before others', async () => {
    const { claiming, lane } = scene(null);
    const taken = await claiming.claimThese(lane, [1, 2, 3]);
    expect(taken.map(({ id }) => id).sort()).toEqual([1, 2, 3]);
    expect(lane.waiting.map((job) => [job.row.id, job.claimClass])).toEqual([
      [1, 'first'],
      [3, 'first'],
      [2, 'again'],
    ]);
  });

  it.each(['first', 'again'] as const)(
    'is given back whole where %s fails: none of it is in the lane',
    async (fails) => {
      const { claiming, lane, leases, released } = scene(fails);
      await expect(claiming.claimThese(lane, [1, 2, 3])).rejects.toThrow('No bodies today');
      expect(lane.waiting).toEqual([]);
      expect(released.sort()).toEqual([1, 2, 3]);
      expect(leases.adopt([row(1, 0), row(2, 1), row(3, 0)])).toHaveLength(3);
    },
  );
});

it('brings nothing into the lane twice: what is held goes on under the new claim', async () => {
  const { claiming, lane, leases } = scene(null);
  const held = { ...row(1, 0), claim_id: 'earlier' };
  const retried = { ...row(2, 0), claim_id: 'earlier' };
  leases.hold([held, retried]);
  expect((await claiming.claimThese(lane, [1, 2, 3])).map(({ id }) => id)).toEqual([3, 2]);
  expect([held.claim_id, retried.claim_id]).toEqual(['claim', 'earlier']);
});
