/**
 * Prints where the CPU time of a save and of a delivery goes, by room of the plugin and by npm package:
 *
 *   npm run bench:profile                          1,000 saves with one matching webhook, then their deliveries over HTTPS
 *   npm run bench:profile -- --count 300           fewer
 *   npm run bench:profile -- --database postgres   on another database
 *   npm run bench:profile -- --markdown            the tables as in docs/performance.md
 *
 * Sending is stopped during the saves, so that each of the two tables has one kind of work only. The times are those of the
 * profiler, which makes everything slower: compare shares. SQLite waits for the disk inside its calls, and the profile counts
 * this wait. Worker threads are included.
 */
import { inspect, parseArgs } from 'node:util';
import { startStrapi, type App, type DatabaseKind } from '../tests/support/strapi';
import { contentsOf, write, type Task } from './documents';
import { addWebhook, recorded, setBack, startDispatcher, stopDispatcher } from './in-strapi';
import { buildWithSourceMaps } from './profile-build';
import { costsOf, type Costs } from './profile-costs';
import { profiled } from './profile-in-strapi';
import { startReceiver, type BenchReceiver } from './receiver';
import { render, type Table } from './table';

const WARM_UP = 200;
const POLL_MS = 5;
const LIMIT_MS = 120_000;
/** Owners with a smaller share of the whole are left out. */
const LEAST_SHARE = 0.005;

const print = (line: string) => process.stdout.write(`${line}\n`);

type Place = { app: App; receiver: BenchReceiver; count: number };

async function save(app: App, task: Omit<Task, 'operation' | 'ids' | 'from'>): Promise<void> {
  await write(app, { ...task, operation: 'create', ids: [], from: 0 });
}

async function drain({ app, receiver }: Omit<Place, 'count'>, count: number): Promise<void> {
  await startDispatcher(app);
  await receiver.until(count, LIMIT_MS);
  await recorded(app, POLL_MS);
}

async function profilePhases({ app, receiver, count }: Place) {
  const { small } = await contentsOf(app);
  const contentTypes = [small.uid];
  await addWebhook(app, { url: receiver.url, contentTypes });
  await save(app, { ...small, count: WARM_UP });
  await receiver.until(WARM_UP, LIMIT_MS);
  await recorded(app, POLL_MS);
  await stopDispatcher(app);
  await receiver.take();
  const saves = await profiled(app, () => save(app, { ...small, count }));
  // The deliveries of the warm-up are sent again.
  const deliveries = await setBack(app);
  const drains = await profiled(app, () => drain({ app, receiver }, deliveries));
  return { saves, drains, deliveries };
}

function costTable(title: string, costs: Costs, count: number): Table {
  const total = [...costs.values()].reduce((sum, { own }) => sum + own, 0);
  const shown = [...costs]
    .filter(([, { own, whole }]) => Math.max(own, whole) >= LEAST_SHARE * total)
    .sort(([one, first], [other, second]) => order(one) - order(other) || second.own - first.own);
  const us = (value: number) => (value / count).toFixed(0);
  const share = (value: number) => `${((value / total) * 100).toFixed(1)} %`;
  return {
    title,
    head: ['', 'own (us)', 'share', 'whole (us)', 'share'],
    rows: [
      ...shown.map(([owner, { own, whole }]) => [
        owner,
        us(own),
        share(own),
        us(whole),
        share(whole),
      ]),
      ['all', us(total), '', us(total), ''],
    ],
    notes: [
      'Own: in functions of the owner. Whole: with the functions that they call, counted for the nearest room of the plugin.',
    ],
  };
}

/** Rooms of the plugin first, then packages, then Node and the engine. */
function order(owner: string): number {
  const at = ['plugin: ', 'npm: ', 'node: '].findIndex((prefix) => owner.startsWith(prefix));
  return at === -1 ? 3 : at;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      count: { type: 'string', default: '1000' },
      database: { type: 'string', default: 'sqlite' },
      markdown: { type: 'boolean', default: false },
    },
  });
  const count = Number(values.count);
  const build = await buildWithSourceMaps();
  const receiver = await startReceiver();
  const database = values.database as DatabaseKind;
  try {
    const app = await startStrapi({ database, appDir: build.appDir, env: receiver.trust });
    const { saves, drains, deliveries } = await profilePhases({ app, receiver, count }).finally(
      () => app.stop(),
    );
    const show = (table: Table) => print(render(table, values.markdown));
    show(costTable(`CPU of a save, of ${count}`, costsOf(saves, build.locate), count));
    const title = `CPU of a delivery, of ${deliveries}`;
    show(costTable(title, costsOf(drains, build.locate), deliveries));
    print(`Threads: ${drains.map(({ thread }) => thread).join(', ')}.`);
  } finally {
    receiver.stop();
    await build.remove();
  }
}

main().catch((error) => {
  process.stderr.write(`${inspect(error)}\n`);
  process.exitCode = 1;
});
