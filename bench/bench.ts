/**
 * Compares an app with the plugin to the same app without it, and to Strapi's own webhooks:
 *
 *   npm run bench                            about half an hour
 *   npm run bench -- --quick                 about ten minutes, less precise
 *   npm run bench -- --database postgres     on another database; adds the sections with several processes
 *   npm run bench -- --only drain,claims     only some of the sections
 *   npm run bench -- --against ../before     another checkout, built, beside this one: writes and drain, and nothing else
 *   npm run bench -- --markdown              the tables as in docs/performance.md
 *   npm run bench:profile                    where the CPU time goes (profile.ts)
 *
 * The sections: write, drain and latency compare with the app without the plugin and with Strapi's own webhooks. reads
 * measures the app's API during a drain, queues compares with other durable queues, and idle and growth measure what
 * more webhooks cost. gate, isolation, claims, memory, processes and bullmq (one process and four) follow.
 *
 * Some apps run at once, each with its own database, and one receiver process serves all of them, over HTTPS as in production;
 * only one app works at a time. Speed varies between machines and over time, so the benchmark compares ratios, measured in
 * short slices in turn and in changing order. goals.ts has the goals. Nothing is written into the repository. The file of each
 * section explains its figures.
 */
import { inspect, parseArgs } from 'node:util';
import { ensureBuilt } from '../tests/support/build';
import { isReachable, type DatabaseKind } from '../tests/support/strapi';
import { compareWith } from './against';
import { describeMachine } from './machine';
import { startReceiver } from './receiver';
import { ALONE, FULL, QUICK, SIDE_BY_SIDE, type Place } from './sections';
import { render, type Table } from './table';
import { startSubject, TITLES, type Subject } from './variants';

const DATABASES = ['sqlite', 'postgres', 'mysql'];
const SECTIONS = [...Object.keys(SIDE_BY_SIDE), ...Object.keys(ALONE)];
/** The benchmark ends after this time even if it hangs. */
const LIMIT_MS = 60 * 60_000;

const print = (...lines: string[]) => process.stdout.write(`${lines.join('\n')}\n`);
const log = (line: string) => process.stderr.write(`${line}\n`);

const chosen = (value: string, known: readonly string[]): string => {
  if (known.includes(value)) return value;
  throw new Error(`"${value}" is unknown. Expected one of: ${known.join(', ')}.`);
};

/** Prints each section at once, so that a later failure does not lose its tables. */
type Show = (tables: Table[]) => void;
type Context = { place: Place; show: Show };

/** Starts the apps one after the other: several boots at once would take longer. */
const sideBySide = async (names: string[], { place, show }: Context): Promise<void> => {
  const sections = names.flatMap((name) => {
    const section = SIDE_BY_SIDE[name];
    return section ? [{ name, ...section }] : [];
  });
  const subjects: Subject[] = [];
  try {
    for (const variant of new Set(sections.flatMap(({ variants }) => variants))) {
      log(`Starting the app: ${TITLES[variant]} ...`);
      subjects.push(await startSubject(variant, place));
    }
    for (const { name, variants, measure } of sections) {
      log(`Measuring ${name} ...`);
      const own = subjects.filter(({ variant }) => variants.includes(variant));
      show(await measure(own, place));
    }
  } finally {
    await Promise.all(subjects.map(({ app }) => app.stop()));
  }
};

const alone = async (names: string[], { place, show }: Context): Promise<void> => {
  for (const name of names.filter((one) => one in ALONE)) {
    log(`Measuring ${name} ...`);
    show((await ALONE[name]?.(place)) ?? []);
  }
};

const optionsOf = () => {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean' },
      only: { type: 'string' },
      database: { type: 'string', default: 'sqlite' },
      against: { type: 'string' },
      markdown: { type: 'boolean' },
    },
  });
  const names = values.only?.split(',').map((name) => chosen(name, SECTIONS)) ?? SECTIONS;
  const database = chosen(values.database, DATABASES) as DatabaseKind;
  const { quick, against, markdown = false } = values;
  return { names, database, against, plan: quick ? QUICK : FULL, markdown };
};

const main = async () => {
  const { names, database, against, plan, markdown } = optionsOf();
  if (!(await isReachable(database))) throw new Error(`${database} does not answer.`);
  const watchdog = setTimeout(() => {
    log(`The benchmark did not finish within ${LIMIT_MS / 60_000} minutes and was ended.`);
    process.exit(1);
  }, LIMIT_MS);
  await ensureBuilt();
  const machine = await describeMachine(database);
  const receiver = await startReceiver();
  try {
    const show: Show = (tables) => tables.forEach((table) => print(render(table, markdown)));
    const context = { place: { receiver, database, plan }, show };
    print(...machine, '');
    if (against !== undefined) return show([await compareWith(against, context.place)]);
    await sideBySide(names, context);
    await alone(names, context);
  } finally {
    receiver.stop();
    clearTimeout(watchdog);
  }
};

main().catch((error) => {
  log(inspect(error));
  process.exitCode = 1;
});
