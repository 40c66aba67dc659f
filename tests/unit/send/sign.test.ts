import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import type { Signing } from '../../../server/contract/webhook';
import { jwkOf, newSecret, publicKeyOf } from '../../../server/store/secrets/webhook-secrets';
import { ed25519Of, signatureHeaders } from '../../../server/send/sign/sign';
import {
  ed25519Verifies,
  githubVerifies,
  octokitAnswer,
  standardVerifies,
  stripeVerifies,
  type Signed,
} from '../../support/verifiers';

const TIMESTAMP = 1_800_000_000;
const BODY = JSON.stringify({ title: 'Ünïcode 👋 ]]>', nested: { a: [1, null] } });
const PREVIOUS = 'x-hub-signature-256-previous';

type Content = { id: string; timestamp: number; body: string };
const CONTENT: Content = { id: 'evt_1', timestamp: TIMESTAMP, body: BODY };

/** The request as a receiver gets it. */
const cameWith = (signing: Signing, secrets: string[], content: Content = CONTENT): Signed => ({
  headers: {
    'webhook-id': content.id,
    'webhook-timestamp': String(content.timestamp),
    ...signatureHeaders(signing, { ...content, event: 'entry.update', secrets }),
  },
  body: content.body,
  at: content.timestamp * 1000,
});

const shared = () => newSecret('standard', randomBytes).text;
const pair = () => {
  const { text, publicKey } = newSecret('standard-ed25519', randomBytes);
  return { text, publicKey: publicKey ?? '' };
};

describe('a signature of Standard Webhooks', () => {
  const secret = shared();

  it('is the one of the example in the documentation of Standard Webhooks', () => {
    const { headers } = cameWith('standard', ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'], {
      id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      timestamp: 1614265330,
      body: '{"test": 2432232314}',
    });
    expect(headers['webhook-signature']).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });

  it('is accepted by the library of Standard Webhooks', () => {
    expect(standardVerifies(cameWith('standard', [secret]), secret)).toBe(true);
  });

  it('is refused for another body, id, time and secret', () => {
    const came = cameWith('standard', [secret]);
    const withHeaders = (headers: object): Signed => ({
      ...came,
      headers: { ...came.headers, ...headers },
    });
    expect(standardVerifies({ ...came, body: BODY.replace('1', '2') }, secret)).toBe(false);
    expect(standardVerifies(withHeaders({ 'webhook-id': 'evt_2' }), secret)).toBe(false);
    const earlier = { 'webhook-timestamp': String(TIMESTAMP - 1) };
    expect(standardVerifies(withHeaders(earlier), secret)).toBe(false);
    expect(standardVerifies(came, shared())).toBe(false);
  });

  it('is accepted with the old and with the new secret while both sign', () => {
    const fresh = shared();
    const both = cameWith('standard', [fresh, secret]);
    expect(both.headers['webhook-signature']?.split(' ')).toHaveLength(2);
    expect([fresh, secret].map((key) => standardVerifies(both, key))).toEqual([true, true]);
  });
});

describe('a signature with a key pair', () => {
  const hex = (text: string) => Buffer.from(text, 'hex');

  // RFC 8032, 7.1: TEST 1, 2 and 3.
  it.each([
    {
      seed: '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
      key: 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
      message: '',
      signature:
        'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
    },
    {
      seed: '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
      key: '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
      message: '72',
      signature:
        '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
    },
    {
      seed: 'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
      key: 'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
      message: 'af82',
      signature:
        '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
    },
  ])('is that of RFC 8032 for the message "$message"', ({ seed, key, message, signature }) => {
    const secret = `whsk_${hex(seed).toString('base64')}`;
    expect(publicKeyOf(secret)).toBe(`whpk_${hex(key).toString('base64')}`);
    expect(ed25519Of(secret, hex(message)).toString('hex')).toBe(signature);
  });

  it('is accepted by another implementation of Ed25519, with the public key alone', () => {
    const { text, publicKey } = pair();
    const came = cameWith('standard-ed25519', [text]);
    expect(came.headers['webhook-signature']).toMatch(/^v1a,[A-Za-z0-9+/]{86}==$/);
    expect(ed25519Verifies(came, publicKey)).toBe(true);
    expect(ed25519Verifies({ ...came, body: `${BODY} ` }, publicKey)).toBe(false);
    expect(ed25519Verifies(came, pair().publicKey)).toBe(false);
  });

  it('is accepted with the old and with the new key while both sign', () => {
    const [fresh, old] = [pair(), pair()];
    const both = cameWith('standard-ed25519', [fresh.text, old.text]);
    expect(both.headers['webhook-signature']?.split(' ')).toHaveLength(2);
    expect(ed25519Verifies(both, fresh.publicKey)).toBe(true);
    expect(ed25519Verifies(both, old.publicKey)).toBe(true);
  });

  it('has a public key that is a JSON Web Key, too', () => {
    const { publicKey } = pair();
    const bytes = Buffer.from(publicKey.slice('whpk_'.length), 'base64');
    expect(jwkOf(publicKey)).toEqual({
      kty: 'OKP',
      crv: 'Ed25519',
      x: bytes.toString('base64url'),
    });
  });
});

