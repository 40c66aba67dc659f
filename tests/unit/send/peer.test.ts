/** What happens to a connection that has just been opened. */
import { parseAllow, peerError, BlockedError } from '../../../server/send/http/address';
import { failureOf } from '../../../server/send/http/outcome';

const NOTHING = parseAllow([]);

describe('a socket that is open', () => {
  it('stays so where its address is a public one', () => {
    expect(peerError({ remoteAddress: '93.184.216.34' }, 'example.com', NOTHING)).toBeNull();
  });

  it('is refused where it ended up at a private address, whatever was asked for', () => {
    const error = peerError({ remoteAddress: '10.0.0.1' }, 'example.com', NOTHING);
    expect(error).toBeInstanceOf(BlockedError);
    expect(error?.message).toContain('10.0.0.1 is a private or local address');
  });

  it('stays so where a developer allowed its host', () => {
    const allow = parseAllow(['example.com']);
    expect(peerError({ remoteAddress: '10.0.0.1' }, 'example.com', allow)).toBeNull();
  });

  it('and was reset at once is a broken line, to be tried again, and no blocked address', () => {
    const error = peerError({ remoteAddress: undefined }, 'example.com', NOTHING);
    expect(error).not.toBeInstanceOf(BlockedError);
    expect(failureOf(error)).toMatchObject({
      reason: 'connection',
      message: expect.stringContaining('(ECONNRESET)'),
    });
  });
});
