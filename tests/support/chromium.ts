/** The browser of the end-to-end tests: the installed one, or else Debian's package. */
import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';
import { installPackage, programOnPath } from './debian';

const PROGRAMS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** No sandbox, because CI runs as root. The other flags prevent network calls of the browser itself. */
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
    throw new Error(`CHROMIUM_PATH is "${named}", but that file does not exist.`);
  }
  return named ?? foundOnPath();
}

/** The path of a Chromium or Chrome. Throws with an instruction if none can be installed. */
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
