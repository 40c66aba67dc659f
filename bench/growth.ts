/**
 * Measures what more webhooks cost a save: how many pages a writer creates in a second if none of 300 webhooks wants them,
 * beside an app whose single webhook does not want them either; and how much longer the save of a notice takes that 200 of the
 * 300 want, beside one that the single webhook wants.
 */
import { startStrapi, type App, type DatabaseKind } from '../tests/support/strapi';
import { smallContent, write, type Task } from './documents';
import { addWebhooks, recorded } from './in-strapi';
import type { BenchReceiver } from './receiver';
import { turnOrder } from './statistics';

export type GrowthOptions = {
  database: DatabaseKind;
  rounds: number;
  /** Pages of one round. */
  pages: number;
  /** Notices of one round. */
  notices: number;
};
type Series = {
  /** Creates a second that no webhook wants, a value for every round. */
  rate: number[];
  /** Milliseconds of each save that the webhooks want. */
  save: number[];
};
export type Growth = { one: Series; many: Series };

export const MANY = 300;
export const WANTING = 200;

const NOTICE = 'api::notice.notice';
const POLL_MS = 20;
const WARM_UP_ROUNDS = 2;

type Place = { app: App; wanting: number; series: Series };

async function place(
  app: App,
  url: string,
  { wanting, others }: { wanting: number; others: number },
): Promise<Place> {
  await addWebhooks(app, wanting, { url, contentTypes: [NOTICE] });
  await addWebhooks(app, others, { url, contentTypes: ['api::tag.tag'] });
  return { app, wanting, series: { rate: [], save: [] } };
}

async function createRate({ app }: Place, count: number): Promise<number> {
  const task: Task = { ...smallContent(), operation: 'create', count, ids: [], from: 0 };
  const { startedAt, endedAt } = await write(app, task);
  return (count * 1000) / (endedAt - startedAt);
}

/** Milliseconds of one save, without the sending, which must end before the next save. */
async function saveTime({ app, wanting }: Place, receiver: BenchReceiver): Promise<number> {
  const task: Task = { uid: NOTICE, data: {}, operation: 'create', count: 1, ids: [], from: 0 };
  const { startedAt, endedAt } = await write(app, task);
  await receiver.until(wanting);
  await recorded(app, POLL_MS);
  await receiver.take();
  return endedAt - startedAt;
}

async function turn(
  place: Place,
  receiver: BenchReceiver,
  { pages, notices, isCounted }: { pages: number; notices: number; isCounted: boolean },
) {
  const rate = await createRate(place, pages);
  if (isCounted) place.series.rate.push(rate);
  for (let index = 0; index < notices; index += 1) {
    const ms = await saveTime(place, receiver);
    if (isCounted) place.series.save.push(ms);
  }
}

export async function measureGrowth(
  receiver: BenchReceiver,
  { database, rounds, pages, notices }: GrowthOptions,
): Promise<Growth> {
  const apps: App[] = [];
  const start = async () => {
    const app = await startStrapi({ database, env: receiver.trust });
    apps.push(app);
    return app;
  };
  try {
    const one = await place(await start(), receiver.url, { wanting: 1, others: 0 });
    const counts = { wanting: WANTING, others: MANY - WANTING };
    const many = await place(await start(), receiver.url, counts);
    await receiver.take();
    for (let round = -WARM_UP_ROUNDS; round < rounds; round += 1) {
      for (const either of turnOrder([one, many], round + WARM_UP_ROUNDS))
        await turn(either, receiver, { pages, notices, isCounted: round >= 0 });
    }
    return { one: one.series, many: many.series };
  } finally {
    for (const app of apps) await app.stop();
  }
}
