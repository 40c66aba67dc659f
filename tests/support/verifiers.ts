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

/** Runs an ES module, which jest does not load, in a process beside; answers what it prints. */
const said = (module: string, input: unknown): string =>
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
  came: Came,
  secret: string,
  header = 'x-hub-signature-256',
): boolean => {
  const signature = headerOf(came, header);
  return signature !== '' && said(GITHUB, { secret, body: came.body, signature }) === 'true';
};

/** Octokit's receiver behind a real server, as its documentation starts one. */
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

/** What GitHub's own webhook receiver answers, and which events it hands on. */
export const octokitAnswer = ({ headers, body }: Came, secret: string): OctokitAnswer =>
  JSON.parse(said(OCTOKIT, { secret, body, headers }));

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
