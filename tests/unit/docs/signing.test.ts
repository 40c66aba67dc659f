/** The samples that check a signature do: they are run as they stand on the page, with what the code signs. */
import { randomBytes } from 'node:crypto';
import type { Signing } from '../../../server/contract/webhook';
import { newSecret, type NewSecret } from '../../../server/store/secrets/signing-secret';
import { signatureHeaders } from '../../../server/send/sign/sign';
import { maskedUrl } from '../../../server/store/secrets/url-secrets';
import { publicKeysOf, rotated, type StoredSecret } from '../../../server/store/webhook-record';
import { read, samples } from './page';

const PAGE = 'docs/receiving.md';
const BODY = '{"type":"entry.update","data":{"title":"Ünïcode"}}';

type Request = { headers: Record<string, string>; body: string | Buffer };

const requestOf = (signing: Signing, secrets: NewSecret[], body = BODY): Request => {
  const timestamp = Math.floor(Date.now() / 1000);
  const texts = secrets.map(({ text }) => text);
  const signed = signatureHeaders(signing, {
    id: 'evt_1',
    event: 'entry.update',
    timestamp,
    body,
    secrets: texts,
  });
  const headers = { 'webhook-id': 'evt_1', 'webhook-timestamp': String(timestamp), ...signed };
  return {
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
    ),
    body,
  };
};

const secretOf = (signing: Signing) => newSecret(signing, randomBytes);
const sampleOf = (heading: string) => samples(PAGE, heading, 'js')[0] ?? '';

/** Runs a sample with these names in scope; answers what `wanted` is then. */
const run = (code: string, scope: Record<string, unknown>, wanted: string): unknown =>
  new Function(...Object.keys(scope), `${code}\nreturn ${wanted};`)(...Object.values(scope));

/** A sample that is a handler of express: what it hands on of a request, or what it throws. */
const handled = (heading: string, secret: NewSecret, request: Request) => {
  const seen: unknown[] = [];
  let post: (request: Request, response: unknown) => void = () => undefined;
  run(
    sampleOf(heading),
    {
      require,
      express: { raw: () => null },
      app: { post: (_path: string, _raw: unknown, handler: typeof post) => (post = handler) },
      process: { env: { WEBHOOK_SECRET: secret.text, STRIPE_KEY: 'sk_test_never_used' } },
      handle: (event: unknown) => seen.push(event),
    },
    'null',
  );
  post(
    { ...request, body: Buffer.from(request.body) },
    { sendStatus: (status: number) => seen.push(status) },
  );
  return seen;
};

describe.each([
  ['standard', 'Standard'],
  ['stripe', 'As Stripe signs'],
] as const)('The sample for the signing %s', (signing, heading) => {
  test('hands on what is signed with the secret, during a rotation too', () => {
    const [fresh, old] = [secretOf(signing), secretOf(signing)];
    for (const secret of [fresh, old]) {
      const request = requestOf(signing, [fresh, old]);
      expect(handled(heading, secret, request)).toEqual([204, JSON.parse(BODY)]);
    }
  });

  test('throws for what is not', () => {
    const [secret, other] = [secretOf(signing), secretOf(signing)];
    const request = requestOf(signing, [secret]);
    expect(() => handled(heading, other, request)).toThrow(/signature/i);
    expect(() => handled(heading, secret, { ...request, body: `${BODY} ` })).toThrow(/signature/i);
  });
});

describe('The sample for the signing github', () => {
  const isSigned = run(sampleOf('As GitHub signs'), { require }, 'isSigned') as (
    request: Request,
    secret: string,
  ) => boolean;

  test('accepts requests that are signed with the newest secret, and no others', () => {
    const [fresh, old] = [secretOf('github'), secretOf('github')];
    const request = requestOf('github', [fresh, old]);
    expect(isSigned(request, fresh.text)).toBe(true);
    expect(isSigned(request, old.text)).toBe(false);
    expect(isSigned({ ...request, body: `${BODY} ` }, fresh.text)).toBe(false);
    expect(isSigned({ ...request, headers: {} }, fresh.text)).toBe(false);
  });
});

describe('The sample for the signing standard-ed25519', () => {
  const HEADING = 'Standard with a key pair';
  const signing = 'standard-ed25519';
  const entry = ({ publicKey }: NewSecret) => ({ value: 'encrypted', publicKey: publicKey ?? '' });

  const isSigned = (request: Request, ...keys: NewSecret[]): Promise<boolean> => {
    const secrets = keys.reduceRight<StoredSecret[]>(
      (list, key) => rotated(list, entry(key), 0),
      [],
    );
    const fetch = async () => Response.json({ data: publicKeysOf({ signing, secrets }, 0) });
    const checks = run(sampleOf(HEADING), { require, fetch }, 'isSigned') as (
      request: Request,
    ) => Promise<boolean>;
    return checks(request);
  };

  test('accepts requests that are signed with one of the served keys, and no others', async () => {
    const [fresh, old, other] = [secretOf(signing), secretOf(signing), secretOf(signing)];
    const request = requestOf(signing, [fresh, old]);
    expect(await isSigned(request, fresh, old)).toBe(true);
    expect(await isSigned(request, old)).toBe(true);
    expect(await isSigned(request, other)).toBe(false);
    expect(await isSigned({ ...request, body: `${BODY} ` }, fresh, old)).toBe(false);
  });

  test('comes with an answer as it is served', () => {
    const { data } = JSON.parse(samples(PAGE, HEADING, 'json')[0] ?? '');
    const secrets = rotated([], { value: 'encrypted', publicKey: data[0].publicKey }, 0);
    expect(data).toEqual(publicKeysOf({ signing, secrets }, 0));
  });
});

test('The page shows a URL with a key in it as it is shown', () => {
  const [whole = '', shown] = [...read(PAGE).matchAll(/`(https:\S+\?\S+)`/g)].map(([, url]) => url);
  expect(shown).toBe(maskedUrl(whole));
});
