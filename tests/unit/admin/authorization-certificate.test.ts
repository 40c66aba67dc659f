/** When the panel warns of a certificate. */
import { certificateState } from '../../../admin/pages/authorizations/certificate-state';

const NOW = Date.parse('2026-11-21T18:00:00Z');
const until = (validTo: string) =>
  certificateState({ validFrom: '2026-01-01T00:00:00Z', validTo }, NOW);

describe('A certificate', () => {
  test('is good while it has more than thirty days left', () => {
    expect(until('2026-12-21T18:00:01Z')).toBe('good');
  });

  test('expires soon from thirty days before its end', () => {
    expect(until('2026-12-21T18:00:00Z')).toBe('expiresSoon');
    expect(until('2026-11-21T18:00:01Z')).toBe('expiresSoon');
  });

  test('has expired at its end', () => {
    expect(until('2026-11-21T18:00:00Z')).toBe('expired');
  });

  test('is not valid before its beginning', () => {
    const facts = { validFrom: '2026-11-22T00:00:00Z', validTo: '2027-11-22T00:00:00Z' };
    expect(certificateState(facts, NOW)).toBe('notYet');
  });
});
