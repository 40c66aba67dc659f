import { settle, type SettleInput } from '../../../server/deliver/settle';
import { outcomeName } from '../../../server/send/http/outcome';
import type { FailureReason } from '../../../server/send/http/outcome';

const NOW = 1_000_000;
const HOUR = 3_600_000;

const answered = (status: number, headers: Record<string, string> = {}) =>
  ({ kind: 'answered', status, headers, body: '', isTruncated: false, ms: 5 }) as const;
const failed = (reason: FailureReason) =>
  ({ kind: 'failed', reason, message: `It was ${reason}.`, ms: 5 }) as const;

const verdictOf = (outcome: SettleInput['outcome'], more: Partial<SettleInput> = {}) =>
  settle({
    outcome,
    attemptCount: 0,
    maxAttempts: 3,
    schedule: [0, HOUR, 2 * HOUR],
    now: NOW,
    random: 0.5,
    ...more,
  });

describe('an attempt', () => {
  it.each([200, 201, 202, 204, 299])('that was answered %d is delivered', (status) => {
    expect(verdictOf(answered(status))).toEqual({
      outcome: 'delivered',
      settlement: { kind: 'delivered' },
      parkUntil: null,
      disable: null,
    });
  });

  it.each([300, 301, 302, 304, 307, 308])('that was answered %d is dead', (status) => {
    const { settlement, disable } = verdictOf(answered(status));
    expect(settlement).toMatchObject({ kind: 'dead', why: expect.stringContaining('redirect') });
    expect(disable).toBeNull();
  });

  it.each([400, 401, 403, 404, 408, 409, 418, 422, 425, 429, 500, 502, 503, 504, 599])(
    'that was answered %d is made again by the schedule',
    (status) => {
      expect(verdictOf(answered(status))).toEqual({
        outcome: 'refused',
        settlement: {
          kind: 'again',
          at: NOW + HOUR,
          why: `The receiver answered ${status}.`,
        },
        parkUntil: null,
        disable: null,
      });
    },
  );

  it.each(['timeout', 'connection'] as const)('that ended by %s is made again', (reason) => {
    const { outcome, settlement } = verdictOf(failed(reason), { attemptCount: 1 });
    expect(outcome).toBe(reason);
    expect(settlement).toEqual({ kind: 'again', at: NOW + 2 * HOUR, why: `It was ${reason}.` });
  });

  it.each(['blocked', 'badUrl'] as const)('that is %s is dead at once', (reason) => {
    const { outcome, settlement } = verdictOf(failed(reason));
    expect(outcome).toBe('blocked');
    expect(settlement).toEqual({ kind: 'dead', why: `It was ${reason}.` });
  });

  it.each(['auth', 'tooLarge'] as const)('that could not be sent for %s is dead', (reason) => {
    const unsent = { kind: 'unsent', reason, message: 'No.', isFinal: true, ms: 0 } as const;
    expect(verdictOf(unsent)).toMatchObject({
      outcome: reason,
      settlement: { kind: 'dead', why: 'No.' },
    });
  });

  it('that got no token this time is made again by the schedule', () => {
    const unsent = {
      kind: 'unsent',
      reason: 'auth',
      message: 'No.',
      isFinal: false,
      ms: 0,
    } as const;
    expect(verdictOf(unsent)).toMatchObject({
      outcome: 'auth',
      settlement: { kind: 'again', why: 'No.' },
    });
  });

  it('that was answered 410 is dead, and its webhook must be disabled', () => {
    const { settlement, disable } = verdictOf(answered(410));
    expect(settlement).toEqual({ kind: 'dead', why: disable });
    expect(disable).toContain('410 Gone');
  });

  it('that was the last one is dead, and says how many there were', () => {
    expect(verdictOf(answered(500), { attemptCount: 1 }).settlement.kind).toBe('again');
    expect(verdictOf(answered(500), { attemptCount: 2 }).settlement).toEqual({
      kind: 'dead',
      why: 'The receiver answered 500. That was attempt 3 of 3.',
    });
  });

  it('beyond the last one, by a resend, is dead too if it fails', () => {
    expect(verdictOf(answered(500), { attemptCount: 9 }).settlement).toEqual({
      kind: 'dead',
      why: 'The receiver answered 500. That was attempt 10. The webhook makes at most 3 by itself.',
    });
    expect(verdictOf(answered(200), { attemptCount: 9 }).settlement.kind).toBe('delivered');
  });

  it('that we broke off ourselves has the name of a broken connection', () => {
    expect(outcomeName(failed('aborted'))).toBe('connection');
  });
});

describe('a pause that the receiver asks for', () => {
  const after = (seconds: string) => ({ 'retry-after': seconds });

  it.each([429, 503])('is heard with %d, and lengthens the wait', (status) => {
    expect(verdictOf(answered(status, after('5400')))).toMatchObject({
      parkUntil: NOW + 1.5 * HOUR,
      settlement: { kind: 'again', at: NOW + 1.5 * HOUR },
    });
  });

  it('does not shorten the wait of the schedule', () => {
    expect(verdictOf(answered(429, after('60')))).toMatchObject({
      parkUntil: NOW + 60_000,
      settlement: { at: NOW + HOUR },
    });
  });

  it('is no longer than the longest step of the schedule', () => {
    expect(verdictOf(answered(503, after('999999'))).parkUntil).toBe(NOW + 2 * HOUR);
  });

  it('is kept for the others, though this delivery has had its last attempt', () => {
    const verdict = verdictOf(answered(429, after('60')), { attemptCount: 2 });
    expect(verdict).toMatchObject({ parkUntil: NOW + 60_000, settlement: { kind: 'dead' } });
  });

  it.each([200, 400, 500, 502])('is not heard with %d', (status) => {
    expect(verdictOf(answered(status, after('5400'))).parkUntil).toBeNull();
  });

  it('is not heard where it cannot be read', () => {
    expect(verdictOf(answered(429, after('soon')))).toMatchObject({
      parkUntil: null,
      settlement: { at: NOW + HOUR },
    });
  });
});
