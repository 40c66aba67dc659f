import {
  wantsMore,
  isProbing,
  newLane,
  nextLane,
  nextSlot,
  roomIn,
  shareAgain,
  takeNext,
  takeOutpaced,
  countTaken,
  usualAfter,
  widthAgain,
  widthOf,
  type Lane,
} from '../../../server/deliver/lane';

type Job = { name: string; claimClass: 'first' | 'again'; notBefore?: number };

const limits = { perWebhook: 4 };
const context = { ...limits, now: 1000 };
const first = (name: string): Job => ({ name, claimClass: 'first' });
const again = (name: string): Job => ({ name, claimClass: 'again' });
const lane = (values: Partial<Lane<Job>> = {}): Lane<Job> => ({
  ...newLane<Job>('webhook'),
  mayHaveFirst: true,
  ...values,
});

describe('the width of a lane', () => {
  it('is what is configured for a webhook, and half of it for retries', () => {
    expect([widthOf(lane(), limits), widthAgain(lane(), limits)]).toEqual([4, 2]);
  });

  it('is one for a failing webhook, and for the only slot of a lane', () => {
    const failing = lane({ isFailing: true });
    expect([widthOf(failing, limits), widthAgain(failing, limits)]).toEqual([1, 1]);
    expect(widthAgain(lane(), { perWebhook: 1 })).toBe(1);
  });
});

describe('the room in a lane', () => {
  it('is what is not under way, where nothing is known of the receiver', () => {
    expect(roomIn(lane(), limits)).toBe(4);
    expect(roomIn(lane({ inFlight: 3, waiting: [first('a')] }), limits)).toBe(0);
  });

  it('is larger for a quick receiver, and filled a quarter at a time', () => {
    expect(roomIn(lane({ usualMs: 5 }), limits)).toBe(64);
    expect(roomIn(lane({ usualMs: 5, waiting: Array(48).fill(first('a')) }), limits)).toBe(16);
    expect(roomIn(lane({ usualMs: 5, waiting: Array(49).fill(first('a')) }), limits)).toBe(0);
  });

  it('is what leaves within half a second, so that other processes find something to do', () => {
    expect(roomIn(lane({ usualMs: 200 }), limits)).toBe(10);
    expect(roomIn(lane({ usualMs: 5000 }), limits)).toBe(4);
  });

  it('is what may leave at once, where others count along', () => {
    expect(roomIn(lane({ usualMs: 5 }), { ...limits, isExact: true })).toBe(4);
    expect(roomIn(lane({ usualMs: 5, inFlight: 3 }), { ...limits, isExact: true })).toBe(1);
    expect(roomIn(lane({ usualMs: 5, inFlight: 4 }), { ...limits, isExact: true })).toBe(0);
  });

  it('is not larger for a failing receiver, however quickly it fails', () => {
    expect(roomIn(lane({ usualMs: 5, isFailing: true }), limits)).toBe(1);
  });

  it('is never less than nothing', () => {
    expect(roomIn(lane({ inFlight: 9 }), limits)).toBe(0);
  });
});

describe('what is kept of a room for what was tried before', () => {
  it('is an eighth, and at least one', () => {
    const passed = 7;
    expect([128, 16, 8, 4, 1, 0].map((room) => shareAgain({ passed }, room))).toEqual([
      16, 2, 1, 1, 1, 0,
    ]);
  });

  it('is one in eight of single places', () => {
    const one = lane();
    const shares = Array.from({ length: 24 }, () => {
      const again = shareAgain(one, 1);
      countTaken(one, { again, first: 1 - again });
      return again;
    });
    expect(shares.map((again, index) => (again ? index : null)).filter(Boolean)).toEqual([
      7, 15, 23,
    ]);
  });
});

describe('a lane', () => {
  it('wants more if there may be something to send, it is not parked, and there is room', () => {
    expect(wantsMore(lane(), context)).toBe(true);
    expect(wantsMore(lane({ mayHaveFirst: false, mayHaveAgain: true }), context)).toBe(true);
    expect(wantsMore(lane({ mayHaveFirst: false }), context)).toBe(false);
    expect(wantsMore(lane({ parkedUntil: 1001 }), context)).toBe(false);
    expect(wantsMore(lane({ parkedUntil: 1000 }), context)).toBe(true);
    expect(wantsMore(lane({ inFlight: 4 }), context)).toBe(false);
  });

  it('comes next if it is the emptiest of those that want more', () => {
    const busy = lane({ inFlight: 2 });
    const idle = lane({ waiting: [first('a')] });
    const parked = lane({ parkedUntil: 2000 });
    expect(nextLane([busy, idle, parked], context)).toBe(idle);
    expect(nextLane([parked], context)).toBeNull();
  });
});

