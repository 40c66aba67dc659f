// Boots a Strapi app with the plugin, and checks that the plugin answers administrators only. Usage: node .ci/try-app.mjs <folder of the app>
/* global fetch */
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import process from 'node:process';

const print = (line) => process.stdout.write(`${line}\n`);

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

async function check(url, request) {
  const answer = await fetch(url + request.path, {
    method: request.method,
    headers: request.headers,
  });
  const isRight = answer.status === request.status;
  print(`${isRight ? '✓' : '✗'} ${request.path} ${request.as}: ${answer.status}`);
  if (!isRight) throw new Error(`Expected ${request.status}: ${await answer.text()}`);
}

/**
 * Replicates to a closed port. The error proves that the package contains the process of a run, and that this process can
 * load the app.
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
  print(
    `${isRight ? '✓' : '✗'} a replication to a closed port: ${lastRun?.state}, ${lastRun?.error}`,
  );
  if (!isRight) throw new Error('Expected an error that the destination could not be reached.');
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
    await check(url, { path: events, status: 401, as: 'without a login' });
    const headers = { authorization: `Bearer ${await firstAdmin(url)}` };
    await check(url, { path: events, headers, status: 200, as: 'as an administrator' });
    // Bad input is a 400 only where plugin and app share one @strapi/utils: a bundled copy makes it a 500.
    const webhooks = { path: '/workflow-webhooks/webhooks', method: 'POST', headers };
    await check(url, { ...webhooks, status: 400, as: 'without a body' });
    await replicate(url, headers);
    await check(url, { path: '/admin', status: 200, as: 'for the built panel' });
  } finally {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    if (child.exitCode === null && child.kill('SIGTERM')) await ended;
  }
}

main().catch((error) => {
  print(String(error.stack));
  process.exitCode = 1;
});
