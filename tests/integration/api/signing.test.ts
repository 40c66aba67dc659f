/** Each signing method, verified by the library of its receivers, before, during and after a rotation. */
import type { PublicKey, Signing, Webhook } from '../../../server/contract/webhook';
import type { Received } from '../../support/receiver';
import {
  ed25519Verifies,
  githubVerifies,
  standardVerifies,
  stripeVerifies,
  type Signed,
} from '../../support/verifiers';
import { DAY, Stage } from '../delivery/stage';

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.start();
});
afterEach(() => stage.clear());
afterAll(() => stage?.stop());

/** Judged as if read at the time that the sender wrote on it: tests turn the sender's clock, not the receiver's. */
const cameOf = ({ headers, body }: Received): Signed => ({
  headers,
  body,
  at: Number(headers['webhook-timestamp']) * 1000,
});

/** A notice, and the request that tells of it. */
const nextRequest = async (path = '/hook'): Promise<Signed> => {
  const before = stage.calls(path).length;
  await stage.write();
  const requests = await stage.receiver.waitFor(before + 1, { path });
  return cameOf(requests[before] as Received);
};

const rotate = ({ id }: Webhook) => stage.api<Webhook>('POST', `/webhooks/${id}/secret`);

const publicKeys = (id: string, token: string | null = null) =>
  stage.app.contentApi('GET', `/workflow-webhooks/public-keys/${id}`, undefined, { token });

const servedKeys = async ({ id }: Webhook): Promise<PublicKey[]> =>
  (await publicKeys(id)).body.data;

/** The key with which a receiver checks signatures. */
const keyOf = ({ secret, publicKey }: Webhook) => secret ?? publicKey ?? '';

type Verifies = (came: Signed, key: string) => boolean;
const SIGNINGS: [Exclude<Signing, 'none'>, Verifies, Verifies][] = [
  ['standard', standardVerifies, standardVerifies],
  ['standard-ed25519', ed25519Verifies, ed25519Verifies],
  [
    'github',
    githubVerifies,
    // A receiver that does not have the new secret yet can check this header.
    (came, key) => githubVerifies(came, key, 'x-hub-signature-256-previous'),
  ],
  ['stripe', stripeVerifies, stripeVerifies],
];

describe.each(SIGNINGS)('%s', (signing, verifies, verifiesOld) => {
  it('is verified before, during and after the overlap of a rotation', async () => {
    const made = await stage.makeWebhook({ signing });
    const first = await nextRequest();
    expect(verifies(first, keyOf(made))).toBe(true);
    expect(verifies({ ...first, body: `${first.body} ` }, keyOf(made))).toBe(false);

    const rotated = await rotate(made);
    expect(keyOf(rotated)).not.toBe(keyOf(made));
    const during = await nextRequest();
    expect(verifies(during, keyOf(rotated))).toBe(true);
    expect(verifiesOld(during, keyOf(made))).toBe(true);

    await stage.turn(DAY - 60_000);
    expect(verifiesOld(await nextRequest(), keyOf(made))).toBe(true);

    await stage.turn(60_000);
    const after = await nextRequest();
    expect(verifies(after, keyOf(rotated))).toBe(true);
    expect(verifies(after, keyOf(made))).toBe(false);
    expect(verifiesOld(after, keyOf(made))).toBe(false);
  });

  it('is verified on a retry and on a resend, with the same id and a signature of its own time', async () => {
    stage.receiver.on('/hook').answer(500, 200);
    const made = await stage.makeWebhook({ signing });
    const first = await nextRequest();
    await stage.attempted(made, 1);
    await stage.turn(15 * 60_000);
    const [delivery] = await stage.all(made, ({ state }) => state === 'delivered');
    await stage.api('POST', `/deliveries/${delivery?.id}/resend`);
    const requests = await stage.receiver.waitFor(3, { path: '/hook' });
    for (const request of requests) {
      expect(request.headers['webhook-id']).toBe(first.headers['webhook-id']);
      expect(verifies(cameOf(request), keyOf(made))).toBe(true);
    }
  });

  it('signs a test, too', async () => {
    const made = await stage.makeWebhook({ signing });
    await stage.api('POST', `/webhooks/${made.id}/test`, {});
    const [request] = await stage.receiver.waitFor(1, { path: '/hook' });
    expect(verifies(cameOf(request as Received), keyOf(made))).toBe(true);
  });
});

it('sends id and time whether it signs or not, and no signature of another kind', async () => {
  const names = ['webhook-signature', 'x-hub-signature-256', 'stripe-signature'];
  const expected = {
    none: [],
    standard: ['webhook-signature'],
    'standard-ed25519': ['webhook-signature'],
    github: ['x-hub-signature-256'],
    stripe: ['stripe-signature'],
  };
  for (const [signing, signatures] of Object.entries(expected)) {
    const path = `/${signing}`;
    await stage.makeWebhook({ signing: signing as Signing, path });
    const { headers } = await nextRequest(path);
    expect(headers['webhook-id']).toMatch(/^evt_/);
    expect(headers['webhook-timestamp']).toMatch(/^\d+$/);
    expect(names.filter((name) => name in headers)).toEqual(signatures);
  }
});

