/**
 * Kills, cuts and restarts what the plugin stands on, while several Strapis write and send, and then checks that every
 * promise was kept:
 *
 *   npm run chaos                                     every database and engine that is here; about five minutes
 *   npm run chaos -- --minutes 20                     longer, shared out among them
 *   npm run chaos -- --database postgres --engine database
 *   npm run chaos -- --database sqlite --kills 100    nothing but kill -9, so many times
 *   npm run chaos -- --seed 4711                      the same dice again
 *
 * Database servers and Redis are processes of its own in temporary folders: nothing else on the machine is touched. Ends
 * with 1 where a promise was broken. What is checked is said in history.ts.
 */
import { parseArgs } from 'node:util';
import { ensureBuilt } from '../support/built';
import { isHere } from './here';
import { DATABASES, ENGINES, matrix, processesOf } from './plan';
import { told } from './report';
import { run } from './run';

const MINUTE = 60_000;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '5' },
    seed: { type: 'string' },
    database: { type: 'string', multiple: true },
    engine: { type: 'string', multiple: true },
    kills: { type: 'string' },
  },
});

const tell = (line: string) => process.stderr.write(`${line}\n`);

const numberOf = (name: string, text: string): number => {
  const number = Number(text);
  if (Number.isFinite(number) && number > 0) return number;
  throw new Error(`--${name} is "${text}"; expected a number above 0.`);
};

const oneOf = <T extends string>(name: string, known: readonly T[], wanted?: string[]): T[] => {
  const unknown = wanted?.find((one) => !(known as readonly string[]).includes(one));
  if (unknown) throw new Error(`--${name} is "${unknown}"; expected ${known.join(', ')}.`);
  return known.filter((one) => !wanted || wanted.includes(one));
};

const chaos = async (): Promise<boolean> => {
  const wanted = matrix(
    oneOf('database', DATABASES, values.database),
    oneOf('engine', ENGINES, values.engine),
  );
  const here = wanted.filter(isHere);
  for (const one of wanted)
    if (!here.includes(one))
      tell(`Left out, cannot be had here: ${one.database}, engine ${one.engine}.`);
  const seed = values.seed ? numberOf('seed', values.seed) : Date.now() % 1_000_000;
  const kills = values.kills ? numberOf('kills', values.kills) : null;
  const forMs = (numberOf('minutes', values.minutes) * MINUTE) / Math.max(here.length, 1);
  let isGood = here.length > 0;
  for (const { database, engine } of here) {
    tell(`${database}, engine ${engine}, seed ${seed} ...`);
    const processes = processesOf(database);
    const result = await run({ database, engine, seed, kills, forMs, processes }, tell);
    process.stdout.write(`${told(result)}\n`);
    isGood &&= result.problems.length === 0;
  }
  return isGood;
};

/** Servers of ours end with us. */
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

const main = async () => {
  await ensureBuilt();
  process.exitCode = (await chaos()) ? 0 : 1;
};

main().catch((error) => {
  tell(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exitCode = 1;
});
