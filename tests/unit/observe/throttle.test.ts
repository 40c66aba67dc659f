import { createThrottle } from '../../../server/observe/log-lines.service';

const MINUTE = 60_000;

describe('a throttle', () => {
  it('passes one message a minute, with the number of suppressed ones', () => {
    const { pass } = createThrottle();
    expect([0, 1, MINUTE - 1, MINUTE, MINUTE + 1].map((now) => pass('one', now))).toEqual([
      0,
      null,
      null,
      2,
      null,
    ]);
    expect(pass('one', 5 * MINUTE)).toBe(1);
  });

  it('counts each key by itself', () => {
    const { pass } = createThrottle();
    expect([pass('one', 0), pass('other', 1), pass('one', 2)]).toEqual([0, 0, null]);
  });
});
