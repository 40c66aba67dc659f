/**
 * Kills, disconnects and restarts what the plugin depends on while several Strapis write and send, and then checks that
 * every guarantee held:
 *
 *   npm run chaos                                     every database and engine available here; about five minutes
 *   npm run chaos -- --minutes 20                     longer, divided among them
 *   npm run chaos -- --database postgres --engine database
 *   npm run chaos -- --database sqlite --kills 100    only kill -9, so many times
 *   npm run chaos -- --seed 4711                      the same random choices again
 *
 * The command starts its own database servers and Redis in temporary folders and touches nothing else on the machine. The
 * exit code is 1 if a guarantee was broken. history.ts lists the guarantees.
 */
import { parseArgs } from 'node:util';
import { ensureBuilt } from '../support/build';
import { isAvailable } from './available';
import { DATABASES, ENGINES, matrix, processesOf } from './plan';
import { reportOf } from './report';
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

const log = (line: string) => process.stderr.write(`${line}\n`);

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
  const available = wanted.filter(isAvailable);
  for (const one of wanted)
    if (!available.includes(one))
      log(`Left out, not available here: ${one.database}, engine ${one.engine}.`);
  const seed = values.seed ? numberOf('seed', values.seed) : Date.now() % 1_000_000;
  const kills = values.kills ? numberOf('kills', values.kills) : null;
  const forMs = (numberOf('minutes', values.minutes) * MINUTE) / Math.max(available.length, 1);
  let isGood = available.length > 0;
  for (const { database, engine } of available) {
    log(`${database}, engine ${engine}, seed ${seed} ...`);
    const processes = processesOf(database);
    const result = await run({ database, engine, seed, kills, forMs, processes }, log);
    process.stdout.write(`${reportOf(result)}\n`);
    isGood &&= result.problems.length === 0;
  }
  return isGood;
};

/** `exit` handlers stop the servers that were started here. */
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

const main = async () => {
  await ensureBuilt();
  process.exitCode = (await chaos()) ? 0 : 1;
};

main().catch((error) => {
  log(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exitCode = 1;
});
