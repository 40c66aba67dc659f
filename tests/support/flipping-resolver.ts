/** A resolver for a Strapi of a test, that answers each question about a name as the test says, and counts them. */
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export type FlippingResolver = {
  /** What Strapi is started with. */
  readonly env: Record<string, string>;
  /** The addresses of each question about this name, in turn; the last ones stay. None: there is no such name. */
  say(name: string, ...answers: string[][]): void;
  /** How often the name was asked for since it was last said. */
  asked(name: string): number;
  stop(): void;
};

export const makeFlippingResolver = (): FlippingResolver => {
  const folder = mkdtempSync(path.join(tmpdir(), 'workflow-webhooks-resolver-'));
  const answers: Record<string, { version: number; answers: string[][] }> = {};
  const before: Record<string, number> = {};
  let version = 0;
  const questions = (name: string) => {
    const log = readFileSync(path.join(folder, 'questions.log'), 'utf8');
    return log.split('\n').filter((line) => line === name).length;
  };
  writeFileSync(path.join(folder, 'questions.log'), '');
  return {
    env: {
      NODE_OPTIONS: `--require ${path.join(__dirname, 'flipping-resolver-preload.js')}`,
      FLIPPING_RESOLVER: folder,
    },
    say: (name, ...lists) => {
      answers[name] = { version: (version += 1), answers: lists };
      before[name] = questions(name);
      // Whole or not at all: Strapi may be reading it.
      writeFileSync(path.join(folder, 'new.json'), JSON.stringify(answers));
      renameSync(path.join(folder, 'new.json'), path.join(folder, 'answers.json'));
    },
    asked: (name) => questions(name) - (before[name] ?? 0),
    stop: () => rmSync(folder, { recursive: true, force: true }),
  };
};
