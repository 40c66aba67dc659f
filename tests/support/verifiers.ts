/** Who else says that a signature is right: the libraries that receivers use, and an Ed25519 that is not Node's. */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { ed25519 } from '@noble/curves/ed25519';
import { Webhook } from 'standardwebhooks';
import Stripe from 'stripe';

/** What came in, and when (ms since 1970): most refuse what is older or newer than five minutes. */
export type Came = { headers: Record<string, string>; body: string; at: number };

/** By header name in lower case, as a server reads them. */
const headerOf = ({ headers }: Came, name: string): string =>
  Object.entries(headers).find(([known]) => known.toLowerCase() === name)?.[1] ?? '';

const isTrue = (check: () => unknown): boolean => {
  try {
    check();
    return true;
  } catch {
    return false;
  }
};

/** The library of Standard Webhooks has no other way to be told what time it is. */
const atTime = <T>(at: number, check: () => T): T => {
  const clock = jest.spyOn(Date, 'now').mockReturnValue(at);
  try {
    return check();
  } finally {
    clock.mockRestore();
  }
};

export const standardVerifies = (came: Came, secret: string): boolean =>
  atTime(came.at, () => isTrue(() => new Webhook(secret).verify(came.body, came.headers)));

const bytesOf = (text: string) => Buffer.from(text.replace(/^[^_,]*[_,]/, ''), 'base64');

/** Standard Webhooks 1.0.0, "Asymmetric", read off the page: any one of the signatures is enough. */
export const ed25519Verifies = (came: Came, publicKey: string): boolean => {
  const parts = [headerOf(came, 'webhook-id'), headerOf(came, 'webhook-timestamp'), came.body];
  return headerOf(came, 'webhook-signature')
    .split(' ')
    .filter((signature) => signature.startsWith('v1a,'))
    .some((signature) =>
      ed25519.verify(bytesOf(signature), Buffer.from(parts.join('.')), bytesOf(publicKey)),
    );
};

const GITHUB = `
  import { readFileSync } from 'node:fs';
  import { verify } from '@octokit/webhooks-methods';
  const { secret, body, signature } = JSON.parse(readFileSync(0, 'utf8'));
  console.log(await verify(secret, body, signature));
`;

/** GitHub's own library is an ES module without a CommonJS side, which jest does not load: it runs in a process beside. */
export const githubVerifies = (
  came: Came,
  secret: string,
  header = 'x-hub-signature-256',
): boolean => {
  const signature = headerOf(came, header);
  if (signature === '') return false;
  const said = execFileSync(process.execPath, ['--input-type=module', '--eval', GITHUB], {
    cwd: path.resolve(__dirname, '../..'),
    input: JSON.stringify({ secret, body: came.body, signature }),
    encoding: 'utf8',
  });
  return said.trim() === 'true';
};

const { webhooks } = new Stripe('sk_test_never_used');

export const stripeVerifies = (came: Came, secret: string): boolean =>
  isTrue(() =>
    webhooks.constructEvent(
      came.body,
      headerOf(came, 'stripe-signature'),
      secret,
      undefined,
      undefined,
      came.at,
    ),
  );
