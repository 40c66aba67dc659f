/** The engine beside an outbox that is two lists: what it takes of each when both are longer than a lane. */
import { createDatabaseEngine } from '../../../server/deliver/engines/database.service';
import { newLane, raise, type Lane } from '../../../server/deliver/lane';
import type { ClaimClass } from '../../../server/store/outbox/due.service';
import type { Job } from '../../../server/deliver/claims.service';

type Parts = Parameters<typeof createDatabaseEngine>[0];

const MANY = 100_000;

const scene = (due: Record<ClaimClass, number>, perWebhook = 16) => {
  const taken: ClaimClass[] = [];
  const asked: ClaimClass[] = [];
  const left = { ...due };
  const claimDue = async (
    lane: Lane<Job>,
    { claimClass, limit }: { claimClass: ClaimClass; limit: number },
  ) => {
    asked.push(claimClass);
    const count = Math.min(limit, left[claimClass]);
    left[claimClass] -= count;
    for (let index = 0; index < count; index += 1) {
      taken.push(claimClass);
      lane.waiting.push({ claimClass } as Job);
    }
    return count;
  };
  const nextDue = jest.fn(async () => null);
  const engine = createDatabaseEngine({
    outbox: { nextDue },
    claiming: { claimDue },
    perWebhook,
    now: () => 0,
  } as unknown as Parts);
  const lane = newLane<Job>('webhook');
  raise(lane);
  /** Fills the lane so often, each time as if all that it held had been sent. */
  const fill = async (times: number) => {
    for (let turn = 0; turn < times; turn += 1) {
      await engine.fill(lane, MANY);
      lane.waiting.length = 0;
    }
  };
  const count = (claimClass: ClaimClass) => taken.filter((one) => one === claimClass).length;
  return { engine, lane, fill, taken, asked, count, left, nextDue };
};

describe('where first attempts would fill every room', () => {
  it.each([1, 2, 4, 16])(
    'a lane of %d takes some of what was tried before, and mostly first ones',
    async (perWebhook) => {
      const { fill, count } = scene({ first: MANY, again: MANY }, perWebhook);
      await fill(64);
      expect(count('again')).toBeGreaterThanOrEqual((64 * perWebhook) / 10);
      expect(count('first')).toBeGreaterThan(2 * count('again'));
    },
  );

  it('takes what a dead process left in few rooms', async () => {
    const { fill, left } = scene({ first: MANY, again: 16 });
    await fill(10);
    expect(left.again).toBe(0);
    expect(left.first).toBeGreaterThan(MANY / 2);
  });

  it('leaves no room empty for what is not there, and asks for it once', async () => {
    const { fill, asked, count } = scene({ first: MANY, again: 0 });
    await fill(10);
    expect(count('first')).toBe(160);
    expect(asked.filter((claimClass) => claimClass === 'again')).toHaveLength(1);
    expect(asked).toHaveLength(11);
  });
});

it('fills with retries what first attempts leave', async () => {
  const { fill, count } = scene({ first: 3, again: MANY });
  await fill(1);
  expect([count('first'), count('again')]).toEqual([3, 8]);
});

it('asks when the next is due once nothing is left', async () => {
  const { fill, nextDue, asked } = scene({ first: 3, again: 2 });
  await fill(1);
  expect(asked).toEqual(['first', 'again']);
  expect(nextDue).toHaveBeenCalledTimes(1);
});