describe("a signature of GitHub's manner", () => {
  it("is the one of the example in GitHub's documentation", () => {
    const content = { ...CONTENT, body: 'Hello, World!' };
    const { headers } = cameWith('github', ["It's a Secret to Everybody"], content);
    expect(headers['X-Hub-Signature-256']).toBe(
      'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
    );
  });

  it("is accepted by GitHub's library with the whole text of the secret, and with no other", () => {
    const secret = shared();
    const came = cameWith('github', [secret]);
    expect(githubVerifies(came, secret)).toBe(true);
    expect(githubVerifies(came, secret.slice('whsec_'.length))).toBe(false);
    expect(githubVerifies({ ...came, body: `${BODY} ` }, secret)).toBe(false);
    expect(Object.keys(came.headers)).not.toContain('X-Hub-Signature-256-Previous');
  });

  it('is that of the new secret while two are valid, and the old one signs a header of its own', () => {
    const [fresh, old] = [shared(), shared()];
    const came = cameWith('github', [fresh, old]);
    expect(githubVerifies(came, fresh)).toBe(true);
    expect(githubVerifies(came, old)).toBe(false);
    expect(githubVerifies(came, old, PREVIOUS)).toBe(true);
  });
});

describe("GitHub's own receiver, Octokit's middleware", () => {
  const came = (secrets: string[]): Signed => {
    const { headers, ...rest } = cameWith('github', secrets);
    return { ...rest, headers: { 'content-type': 'application/json', ...headers } };
  };

  it('accepts a request, and hands on the event with its name and id', () => {
    const secret = shared();
    expect(octokitAnswer(came([secret]), secret)).toEqual({
      status: 200,
      events: [{ id: 'evt_1', name: 'entry.update', payload: JSON.parse(BODY) }],
    });
  });

  it('refuses a request that is signed with another secret', () => {
    expect(octokitAnswer(came([shared()]), shared())).toEqual({ status: 400, events: [] });
  });
});

describe("a signature of Stripe's manner", () => {
  it("is accepted by Stripe's library with the whole text of the secret, and with no other", () => {
    const secret = shared();
    const came = cameWith('stripe', [secret]);
    expect(came.headers['Stripe-Signature']).toMatch(/^t=1800000000,v1=[0-9a-f]{64}$/);
    expect(stripeVerifies(came, secret)).toBe(true);
    expect(stripeVerifies(came, secret.slice('whsec_'.length))).toBe(false);
    expect(stripeVerifies({ ...came, body: `${BODY} ` }, secret)).toBe(false);
    expect(stripeVerifies({ ...came, at: came.at + 600_000 }, secret)).toBe(false);
  });

  it('is accepted with the old and with the new secret while both sign', () => {
    const [fresh, old] = [shared(), shared()];
    const came = cameWith('stripe', [fresh, old]);
    expect([fresh, old].map((key) => stripeVerifies(came, key))).toEqual([true, true]);
  });
});

it('verifies whatever the body holds', () => {
  const secret = shared();
  const { text, publicKey } = pair();
  const json = fc.json().map((body) => ({ ...CONTENT, body }));
  fc.assert(
    fc.property(json, (content) => {
      expect(standardVerifies(cameWith('standard', [secret], content), secret)).toBe(true);
      expect(stripeVerifies(cameWith('stripe', [secret], content), secret)).toBe(true);
      const came = cameWith('standard-ed25519', [text], content);
      expect(ed25519Verifies(came, publicKey)).toBe(true);
    }),
    { numRuns: 50 },
  );
});

it('is none where nothing signs, and an error where a secret is wanted and there is none', () => {
  expect(
    signatureHeaders('none', { ...CONTENT, event: 'entry.update', secrets: [shared()] }),
  ).toEqual({});
  for (const signing of ['standard', 'standard-ed25519', 'github', 'stripe'] as const) {
    expect(() =>
      signatureHeaders(signing, { ...CONTENT, event: 'entry.update', secrets: [] }),
    ).toThrow('Rotate its secret');
  }
});

describe('a new secret', () => {
  const sevens = (size: number) => Buffer.alloc(size, 7);
  const encoded = Buffer.alloc(32, 7).toString('base64');

  it.each(['standard', 'github', 'stripe'] as const)(
    'for %s is whsec_ and the base64 of the 32 random bytes it was given',
    (signing) => {
      expect(newSecret(signing, sevens)).toEqual({ text: `whsec_${encoded}`, publicKey: null });
    },
  );

  it('for a key pair is whsk_ and the seed, and whpk_ and the public key', () => {
    const { text, publicKey } = newSecret('standard-ed25519', sevens);
    expect(text).toBe(`whsk_${encoded}`);
    expect(publicKey).toMatch(/^whpk_[A-Za-z0-9+/]{43}=$/);
    expect(publicKey).toBe(publicKeyOf(text));
  });
});