describe('another signing', () => {
  it('keeps the secret among those that share one', async () => {
    const made = await stage.makeWebhook({ signing: 'github' });
    for (const [signing, verifies] of SIGNINGS.filter(([name]) => name !== 'standard-ed25519')) {
      const changed = await stage.changeWebhook(made, { signing });
      expect(changed).not.toHaveProperty('secret');
      expect(changed.publicKey).toBeNull();
      expect(verifies(await nextRequest(), keyOf(made))).toBe(true);
    }
  });

  it('keeps the overlap of a rotation among those that share a secret', async () => {
    const made = await stage.makeWebhook({ signing: 'standard' });
    const rotated = await rotate(made);
    await stage.changeWebhook(made, { signing: 'stripe' });
    const came = await nextRequest();
    expect(stripeVerifies(came, keyOf(made))).toBe(true);
    expect(stripeVerifies(came, keyOf(rotated))).toBe(true);
  });

  it('keeps the secret while nothing is signed for a time', async () => {
    const made = await stage.makeWebhook({ signing: 'standard' });
    await stage.changeWebhook(made, { signing: 'none' });
    expect(await stage.changeWebhook(made, { signing: 'stripe' })).not.toHaveProperty('secret');
    expect(stripeVerifies(await nextRequest(), keyOf(made))).toBe(true);
  });

  it('makes a key pair where one is needed, and shows its public half only', async () => {
    const made = await stage.makeWebhook({ signing: 'standard' });
    const changed = await stage.changeWebhook(made, { signing: 'standard-ed25519' });
    expect(changed).not.toHaveProperty('secret');
    expect(changed.publicKey).toMatch(/^whpk_/);
    expect(await stage.webhook(made)).toMatchObject({ publicKey: changed.publicKey });
    expect(ed25519Verifies(await nextRequest(), keyOf(changed))).toBe(true);
  });

  it('makes a new secret where a key pair was, and shows it once', async () => {
    const made = await stage.makeWebhook({ signing: 'standard-ed25519' });
    const changed = await stage.changeWebhook(made, { signing: 'github' });
    expect(changed).toMatchObject({ secret: expect.stringMatching(/^whsec_/), publicKey: null });
    expect(await stage.webhook(made)).not.toHaveProperty('secret');
    expect(githubVerifies(await nextRequest(), keyOf(changed))).toBe(true);
  });
});

describe('the public keys', () => {
  it('are public: first the current key, then the previous one until the overlap ends', async () => {
    const made = await stage.makeWebhook({ signing: 'standard-ed25519' });
    expect(await servedKeys(made)).toEqual([
      {
        publicKey: made.publicKey,
        jwk: { kty: 'OKP', crv: 'Ed25519', x: expect.stringMatching(/^[\w-]{43}$/) },
        validUntil: null,
      },
    ]);

    const rotated = await rotate(made);
    const during = await servedKeys(made);
    expect(during.map(({ publicKey }) => publicKey)).toEqual([rotated.publicKey, made.publicKey]);
    const [current, previous] = during;
    expect(current?.validUntil).toBeNull();
    const left = new Date(previous?.validUntil ?? 0).getTime() - Date.now();
    expect(left).toBeGreaterThan(DAY - 600_000);
    expect(left).toBeLessThanOrEqual(DAY);

    await stage.turn(DAY);
    expect((await servedKeys(made)).map(({ publicKey }) => publicKey)).toEqual([rotated.publicKey]);
  });

  it('are served with any credentials of the caller, and while the webhook is disabled', async () => {
    const made = await stage.makeWebhook({ signing: 'standard-ed25519', enabled: false });
    expect((await publicKeys(made.id, 'nonsense')).status).toBe(200);
    expect(await servedKeys(made)).toHaveLength(1);
  });

  it('are 404 in the same words for everything that has none', async () => {
    const others: Webhook[] = [];
    for (const signing of ['none', 'standard', 'github', 'stripe'] as const) {
      others.push(await stage.makeWebhook({ signing }));
    }
    const changed = await stage.makeWebhook({ signing: 'standard-ed25519' });
    await stage.changeWebhook(changed, { signing: 'none' });
    const ids = [...others, changed].map(({ id }) => id);
    const answers = await Promise.all(
      [...ids, 'nobody', '%00', 'a'.repeat(500), '1 or 1=1'].map((id) => publicKeys(id)),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 404));
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(answers[0]?.body).toMatchObject({ data: null, error: { name: 'NotFoundError' } });
  });
});

it('never answers a private key, and stores it encrypted', async () => {
  const made = await stage.makeWebhook({ signing: 'standard-ed25519' });
  const answers = [
    made,
    await rotate(made),
    await stage.changeWebhook(made, { description: 'Changed' }),
    await stage.webhook(made),
    await stage.api('GET', '/webhooks'),
    await servedKeys(made),
    await stage.api('POST', `/webhooks/${made.id}/test`, {}),
    await stage.api(
      'DELETE',
      `/webhooks/${(await stage.makeWebhook({ signing: 'standard-ed25519' })).id}`,
    ),
  ];
  for (const answer of answers) {
    expect(answer).not.toHaveProperty('secret');
    expect(JSON.stringify(answer)).not.toMatch(/whsk_|"secrets"/);
  }
  const stored: unknown[] = await stage.app.run((strapi) =>
    strapi.db.query('plugin::workflow-webhooks.webhook').findMany({}),
  );
  expect(JSON.stringify(stored)).toContain(made.publicKey);
  expect(JSON.stringify(stored)).not.toContain('whsk_');
  expect(stage.app.logs()).not.toContain('whsk_');
});
