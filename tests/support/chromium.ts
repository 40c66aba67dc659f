/** The browser of the end-to-end tests: the machine's own, or Debian's package where there is none. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { chromium, type Browser } from 'playwright-core';

const PROGRAMS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** No sandbox, because CI runs as root; the rest keeps it from calling anybody. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const foundOnPath = () =>
  (process.env.PATH ?? '')
    .split(path.delimiter)
    .flatMap((folder) => PROGRAMS.map((program) => path.join(folder, program)))
    .find((file) => existsSync(file));

function found(): string | undefined {
  const named = process.env.CHROMIUM_PATH;
  if (named && !existsSync(named)) {
    throw new Error(`CHROMIUM_PATH is "${named}", and there is no such file.`);
  }
  return named ?? foundOnPath();
}

function install(): void {
  process.stdout.write('There is no Chromium here: installing the package of Debian ...\n');
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  for (const step of [['update'], ['install', '-y', '--no-install-recommends', 'chromium']]) {
    const [program = '', ...args] = [...asRoot, 'apt-get', ...step];
    const { status } = spawnSync(program, args, {
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    if (status !== 0) break;
  }
}

/** The path of a Chromium or Chrome. Throws, with what to do, where there is none to be had. */
export function chromiumPath(): string {
  const present = found();
  if (present) return present;
  install();
  const installed = foundOnPath();
  if (installed) return installed;
  throw new Error(
    'The end-to-end tests need Chromium, and its Debian package could not be installed. ' +
      'Install Chromium or Chrome, or set CHROMIUM_PATH to its program.',
  );
}

export const launchChromium = (): Promise<Browser> =>
  chromium.launch({ executablePath: chromiumPath(), args: FLAGS });
