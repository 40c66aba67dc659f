import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { newSecret, signatureOf } from '../../../server/request/sign';

const secret = newSecret(randomBytes);
// The oracle refuses timestamps more than five minutes from its own clock.
const timestamp = Math.floor(Date.now() / 1000);
const body = JSON.stringify({ title: 'Ünïcode 👋 ]]>', nested: { a: [1, null] } });
const signed = (secrets: string[]) => signatureOf({ id: 'evt_1', timestamp, body, secrets });
const headers = (signature: string) => ({
  'webhook-id': 'evt_1',
  'webhook-timestamp': String(timestamp),
  'webhook-signature': signature,
});

describe('a signature', () => {
  it('is accepted by the library of Standard Webhooks', () => {
    expect(new Webhook(secret).verify(body, headers(signed([secret])))).toEqual(JSON.parse(body));
  });

  it('is the one of the example in the documentation of Standard Webhooks', () => {
    const signature = signatureOf({
      id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      timestamp: 1614265330,
      body: '{"test": 2432232314}',
      secrets: ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
    });
    expect(signature).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });

  it('is refused for a body of which one character was changed', () => {
    const tampered = body.replace('1', '2');
    expect(() => new Webhook(secret).verify(tampered, headers(signed([secret])))).toThrow(
      'No matching signature',
    );
  });

  it('is refused for another id, another time and another secret', () => {
    const good = headers(signed([secret]));
    const verify = (changed: object, key = secret) =>
      new Webhook(key).verify(body, { ...good, ...changed });
    expect(() => verify({})).not.toThrow();
    expect(() => verify({ 'webhook-id': 'evt_2' })).toThrow('No matching signature');
    expect(() => verify({ 'webhook-timestamp': String(timestamp - 1) })).toThrow(
      'No matching signature',
    );
    expect(() => verify({}, newSecret(randomBytes))).toThrow('No matching signature');
  });

  it('is accepted with the old and with the new secret while both sign', () => {
    const fresh = newSecret(randomBytes);
    const both = signed([fresh, secret]);
    expect(both.split(' ')).toHaveLength(2);
    for (const key of [fresh, secret]) {
      expect(() => new Webhook(key).verify(body, headers(both))).not.toThrow();
    }
  });
});

describe('a new secret', () => {
  it('is whsec_ and the base64 of the 32 random bytes it was given', () => {
    const made = newSecret((size) => Buffer.alloc(size, 7));
    expect(made).toBe(`whsec_${Buffer.alloc(32, 7).toString('base64')}`);
  });
});
