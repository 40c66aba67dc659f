/** A DNS resolver for a Strapi under test: it answers each lookup of a name as the test configured, and counts the lookups. */
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export type FlippingResolver = {
  /** The environment to start Strapi with. */
  readonly env: Record<string, string>;
  /** Sets the addresses for each lookup of this name, in turn; the last list repeats. An empty list: no such name. */
  resolve(name: string, ...answers: string[][]): void;
  /** How often the name was looked up since the last `resolve`. */
  lookups(name: string): number;
  stop(): void;
};

export const makeFlippingResolver = (): FlippingResolver => {
  const folder = mkdtempSync(path.join(tmpdir(), 'workflow-webhooks-resolver-'));
  const answers: Record<string, { version: number; answers: string[][] }> = {};
  let version = 0;
  writeFileSync(path.join(folder, 'lookups.log'), '');
  return {
    env: {
      NODE_OPTIONS: `--require ${path.join(__dirname, 'flipping-resolver-preload.js')}`,
      FLIPPING_RESOLVER: folder,
    },
    resolve: (name, ...lists) => {
      answers[name] = { version: (version += 1), answers: lists };
      // Renamed, because Strapi may be reading the file: it must never see half of it.
      writeFileSync(path.join(folder, 'new.json'), JSON.stringify(answers));
      renameSync(path.join(folder, 'new.json'), path.join(folder, 'answers.json'));
    },
    lookups: (name) => {
      const log = readFileSync(path.join(folder, 'lookups.log'), 'utf8');
      const line = `${answers[name]?.version} ${name}`;
      return log.split('\n').filter((one) => one === line).length;
    },
    stop: () => rmSync(folder, { recursive: true, force: true }),
  };
};
