/** The times of events rise strictly, so that a receiver can put them in order. */
import { createEventTimes } from '../../../server/store/outbox/events.service';

const iso = (at: number) => new Date(at).toISOString();

it('is the time of the clock, and one millisecond later for each event that is stored with it', () => {
  let now = 1_000;
  const time = createEventTimes(() => now);
  expect([time(), time(), time()]).toEqual([iso(1_000), iso(1_001), iso(1_002)]);
  now = 5_000;
  expect([time(), time()]).toEqual([iso(5_000), iso(5_001)]);
});

it('never goes back, even if the clock does', () => {
  let now = 5_000;
  const time = createEventTimes(() => now);
  time();
  now = 3_000;
  expect([time(), time()]).toEqual([iso(5_001), iso(5_002)]);
});

it('is later than what another process gave to the same document', () => {
  const time = createEventTimes(() => 1_000);
  expect([time(7_000), time(), time(2_000)]).toEqual([iso(7_001), iso(7_002), iso(7_003)]);
});
