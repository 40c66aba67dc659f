/**
 * Measures how hanging endpoints slow down a healthy one: from commit to arrival at a steady pace, in three apps that differ
 * only in their hanging neighbours. A neighbour answers no request and has waiting deliveries from the start, so it always
 * uses all requests that it may have in flight.
 */
import { startStrapi, type App, type DatabaseKind } from '../tests/support/strapi';
import { smallContent } from './documents';
import { addWebhook, writeAtOnce } from './in-strapi';
import { measureLatencies, type LatencyOptions } from './latency';
import type { BenchReceiver } from './receiver';
import type { Subject } from './variants';

/** The number of hanging neighbours in each app. */
export const NEIGHBOURS = [0, 1, 50] as const;
export type IsolationOptions = LatencyOptions & { database: DatabaseKind };
/** Milliseconds from commit to arrival, a list for every round, by the number of neighbours. */
export type IsolationTimes = Map<number, number[][]>;

const WAITING = 100;
const NEIGHBOURS_TYPE = 'api::notice.notice';

/** A pause, so that the start of the apps is not measured. */
const SETTLE_MS = 3000;

const startWith = async (
  neighbours: number,
  { receiver, database }: { receiver: BenchReceiver; database: DatabaseKind },
): Promise<App> => {
  const app = await startStrapi({ database, env: receiver.trust });
  await addWebhook(app, {
    name: 'healthy',
    url: receiver.url,
    contentTypes: [smallContent().uid],
  });
  for (let index = 0; index < neighbours; index += 1) {
    const url = new URL(`/hang/${index}`, receiver.url).href;
    await addWebhook(app, { name: `hanging ${index}`, url, contentTypes: [NEIGHBOURS_TYPE] });
  }
  if (neighbours > 0) await writeAtOnce(app, { uid: NEIGHBOURS_TYPE, data: {}, count: WAITING });
  return app;
};

const subjectOf = (app: App): Subject => ({
  variant: 'one',
  app,
  contents: { small: smallContent(), rich: smallContent() },
  sends: true,
  redirect: async () => undefined,
});

export const measureIsolation = async (
  receiver: BenchReceiver,
  { rounds, database, ...pace }: IsolationOptions,
): Promise<IsolationTimes> => {
  const apps: { neighbours: number; app: App }[] = [];
  const times: IsolationTimes = new Map();
  const measureOne = async (
    { neighbours, app }: { neighbours: number; app: App },
    isCounted: boolean,
  ) => {
    const { one = [] } = await measureLatencies([subjectOf(app)], receiver, { ...pace, rounds: 1 });
    if (isCounted) times.set(neighbours, [...(times.get(neighbours) ?? []), ...one]);
  };
  try {
    for (const neighbours of NEIGHBOURS)
      apps.push({ neighbours, app: await startWith(neighbours, { receiver, database }) });
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    // The first round is not counted: it is the warm-up.
    for (let round = -1; round < rounds; round += 1) {
      const turned = round % 2 === 0 ? apps : [...apps].reverse();
      for (const place of turned) await measureOne(place, round >= 0);
    }
    return times;
  } finally {
    for (const { app } of apps) await app.stop();
  }
};
