import {
  challengesOf,
  parametersOf,
  digestAnswer,
  digestChallengeOf,
  nextNonceOf,
  type DigestChallenge,
} from '../../../server/send/credentials/digest.service';

/** RFC 7616, 3.9.1. */
const REALM = 'realm="http-auth@example.org", qop="auth, auth-int"';
const NONCE = 'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v"';
const OPAQUE = 'opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"';
const CNONCE = 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ';
const asking = (algorithm: string) =>
  `Digest ${REALM}, algorithm=${algorithm}, ${NONCE}, ${OPAQUE}`;

const challengeOf = (header: string): DigestChallenge => {
  const challenge = digestChallengeOf(header);
  if ('problem' in challenge) throw new Error(challenge.problem);
  return challenge;
};

const answered = (header: string, more: { username?: string; count?: number } = {}) =>
  digestAnswer({
    challenge: challengeOf(header),
    credentials: { username: more.username ?? 'Mufasa', password: 'Circle of Life' },
    // The example of the RFC is a GET; only the method's name enters the hash.
    request: {
      method: 'GET' as 'POST',
      url: 'http://www.example.org/dir/index.html',
      headers: {},
      body: '',
    },
    count: more.count ?? 1,
    cnonce: CNONCE,
  });

describe('the answer to a challenge', () => {
  it.each([
    ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
    ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
  ])('is that of the example of RFC 7616, 3.9.1 with %s', (algorithm, response) => {
    expect(answered(asking(algorithm))).toEqual({
      secret: response,
      value:
        'Digest username="Mufasa", realm="http-auth@example.org", uri="/dir/index.html", ' +
        `algorithm=${algorithm}, ${NONCE}, nc=00000001, cnonce="${CNONCE}", qop=auth, ` +
        `response="${response}", ${OPAQUE}`,
    });
  });

  it('counts how often a nonce was used, in eight hexadecimal digits', () => {
    expect(answered(asking('MD5'), { count: 27 }).value).toContain('nc=0000001b');
  });

  it('to a server of before RFC 2617 has neither counter nor client nonce', () => {
    const { value } = answered('Digest realm="a", nonce="b"');
    expect(value).toMatch(
      /^Digest username="Mufasa", realm="a", uri="\/dir\/index.html", nonce="b", response="[0-9a-f]{32}"$/,
    );
  });

  it('hides the user name where the server wants a hash of it', () => {
    const { value } = answered(`${asking('SHA-256')}, userhash=true`);
    expect(value).toMatch(/^Digest username="[0-9a-f]{64}"/);
    expect(value).toMatch(/userhash=true$/);
  });

  it('writes a name that ASCII cannot as RFC 8187 says', () => {
    const { value } = answered(asking('MD5'), { username: 'Jäsøn Doe' });
    expect(value).toMatch(/^Digest username\*=UTF-8''J%C3%A4s%C3%B8n%20Doe, /);
    const quoted = answered(asking('MD5'), { username: "Zoë (O'Neil)*" });
    expect(quoted.value).toMatch(/^Digest username\*=UTF-8''Zo%C3%AB%20%28O%27Neil%29%2A, /);
  });

  it('writes U+FFFD for a lone surrogate in a name', () => {
    const { value } = answered(asking('MD5'), { username: 'a\ud83d' });
    expect(value).toMatch(/^Digest username\*=UTF-8''a%EF%BF%BD, /);
  });

  it('escapes what would end a quoted text', () => {
    const { value } = answered(asking('MD5'), { username: 'a"b\\c' });
    expect(value).toMatch(/^Digest username="a\\"b\\\\c", /);
  });
});

describe('of several challenges', () => {
  it('the first one that is known is answered', () => {
    const header = `Basic realm="x", ${asking('SHA-1024')}, ${asking('SHA-256')}, ${asking('MD5')}`;
    expect(challengeOf(header).algorithm).toBe('SHA-256');
  });

  it('qop auth is preferred, auth-int done where nothing else is offered', () => {
    expect(challengeOf('Digest realm="a", nonce="b", qop="auth-int,auth"').qop).toBe('auth');
    expect(challengeOf('Digest realm="a", nonce="b", qop="auth-int"').qop).toBe('auth-int');
  });
});

describe('a challenge that cannot be answered', () => {
  it.each([
    ['an unknown algorithm', asking('SHA-1024'), /algorithm SHA-1024.*MD5, SHA-256/],
    ['an algorithm that is a word of JavaScript', asking('constructor'), /algorithm constructor/],
    ['an unknown qop', 'Digest realm="a", nonce="b", qop="best"', /algorithm MD5/],
    ['another scheme', 'Basic realm="a", Bearer', /asks for basic, bearer, not for digest/],
    ['none at all', undefined, /401 without saying how/],
  ])('because of %s says so', (_why, header, problem) => {
    expect(digestChallengeOf(header)).toEqual({ problem: expect.stringMatching(problem) });
  });
});

describe('a field of challenges', () => {
  it('is read with quotes, escapes, token68 and missing spaces', () => {
    expect(
      challengesOf('Negotiate abc==, NTLM  def ,Digest realm="a, \\"b\\"",nonce = c ,stale=TRUE,,'),
    ).toEqual([
      { scheme: 'negotiate', parameters: {} },
      { scheme: 'ntlm', parameters: {} },
      { scheme: 'digest', parameters: { realm: 'a, "b"', nonce: 'c', stale: 'TRUE' } },
    ]);
  });

  it('that is none is read as such', () => {
    expect(parametersOf('nextnonce="n", qop=auth')).toEqual({ nextnonce: 'n', qop: 'auth' });
    expect(nextNonceOf('nextnonce="n"')).toBe('n');
    expect(nextNonceOf('rspauth="x"')).toBeNull();
    expect(nextNonceOf(undefined)).toBeNull();
  });
});