describe('a look into the database', () => {
  it('is for nobody that is failing and has its one request, under way or waiting', () => {
    expect(isProbing(lane({ isFailing: true, inFlight: 1 }))).toBe(true);
    expect(isProbing(lane({ isFailing: true, waiting: [first('a')] }))).toBe(true);
    expect(isProbing(lane({ isFailing: true }))).toBe(false);
    expect(isProbing(lane({ inFlight: 4 }))).toBe(false);
  });
});

describe('the job that may start', () => {
  it('is the one that waits longest', () => {
    const full = lane({ waiting: [first('a'), first('b')] });
    expect(takeNext(full, context)?.name).toBe('a');
    expect(full.waiting.map(({ name }) => name)).toEqual(['b']);
  });

  it('is a first attempt behind retries, once these have their share', () => {
    const full = lane({
      inFlight: 2,
      inFlightAgain: 2,
      waiting: [again('a'), again('b'), first('c')],
    });
    expect(takeNext(full, context)?.name).toBe('c');
    expect(takeNext(full, context)).toBeUndefined();
    expect(full.waiting.map(({ name }) => name)).toEqual(['a', 'b']);
  });

  it('is none while the lane is parked, full or empty', () => {
    const waiting = [first('a')];
    expect(takeNext(lane({ waiting, parkedUntil: 2000 }), context)).toBeUndefined();
    expect(takeNext(lane({ waiting, inFlight: 4 }), context)).toBeUndefined();
    expect(takeNext(lane({ waiting, inFlight: 1, isFailing: true }), context)).toBeUndefined();
    expect(takeNext(lane(), context)).toBeUndefined();
  });
});

describe('a lane with a rate limit', () => {
  const at = (name: string, notBefore: number): Job => ({ ...first(name), notBefore });

  it('claims what may leave within a second, and at least one', () => {
    expect(roomIn(lane({ rate: 3, usualMs: 5 }), limits)).toBe(3);
    expect(roomIn(lane({ rate: 0.1, usualMs: 5 }), limits)).toBe(1);
    expect(roomIn(lane({ rate: 0.1, waiting: [at('a', 2000)] }), limits)).toBe(0);
    expect(roomIn(lane({ rate: 900, usualMs: 5 }), limits)).toBe(64);
  });

  it('claims the next however many are under way, within its width', () => {
    expect(roomIn(lane({ rate: 1, inFlight: 3, usualMs: 3000 }), limits)).toBe(1);
    expect(roomIn(lane({ rate: 1, inFlight: 4, usualMs: 3000 }), limits)).toBe(0);
    expect(roomIn(lane({ rate: 2, inFlight: 2, waiting: [at('a', 2000)] }), limits)).toBe(1);
    expect(roomIn(lane({ rate: 1, inFlight: 1, isFailing: true }), limits)).toBe(0);
  });

  it('gives back what waits for its turn while the receiver pauses, and nothing else', () => {
    const waiting = () => [at('a', 1000), at('b', 1100)];
    const paused = lane({ rate: 10, parkedUntil: 2000, waiting: waiting() });
    expect(takeOutpaced(paused, 1000).map(({ name }) => name)).toEqual(['a', 'b']);
    expect(paused.waiting).toEqual([]);
    expect(takeOutpaced(lane({ rate: 10, parkedUntil: 1000, waiting: waiting() }), 1000)).toEqual(
      [],
    );
    expect(takeOutpaced(lane({ parkedUntil: 2000, waiting: [first('a')] }), 1000)).toEqual([]);
  });

  it('starts a job when its turn has come, and says when that is', () => {
    const paced = lane({ rate: 10, waiting: [at('a', 1000), at('b', 1100)] });
    expect(nextSlot(paced, context)).toBeNull();
    expect(takeNext(paced, context)?.name).toBe('a');
    expect(takeNext(paced, context)).toBeUndefined();
    expect(nextSlot(paced, context)).toBe(1100);
    expect(takeNext(paced, { ...context, now: 1100 })?.name).toBe('b');
    expect(nextSlot(paced, { ...context, now: 1100 })).toBeNull();
  });
});

describe('the time of the next request of a lane with a rate limit', () => {
  it('is that of the first attempt that passes retries, once these have their share', () => {
    const waiting = [again('a'), { ...first('b'), notBefore: 1500 }];
    const shared = lane({ rate: 10, inFlight: 2, inFlightAgain: 2, waiting });
    expect(takeNext(shared, context)).toBeUndefined();
    expect(nextSlot(shared, context)).toBe(1500);
    expect(takeNext(shared, { ...context, now: 1500 })?.name).toBe('b');
  });
});

describe('the usual time of an attempt', () => {
  it('is the first one, then follows slowly', () => {
    expect(usualAfter(Number.POSITIVE_INFINITY, 40)).toBe(40);
    expect(usualAfter(40, 140)).toBe(60);
  });
});
