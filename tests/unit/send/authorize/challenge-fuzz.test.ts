/** Any header and any body is read without an exception, in a short time, and into a bounded value. */
import fc from 'fast-check';
import {
  discovered,
  errorIn,
  grantedToken,
  tokensIn,
  usableUntil,
} from '../../../../server/send/credentials/token-answer';
import { retryAfterOf } from '../../../../server/deliver/settle';
import {
  challengesOf,
  parametersOf,
  digestAnswer,
  digestChallengeOf,
  nextNonceOf,
} from '../../../../server/send/credentials/digest.service';
import { validationAnswerOf } from '../../../../server/workflow/validation/answer';

/** Pieces of which such headers are made, in an order that none should have. */
const piece = fc.constantFrom(
  ...['Digest', 'Basic', ' ', ',', '=', '"', '\\', '\\"', 'realm', 'nonce', 'qop="auth,auth-int"'],
  ...['algorithm=SHA-256', 'stale=TRUE', '\t', '==', 'dG9rZW4=', 'realm="a, b"', '\u00e9', '\n'],
  ...['__proto__="x"', 'constructor=y', 'nonce="n"', 'realm="r"', ', Digest ', 'opaque="o\\"p"'],
);
const header = fc.oneof(
  fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join('')),
  fc.string({ unit: 'binary', maxLength: 400 }),
);
const token = fc.stringMatching(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,20}$/);
const body = fc.oneof(fc.json(), fc.string({ unit: 'binary', maxLength: 2000 }));
const own = (value: object) => Object.keys(value).length;

