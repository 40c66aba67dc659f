/** The browser of the end-to-end tests: the machine's own, or Debian's package where there is none. */
import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';
import { installPackage, programOnPath } from './debian';

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

const foundOnPath = () => programOnPath(PROGRAMS);

function found(): string | undefined {
  const named = process.env.CHROMIUM_PATH;
  if (named && !existsSync(named)) {
    throw new Error(`CHROMIUM_PATH is "${named}", and there is no such file.`);
  }
  return named ?? foundOnPath();
}

/** The path of a Chromium or Chrome. Throws, with what to do, where there is none to be had. */
export function chromiumPath(): string {
  const present = found();
  if (present) return present;
  installPackage('chromium');
  const installed = foundOnPath();
  if (installed) return installed;
  throw new Error(
    'The end-to-end tests need Chromium, and its Debian package could not be installed. ' +
      'Install Chromium or Chrome, or set CHROMIUM_PATH to its program.',
  );
}

export const launchChromium = (): Promise<Browser> =>
  chromium.launch({ executablePath: chromiumPath(), args: FLAGS });
