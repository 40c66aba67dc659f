/** What an administrator reads when a call fails. */
import { BlockedError } from '../../../server/network/blocked-error';
import { failureOf, isHangUp } from '../../../server/network/failure';

const coded = (code: string, message = 'raw') => Object.assign(new Error(message), { code });

describe('a failure', () => {
  it('of the guard is "blocked", in the words of the guard', () => {
    expect(failureOf(new BlockedError('Not there.'))).toEqual({
      reason: 'blocked',
      message: 'Not there.',
    });
  });

  it.each(['UND_ERR_CONNECT_TIMEOUT', 'ETIMEDOUT'])(
    'to connect in time is "timeout": %s',
    (code) => {
      expect(failureOf(coded(code)).reason).toBe('timeout');
    },
  );

  it.each([
    ['ECONNREFUSED', 'nothing listens'],
    ['ECONNRESET', 'closed the connection'],
    ['ENOTFOUND', 'does not exist'],
    ['CERT_HAS_EXPIRED', 'expired'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'network.ca'],
    ['HPE_INVALID_CONSTANT', 'not HTTP'],
    ['EUNHEARD', 'raw'],
  ])('with the code %s says "%s" and the code', (code, words) => {
    const { reason, message } = failureOf(coded(code));
    expect(reason).toBe('connection');
    expect(message).toContain(words);
    expect(message).toContain(`(${code})`);
  });

  it('at several addresses tells of the first', () => {
    const error = new AggregateError([coded('ECONNREFUSED'), coded('ENETUNREACH')]);
    expect(failureOf(error).message).toContain('ECONNREFUSED');
  });

  it('without any code still has a sentence', () => {
    expect(failureOf(new Error('odd'))).toEqual({
      reason: 'connection',
      message: 'The call failed: odd.',
    });
  });
});

it('a refused connection is no hang-up, a broken one is', () => {
  expect(isHangUp(coded('ECONNREFUSED'))).toBe(false);
  expect(isHangUp(coded('ECONNRESET'))).toBe(true);
});