describe('challenges', () => {
  it('are read from any text, into no more than it holds', () => {
    fc.assert(
      fc.property(header, (text) => {
        const challenges = challengesOf(text);
        expect(challenges.length).toBeLessThanOrEqual(text.length);
        for (const { scheme, parameters } of challenges) {
          expect(text.toLowerCase()).toContain(scheme);
          for (const value of Object.values(parameters))
            expect(value.length).toBeLessThanOrEqual(text.length);
        }
        expect(own(parametersOf(text))).toBeLessThanOrEqual(text.length);
        expect(({} as { x?: string }).x).toBeUndefined();
      }),
      { numRuns: 1000 },
    );
  });

  it('know no name that means more than its letters', () => {
    expect(challengesOf('basic __proto__="x", a="1"')).toEqual([
      { scheme: 'basic', parameters: JSON.parse('{ "__proto__": "x", "a": "1" }') },
    ]);
  });

  it('come back as they were written', () => {
    const value = fc.string({ maxLength: 30 }).filter((text) => !/[\r\n]/.test(text));
    const parameters = fc.dictionary(
      token.map((name) => name.toLowerCase()),
      value,
      { minKeys: 1, maxKeys: 5, noNullPrototype: true },
    );
    const scheme = token.map((name) => name.toLowerCase());
    fc.assert(
      fc.property(fc.array(fc.record({ scheme, parameters }), { maxLength: 4 }), (challenges) => {
        const written = challenges.map((challenge) => {
          const pairs = Object.entries(challenge.parameters).map(
            ([name, text]) => `${name}="${text.replace(/["\\]/g, '\\$&')}"`,
          );
          return `${challenge.scheme} ${pairs.join(', ')}`;
        });
        expect(challengesOf(written.join(', '))).toEqual(
          challenges.map((challenge) => ({
            ...challenge,
            parameters: { ...challenge.parameters },
          })),
        );
      }),
    );
  });

  it.each([
    ['quotes', '"'.repeat(1_000_000)],
    ['escapes', `Digest realm="${'\\'.repeat(1_000_000)}`],
    ['spaces', `Digest realm${' '.repeat(1_000_000)}=`],
    ['commas', ','.repeat(1_000_000)],
    ['parameters', 'Digest a=b,'.repeat(100_000)],
    ['an open quote', `Digest ${'a="'.repeat(300_000)}`],
  ])('are read in time, however long: %s', (_what, text) => {
    // The time of this process alone: how busy the machine is does not count.
    const started = process.cpuUsage();
    challengesOf(text);
    digestChallengeOf(text);
    nextNonceOf(text);
    const { user, system } = process.cpuUsage(started);
    expect((user + system) / 1000).toBeLessThan(2000);
  });

  it('are answered with one line, or with a reason', () => {
    fc.assert(
      fc.property(
        header,
        fc.string({ unit: 'binary' }),
        fc.string(),
        (text, password, username) => {
          const challenge = digestChallengeOf(text);
          if ('problem' in challenge) {
            expect(challenge.problem.length).toBeLessThan(700);
            return;
          }
          const { value } = digestAnswer({
            challenge,
            credentials: { username, password },
            request: { method: 'POST', url: 'http://x.example/a?b', headers: {}, body: 'ü' },
            count: 1,
            cnonce: 'c',
          });
          expect(value.startsWith('Digest ')).toBe(true);
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe('token answers', () => {
  it('are read from any body: a token that a header can carry, or a problem', () => {
    fc.assert(
      fc.property(body, (text) => {
        const answer = grantedToken(text);
        if ('problem' in answer) expect(answer.problem.length).toBeLessThan(200);
        else expect(answer.value).toMatch(/^[\x21-\x7e]+$/);
        expect((errorIn(text) ?? '').length).toBeLessThanOrEqual(text.length + 2);
        expect(errorIn(text) ?? '').toMatch(/^\P{Cc}*$/u);
        for (const one of tokensIn(text)) expect(typeof one).toBe('string');
      }),
      { numRuns: 1000 },
    );
  });

  it('with any value at any key are read too', () => {
    const keys = ['access_token', 'expires_in', 'scope', 'error', 'error_description', 'id_token'];
    const answer = fc.dictionary(fc.constantFrom(...keys), fc.jsonValue(), { maxKeys: 6 });
    fc.assert(
      fc.property(answer, fc.integer({ min: 0, max: 4e12 }), (value, now) => {
        const granted = grantedToken(JSON.stringify(value));
        errorIn(JSON.stringify(value));
        if ('problem' in granted) return;
        const until = usableUntil(granted.expiresIn, now);
        expect(Number.isFinite(until)).toBe(true);
        expect(until).toBeGreaterThanOrEqual(now);
      }),
      { numRuns: 1000 },
    );
  });

  it('are told of by no part of them', () => {
    const secret = 'A-secret-of-an-answer';
    const around = fc.tuple(fc.string({ maxLength: 50 }), fc.string({ maxLength: 50 }));
    fc.assert(
      fc.property(around, ([before, after]) => {
        for (const text of [
          before + secret + after,
          JSON.stringify({ access_token: `${before}\n${secret}${after}` }),
          JSON.stringify({ token: secret, expires_in: before }),
        ])
          expect(JSON.stringify(grantedToken(text))).not.toContain(secret);
      }),
    );
  });

  it('and discovery documents name a token URL at a trusted place, or a bounded problem', () => {
    const authority = {
      authorityUrl: 'https://login.example/tenant',
      additionalBaseAddresses: ['https://tokens.example/a'],
    };
    const text = fc.oneof(fc.webUrl(), fc.string(), fc.constant('https://login.example/tenant'));
    const place = fc.oneof(
      text,
      fc.constantFrom('https://login.example.evil.example/', 'https://tokens.example/ab/x'),
      fc.constantFrom('https://login.example@evil.example/', 'http://login.example/token'),
      fc.constantFrom('https://tokens.example/a/../b', 'https://tokens.example:444/a/'),
      fc.constantFrom('https://login.example/token', 'https://tokens.example/a/token'),
    );
    const json = fc
      .record({ issuer: text, token_endpoint: place })
      .map((one) => JSON.stringify(one));
    fc.assert(
      fc.property(fc.oneof(json, body), (one) => {
        const found = discovered(one, authority);
        if ('problem' in found) return expect(found.problem.length).toBeLessThan(500);
        const { origin, pathname } = new URL(found.tokenUrl);
        return expect(
          origin === 'https://login.example' ||
            (origin === 'https://tokens.example' && /^\/a(\/|$)/.test(pathname)),
        ).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

it('Retry-After is a time that has not passed, or nothing', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.integer().map(String),
    fc.date().map((date) => (Number.isNaN(date.getTime()) ? 'x' : date.toUTCString())),
    fc.constantFrom('1e9', '0x10', '-1', '9'.repeat(400), ' 5 ', '5, 6', 'Infinity', 'NaN'),
  );
  fc.assert(
    fc.property(text, fc.integer({ min: 0, max: 4e12 }), (header_, now) => {
      const wait = retryAfterOf(header_, now);
      if (wait !== null) expect(Number.isFinite(wait) && wait >= 0).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

it('answers of validation endpoints are a decision with bounded texts, or none', () => {
  const xml = fc.array(
    fc.constantFrom(
      '<data>',
      '</data>',
      '<IsValid>',
      'true',
      '</IsValid>',
      '<Message>',
      '&amp;',
      '<!DOCTYPE a>',
      '&a;',
    ),
    { maxLength: 30 },
  );
  const type = fc.constantFrom('application/json', 'text/xml', 'application/xml', '', 'text/html');
  const said = fc.oneof(
    body,
    xml.map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(said, type, fc.boolean(), (text, contentType, isTruncated) => {
      const answer = validationAnswerOf({
        kind: 'answered',
        status: 200,
        headers: { 'content-type': contentType },
        body: text,
        isTruncated,
        ms: 1,
      });
      expect(JSON.stringify(answer).length).toBeLessThan(500_000);
      expect(['allowed', 'refused', 'unreadable']).toContain(answer.kind);
      expect(answer.message.length).toBeLessThanOrEqual(2000);
    }),
    { numRuns: 1000 },
  );
});
