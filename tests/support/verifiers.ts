/** Independent checks of a signature: the libraries that receivers use, and an Ed25519 implementation other than Node's. */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { ed25519 } from '@noble/curves/ed25519';
import { Webhook } from 'standardwebhooks';
import Stripe from 'stripe';

/** A received request with its time (ms since 1970): most libraries refuse requests that are more than five minutes off. */
export type Signed = { headers: Record<string, string>; body: string; at: number };

/** Ignores the case of header names, as a server does. */
const headerOf = ({ headers }: Signed, name: string): string =>
  Object.entries(headers).find(([known]) => known.toLowerCase() === name)?.[1] ?? '';

const isTrue = (check: () => unknown): boolean => {
  try {
    check();
    return true;
  } catch {
    return false;
  }
};

/** Replaces `Date.now`, because the library of Standard Webhooks takes no time as an argument. */
const atTime = <T>(at: number, check: () => T): T => {
  const clock = jest.spyOn(Date, 'now').mockReturnValue(at);
  try {
    return check();
  } finally {
    clock.mockRestore();
  }
};

export const standardVerifies = (came: Signed, secret: string): boolean =>
  atTime(came.at, () => isTrue(() => new Webhook(secret).verify(came.body, came.headers)));

const bytesOf = (text: string) => Buffer.from(text.replace(/^[^_,]*[_,]/, ''), 'base64');

/** Follows the specification Standard Webhooks 1.0.0, "Asymmetric": one valid signature is enough. */
export const ed25519Verifies = (came: Signed, publicKey: string): boolean => {
  const parts = [headerOf(came, 'webhook-id'), headerOf(came, 'webhook-timestamp'), came.body];
  return headerOf(came, 'webhook-signature')
    .split(' ')
    .filter((signature) => signature.startsWith('v1a,'))
    .some((signature) =>
      ed25519.verify(bytesOf(signature), Buffer.from(parts.join('.')), bytesOf(publicKey)),
    );
};

/** Runs an ES module in a child process, because jest cannot load it, and returns its output. */
const outputOf = (module: string, input: unknown): string =>
  execFileSync(process.execPath, ['--input-type=module', '--eval', module], {
    cwd: path.resolve(__dirname, '../..'),
    input: JSON.stringify(input),
    encoding: 'utf8',
  }).trim();

const GITHUB = `
  import { readFileSync } from 'node:fs';
  import { verify } from '@octokit/webhooks-methods';
  const { secret, body, signature } = JSON.parse(readFileSync(0, 'utf8'));
  console.log(await verify(secret, body, signature));
`;

export const githubVerifies = (
  came: Signed,
  secret: string,
  header = 'x-hub-signature-256',
): boolean => {
  const signature = headerOf(came, header);
  return signature !== '' && outputOf(GITHUB, { secret, body: came.body, signature }) === 'true';
};

/** Octokit's receiver behind a real server, as in its documentation. */
const OCTOKIT = `
  import { createServer } from 'node:http';
  import { readFileSync } from 'node:fs';
  import { createNodeMiddleware, Webhooks } from '@octokit/webhooks';
  const { secret, body, headers } = JSON.parse(readFileSync(0, 'utf8'));
  const quiet = { debug() {}, info() {}, warn() {}, error() {} };
  const webhooks = new Webhooks({ secret, log: quiet });
  const events = [];
  webhooks.onAny(({ id, name, payload }) => events.push({ id, name, payload }));
  const middleware = createNodeMiddleware(webhooks, { path: '/', log: quiet });
  const server = createServer(middleware).listen(0, '127.0.0.1', async () => {
    const url = 'http://127.0.0.1:' + server.address().port + '/';
    const { status } = await fetch(url, { method: 'POST', headers, body });
    console.log(JSON.stringify({ status, events }));
    server.close();
  });
`;

export type OctokitAnswer = {
  status: number;
  events: { id: string; name: string; payload: unknown }[];
};

/** The answer of GitHub's own webhook receiver, and the events that it emits. */
export const octokitAnswer = ({ headers, body }: Signed, secret: string): OctokitAnswer =>
  JSON.parse(outputOf(OCTOKIT, { secret, body, headers }));

const { webhooks } = new Stripe('sk_test_never_used');

export const stripeVerifies = (came: Signed, secret: string): boolean =>
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
