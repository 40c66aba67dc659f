/** Builds the plugin and the playground's admin panel, each only if its sources have changed. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { hashOf } from './source-hash';

const ROOT = path.resolve(__dirname, '../..');
const CACHE = path.join(ROOT, 'playground', '.cache');

type Build = {
  name: string;
  /** The usual duration, to print. */
  takes: string;
  sources: string[];
  /** A file that exists after the build. */
  result: string;
  command: { script: string; args: string[]; cwd: string; env?: Record<string, string> };
};

const PLUGIN_SOURCES = [
  'admin',
  'server',
  'strapi-admin.ts',
  'strapi-server.ts',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
];

const PLUGIN: Build = {
  name: 'plugin',
  takes: '10 to 20 seconds',
  sources: PLUGIN_SOURCES,
  result: 'dist/server/index.js',
  command: {
    script: 'node_modules/@strapi/sdk-plugin/bin/strapi-plugin.js',
    args: ['build'],
    cwd: '.',
  },
};

const PANEL: Build = {
  name: 'admin panel',
  takes: '1 to 2 minutes',
  // The panel's bundle contains only the admin half of the plugin.
  sources: [
    ...PLUGIN_SOURCES.filter((place) => place !== 'server'),
    'server/contract',
    'playground/package.json',
    'playground/config',
    'playground/src/admin',
  ],
  result: 'playground/build/index.html',
  command: {
    script: 'node_modules/@strapi/strapi/bin/strapi.js',
    args: ['build'],
    cwd: 'playground',
    env: {
      NODE_ENV: 'production',
      STRAPI_TELEMETRY_DISABLED: 'true',
      PLAYGROUND_WITHOUT_PLUGIN: '',
    },
  },
};

const stampOf = (build: Build) => path.join(CACHE, `${build.name.replace(' ', '-')}.sha256`);
const print = (line: string) => process.stdout.write(`${line}\n`);

async function isCurrent(build: Build, hash: string) {
  if (!existsSync(path.join(ROOT, build.result))) return false;
  return (await readFile(stampOf(build), 'utf8').catch(() => '')) === hash;
}

function run({ script, args, cwd, env }: Build['command']): Promise<number | null> {
  const child = spawn(process.execPath, [path.join(ROOT, script), ...args], {
    cwd: path.join(ROOT, cwd),
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
}

async function build(target: Build) {
  const hash = await hashOf(ROOT, target.sources);
  if (await isCurrent(target, hash)) {
    print(`The ${target.name} is built already.`);
    return;
  }
  print(`Building the ${target.name}: ${target.takes} ...`);
  await rm(stampOf(target), { force: true });
  const started = performance.now();
  const code = await run(target.command);
  if (code !== 0) {
    throw new Error(`The ${target.name} could not be built (exit code ${code}); see above.`);
  }
  await writeFile(stampOf(target), hash);
  print(`Built the ${target.name} in ${Math.round((performance.now() - started) / 1000)} s.`);
}

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** Allows one build at a time: the demo and the tests may run side by side. */
async function withBuildLock<T>(work: () => Promise<T>): Promise<T> {
  const lock = path.join(CACHE, 'building.pid');
  await mkdir(CACHE, { recursive: true });
  for (;;) {
    const isOurs = await writeFile(lock, String(process.pid), { flag: 'wx' }).then(
      () => true,
      () => false,
    );
    if (isOurs) break;
    const holder = Number(await readFile(lock, 'utf8').catch(() => '0'));
    if (holder > 0 && !isAlive(holder)) await rm(lock, { force: true });
    else await sleep(500);
  }
  return work().finally(() => rm(lock, { force: true }));
}

/** Strapi loads the plugin from dist/, so every test and the demo need this build. */
export function ensureBuilt({ panel = false }: { panel?: boolean } = {}): Promise<void> {
  return withBuildLock(async () => {
    await build(PLUGIN);
    if (panel) await build(PANEL);
  });
}
