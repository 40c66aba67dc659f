import { measurementOf, moreExact } from '../../../server/strapi/clock.service';

const MINUTE = 60_000;

describe("a measurement of the database's clock", () => {
  it('assumes that the server read its clock in the middle of the round trip', () => {
    expect(measurementOf(1000, 1010, 5005)).toEqual({ offset: 4000, error: 5, at: 1010 });
  });

  const quick = measurementOf(1000, 1004, 5000);

  it('is taken where there is none', () => {
    const slow = measurementOf(0, 40_000, 40_000);
    expect(moreExact(null, slow)).toBe(slow);
  });

  it('is taken a minute later where its answer took about as long', () => {
    const next = measurementOf(MINUTE, MINUTE + 50, MINUTE + 4000);
    expect(moreExact(quick, next)).toBe(next);
  });

  it('is left alone where its answer was long in coming', () => {
    expect(moreExact(quick, measurementOf(MINUTE, MINUTE + 40_000, MINUTE))).toBe(quick);
  });

  it('is taken all the same once the one before is older than clocks can be trusted', () => {
    const late = measurementOf(60 * MINUTE, 60 * MINUTE + 2000, 61 * MINUTE);
    expect(moreExact(quick, late)).toBe(late);
  });

  it('is taken after a bad one as soon as it is better', () => {
    const slow = measurementOf(0, 40_000, 40_000);
    expect(moreExact(slow, quick)).toBe(quick);
  });
});
