import {
  afterAttempts,
  FAILURES_BEFORE_NOTICE,
  HEALTHY,
  NO_ATTEMPTS,
  withAttempt,
  type Health,
  type Tally,
} from '../../../server/store/health';

const DAY = 86_400_000;

const step = (health: Health, tally: Partial<Tally>, { now = 0, disableAfter = 5 * DAY } = {}) =>
  afterAttempts(health, { ...NO_ATTEMPTS, ...tally }, { now, disableAfter });
const failing = step(HEALTHY, { failures: FAILURES_BEFORE_NOTICE }, { now: 1000 }).health;

describe('the health of a webhook', () => {
  it('is failing from the fifth failure in a row on, and that is told once', () => {
    const four = step(HEALTHY, { failures: 4 });
    expect(four).toMatchObject({ health: { state: 'healthy' }, notice: null });
    const five = step(four.health, { failures: 1 });
    expect(five).toMatchObject({ health: { state: 'failing' }, notice: { kind: 'failing' } });
    const six = step(five.health, { failures: 1 });
    expect(six).toMatchObject({ health: { consecutiveFailures: 6 }, notice: null });
  });

  it('is healthy again after one success, even among failures of the same batch', () => {
    expect(step(failing, { successes: 1, failures: 7 }, { now: 2000 })).toEqual({
      health: { ...HEALTHY, lastSuccessAt: 2000 },
      notice: null,
    });
  });

  it('is failing since the first failure in a row', () => {
    expect(step(failing, { failures: 1 }, { now: 9000 }).health.failingSince).toBe(1000);
  });

  it('is not touched by failures that were answered before a success that is recorded already', () => {
    const { health } = step(HEALTHY, withAttempt(NO_ATTEMPTS, true, 2000), { now: 2100 });
    expect(health).toEqual({ ...HEALTHY, lastSuccessAt: 2000 });
    const earlier = withAttempt(NO_ATTEMPTS, false, 1999);
    expect(step(health, earlier, { now: 2200 })).toEqual({ health, notice: null });
    const both = withAttempt(earlier, false, 2001);
    expect(step(health, both, { now: 2200 }).health).toMatchObject({
      consecutiveFailures: 2,
      failingSince: 2200,
    });
  });

  it('keeps the time of the last success, in whatever order successes are recorded', () => {
    const { health } = step(HEALTHY, withAttempt(NO_ATTEMPTS, true, 2000));
    expect(step(health, withAttempt(NO_ATTEMPTS, true, 1000)).health.lastSuccessAt).toBe(2000);
  });

  it('stays as it is where there was no attempt', () => {
    expect(step(failing, {})).toEqual({ health: failing, notice: null });
  });

  it('ends in disabled when everything failed for as long as is configured, and not before', () => {
    expect(step(failing, { failures: 1 }, { now: 1000 + 5 * DAY - 1 }).health.state).toBe(
      'failing',
    );
    const end = step(failing, { failures: 1 }, { now: 1000 + 5 * DAY });
    expect(end.health.state).toBe('disabled');
    expect(end.notice).toEqual({
      kind: 'disabled',
      reason: 'Every attempt of the last 5 days failed.',
    });
    expect(end.health.disabledReason).toBe('Every attempt of the last 5 days failed.');
  });

  it.each([
    [3 * DAY, '3 days'],
    [DAY, 'day'],
    [DAY / 2, '12 hours'],
    [DAY / 24, 'hour'],
    [60_000, 'hour'],
  ])('says in words how long everything failed: %d ms are %s', (disableAfter, words) => {
    const { health } = step(failing, { failures: 1 }, { now: 1000 + disableAfter, disableAfter });
    expect(health.disabledReason).toBe(`Every attempt of the last ${words} failed.`);
  });

  it('never ends in disabled where that is configured as 0', () => {
    expect(step(failing, { failures: 1 }, { now: 1000 * DAY, disableAfter: 0 }).health.state).toBe(
      'failing',
    );
  });

  it('is disabled at once where the receiver wants nothing more, whatever else it said', () => {
    const end = step(HEALTHY, { successes: 3, disable: 'Gone.' });
    expect(end).toMatchObject({
      health: { state: 'disabled', disabledReason: 'Gone.' },
      notice: { kind: 'disabled', reason: 'Gone.' },
    });
  });

  it('stays disabled when an answer that was under way comes in', () => {
    const { health } = step(HEALTHY, { disable: 'Gone.' });
    expect(step(health, { successes: 1 }, { now: 5000 })).toMatchObject({
      health: { state: 'disabled', disabledReason: 'Gone.', lastSuccessAt: 5000 },
      notice: null,
    });
  });
});
