// Boots a Strapi app that has the plugin, and checks that the plugin answers an administrator and nobody
// else. Usage: node .ci/try-app.mjs <folder of the app>
/* global fetch */
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import process from 'node:process';

const say = (line) => process.stdout.write(`${line}\n`);

const app = path.resolve(process.argv[2]);
const BOOT_LIMIT = 120_000;

const freePort = () =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });

async function isUp(url, child) {
  const deadline = Date.now() + BOOT_LIMIT;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`Strapi ended with code ${child.exitCode}.`);
    const answer = await fetch(`${url}/_health`).catch(() => null);
    if (answer?.status === 204) return;
    await sleep(250);
  }
  throw new Error(`Strapi did not answer within ${BOOT_LIMIT} ms.`);
}

async function firstAdmin(url) {
  const answer = await fetch(`${url}/admin/register-admin`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      email: 'admin@example.com',
      password: 'Playground1',
      firstname: 'Ada',
      lastname: 'Admin',
    }),
  });
  const { data } = await answer.json();
  return data.token;
}

async function check(url, what) {
  const answer = await fetch(url + what.path, { method: what.method, headers: what.headers });
  const isRight = answer.status === what.status;
  say(`${isRight ? '✓' : '✗'} ${what.path} ${what.says}: ${answer.status}`);
  if (!isRight) throw new Error(`Expected ${what.status}: ${await answer.text()}`);
}

/**
 * Replicates to where nobody listens: that its own process says so shows that the package holds that process, and that
 * it can load the app.
 */
async function replicate(url, headers) {
  const call = async (method, where, body) => {
    const answer = await fetch(`${url}/workflow-webhooks/replications${where}`, {
      method,
      headers: { ...headers, 'content-type': 'application/json' },
      body: body && JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${method} ${where}: ${await answer.text()}`);
    return (await answer.json()).data;
  };
  const destination = `http://127.0.0.1:${await freePort()}/admin`;
  const { id } = await call('POST', '', { name: 'Nowhere', destination, token: 'any', run: true });
  const deadline = Date.now() + BOOT_LIMIT;
  let lastRun;
  do {
    await sleep(250);
    ({ lastRun } = await call('GET', `/${id}`));
  } while (lastRun?.state === 'running' && Date.now() < deadline);
  const isRight = /could not be reached/.test(lastRun?.error);
  say(`${isRight ? '✓' : '✗'} a replication to nobody: ${lastRun?.state}, ${lastRun?.error}`);
  if (!isRight) throw new Error('Expected that the destination could not be reached.');
}

async function main() {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, [path.join(app, 'node_modules/.bin/strapi'), 'start'], {
    cwd: app,
    env: { ...process.env, NODE_ENV: 'production', PORT: String(port), JWT_SECRET: 'clean-app' },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  try {
    await isUp(url, child);
    const events = '/workflow-webhooks/events';
    await check(url, { path: events, status: 401, says: 'without a login' });
    const headers = { authorization: `Bearer ${await firstAdmin(url)}` };
    await check(url, { path: events, headers, status: 200, says: 'as an administrator' });
    // Bad input is a 400 only where plugin and app share one @strapi/utils: a bundled copy makes it a 500.
    const webhooks = { path: '/workflow-webhooks/webhooks', method: 'POST', headers };
    await check(url, { ...webhooks, status: 400, says: 'given nothing' });
    await replicate(url, headers);
    await check(url, { path: '/admin', status: 200, says: 'the built panel' });
  } finally {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    if (child.exitCode === null && child.kill('SIGTERM')) await ended;
  }
}

main().catch((error) => {
  say(String(error.stack));
  process.exitCode = 1;
});
