/** The message that an administrator reads when a call fails. */
import { BlockedError } from '../../../server/send/http/address';
import { failureOf, isHangUp } from '../../../server/send/http/outcome';

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
    ['SELF_SIGNED_CERT_IN_CHAIN', 'trusted authority'],
    ['CERT_NOT_YET_VALID', 'not valid yet'],
    ['CERT_REVOKED', 'certificate of the receiver cannot be used'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'does not speak TLS at this port'],
    ['ERR_SSL_PACKET_LENGTH_TOO_LONG', 'does not speak TLS at this port'],
    ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'TLS 1.2'],
    ['ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', 'client certificate'],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'client certificate'],
    ['ERR_SSL_TLSV1_UNRECOGNIZED_NAME', 'host name'],
    ['ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL', 'HTTP/1.1'],
    ['ERR_SSL_EE_KEY_TOO_SMALL', 'too weak'],
    ['ERR_SSL_SOMETHING_NEW', 'TLS connection to the receiver failed'],
    ['ERR_TLS_HANDSHAKE_TIMEOUT', 'TLS connection to the receiver failed'],
    ['EMFILE', 'too many'],
    ['EACCES', 'does not permit'],
    ['EAI_FAIL', 'could not be looked up'],
  ])('with the code %s says "%s" and the code', (code, words) => {
    const { reason, message } = failureOf(coded(code));
    expect(reason).toBe('connection');
    expect(message).toContain(words);
    expect(message).toContain(`(${code})`);
  });

  const OPENSSL =
    '808C06F7147F0000:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:../deps/openssl/ssl/record/ssl3_record.c:350:\n';

  it.each([
    ['a code of its own', coded('ERR_SSL_WRONG_VERSION_NUMBER', OPENSSL)],
    ['a code that says nothing', coded('EPROTO', `write EPROTO ${OPENSSL}`)],
    ['a code that is new', coded('ERR_SSL_NEW', OPENSSL)],
    ['no code', new Error(OPENSSL)],
  ])('never repeats what OpenSSL says: with %s', (_what, error) => {
    const { message } = failureOf(error);
    expect(message).toMatch(/TLS/);
    expect(message).not.toMatch(/0A00010B|deps|routines/);
  });

  it('in the TLS handshake, before there is a connection, says so', () => {
    const message =
      'Client network socket disconnected before secure TLS connection was established';
    expect(failureOf(coded('ECONNRESET', message)).message).toContain('during the TLS handshake');
  });

  it('of a proxy that refuses names the proxy and its answer', () => {
    const error = coded('UND_ERR_ABORTED', 'Proxy response (407) !== 200 when HTTP Tunneling');
    expect(failureOf(error).message).toMatch(/proxy \(network\.proxy\).*407/);
  });

  it('behind a proxy is that of the receiver', () => {
    const cause = coded('ERR_TLS_CERT_ALTNAME_INVALID');
    const error = Object.assign(coded('UND_ERR_PRX_TLS'), { cause });
    expect(failureOf(error).message).toContain('another host name');
  });

  it('is one line, whatever the library says', () => {
    expect(failureOf(coded('EODD', 'two\nlines ')).message).toBe(
      'The call failed: two lines. (EODD)',
    );
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
