/**
 * Measures the plugin beside the same app without it, and beside Strapi's own webhooks:
 *
 *   npm run bench                     about five minutes
 *   npm run bench -- --quick          about one minute; for a first look
 *   npm run bench -- --markdown       the tables as docs/benchmarks.md holds them
 *
 * Four apps run at once, each with a database of its own, and one receiver in a process of its own serves them all; only
 * one of them works at a time. Speed depends on the machine and its mood, so what is compared are ratios, taken in
 * short slices in turn and in changing order. Nothing is written into the repository. How each figure comes about is
 * said in write-rate.ts, drain.ts and latency.ts.
 */
import { parseArgs } from 'node:util';
import { ensureBuilt } from '../tests/support/built';
import { measureDrain } from './drain';
import { measureLatencies } from './latency';
import { describeMachine } from './machine';
import { startReceiver, type BenchReceiver } from './receiver';
import { cpuTable, drainTable, latencyTable, writeTable } from './report';
import { render, type Table } from './table';
import { startSubjects, type Subject } from './variants';
import { measureWriteRates } from './write-rate';

const PER_SECOND = 50;
const FULL = {
  write: { rounds: 20, count: 20, limitMs: 220_000 },
  drain: { rounds: 5, count: 2000 },
  latency: { rounds: 4, count: 250, perSecond: PER_SECOND },
};
const QUICK = {
  write: { rounds: 5, count: 12, limitMs: 35_000 },
  drain: { rounds: 3, count: 800 },
  latency: { rounds: 2, count: 100, perSecond: PER_SECOND },
};
/** Whatever hangs, it ends. */
const LIMIT_MS = 15 * 60_000;

const tell = (line: string) => process.stderr.write(`${line}\n`);

const measure = async (
  subjects: Subject[],
  receiver: BenchReceiver,
  plan: typeof FULL,
): Promise<Table[]> => {
  const sending = subjects.filter(({ sends }) => sends);
  tell('Measuring the write rate ...');
  const rates = await measureWriteRates(subjects, receiver, plan.write);
  tell('Measuring the drain rate ...');
  const drain = await measureDrain(sending, receiver, plan.drain);
  tell('Measuring the latency ...');
  const latencies = await measureLatencies(sending, receiver, plan.latency);
  return [
    writeTable(rates),
    cpuTable(rates),
    drainTable(drain),
    latencyTable(latencies, PER_SECOND),
  ];
};

const main = async () => {
  const { values } = parseArgs({
    options: { quick: { type: 'boolean' }, markdown: { type: 'boolean' } },
  });
  const watchdog = setTimeout(() => {
    tell(`The benchmark was not done after ${LIMIT_MS / 60_000} minutes, and is ended.`);
    process.exit(1);
  }, LIMIT_MS);
  await ensureBuilt();
  const receiver = await startReceiver();
  const subjects: Subject[] = [];
  try {
    tell('Starting four apps ...');
    for await (const subject of startSubjects(receiver.url)) subjects.push(subject);
    const [first] = subjects as [Subject];
    const machine = await describeMachine(first.app);
    const tables = await measure(subjects, receiver, values.quick ? QUICK : FULL);
    const lines = [
      ...machine,
      '',
      ...tables.map((table) => render(table, values.markdown === true)),
    ];
    process.stdout.write(`\n${lines.join('\n')}\n`);
  } finally {
    await Promise.all(subjects.map(({ app }) => app.stop()));
    receiver.stop();
    clearTimeout(watchdog);
  }
};

main().catch((error) => {
  tell(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exitCode = 1;
});
