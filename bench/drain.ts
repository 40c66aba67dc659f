/**
 * Measures how fast a backlog of deliveries is sent to an instant receiver, over HTTPS or HTTP. The plugin's deliveries are in
 * the database, as after a receiver's outage: the dispatcher is stopped while real writes store events, and then started. The
 * clock stops when every attempt is in the log and every delivery is recorded as delivered. Strapi's own webhooks are in
 * memory, so a burst of events is emitted, and the clock stops when the last request arrives, because nothing is recorded.
 * Later rounds reset the same deliveries to pending. The bare client then sends the same requests from the same process. The
 * cost of storing events is part of the write rates, not of this section.
 */
import type { App } from '../tests/support/strapi';
import { bareRate, sentRequest } from './bare-client';
import type { Content } from './documents';
import { recorded, setBack, startDispatcher, stopDispatcher, writeAtOnce } from './in-strapi';
import type { BenchReceiver } from './receiver';
import { median, turnOrder } from './statistics';
import { isOurs, type Subject, type Variant } from './variants';

/** Deliveries per second, a value for every round. */
export type DrainSeries = {
  /** From the start to the end that is described above. */
  whole: number[];
  /** From the first to the last arrival. */
  arriving: number[];
  bytes: number;
};
/** The rates of both senders, and those of the bare client in the plugin's process. */
export type Drain = { rates: DrainRates; bare: number[] };
export type DrainRates = Partial<Record<Variant, DrainSeries>>;
export type DrainOptions = { rounds: number; count: number };

const LIMIT_MS = 120_000;

/** Runs inside Strapi: empties the outbox. */
const empty = async (strapi: any) => {
  for (const table of ['attempts', 'deliveries', 'events'])
    await strapi.db.connection(`workflow_webhooks_${table}`).delete();
};

type Burst = Content & { count: number };

/** Runs inside Strapi. The events contain the whole entry, as Strapi's own events do. */
const burst = async (strapi: any, { uid, data, count }: Burst) => {
  const documents = strapi.documents(uid);
  const { documentId } = await documents.create({ data: { ...data, title: 'bench-0' } });
  const entry = await documents.findOne({ documentId, populate: '*' });
  const model = strapi.contentTypes[uid].modelName;
  const startedAt = Number(process.hrtime.bigint()) / 1e6;
  for (let index = 0; index < count; index += 1)
    await strapi.eventHub.emit('entry.create', { model, uid, entry });
  return startedAt;
};

const record = (
  series: DrainSeries,
  round: { at: number[]; bytes: number[]; startedAt: number; endedAt: number },
) => {
  const first = Math.min(...round.at);
  const last = Math.max(...round.at);
  const count = round.at.length;
  series.whole.push((count * 1000) / (Math.max(round.endedAt, last) - round.startedAt));
  series.arriving.push(((count - 1) * 1000) / (last - first));
  series.bytes = Math.round(median(round.bytes));
};

/** Stores the backlog and leaves the dispatcher stopped. */
export const storeBacklog = async (
  { app, contents }: Pick<Subject, 'app' | 'contents'>,
  count: number,
) => {
  await stopDispatcher(app);
  await app.run(empty);
  await writeAtOnce(app, { ...contents.small, count });
};

/** Sends everything again. `onReady` is called after the reset, which blocks the app for a moment. */
export const drainOurs = async (
  app: App,
  receiver: BenchReceiver,
  onReady: () => void = () => undefined,
) => {
  const count = await setBack(app);
  onReady();
  const startedAt = await startDispatcher(app);
  await receiver.until(count, LIMIT_MS);
  const endedAt = await recorded(app, 2);
  await stopDispatcher(app);
  return { startedAt, endedAt };
};

const drainStrapi = async (
  { app, contents }: Subject,
  { receiver, count }: { receiver: BenchReceiver; count: number },
) => {
  const startedAt = await app.run(burst, { ...contents.small, count });
  await receiver.until(count + 1, LIMIT_MS);
  return { startedAt, endedAt: 0 };
};

export const measureDrain = async (
  subjects: readonly Subject[],
  receiver: BenchReceiver,
  { rounds, count, url }: DrainOptions & { url: string },
): Promise<Drain> => {
  const rates: DrainRates = {};
  const bare: number[] = [];
  for (const subject of subjects) {
    rates[subject.variant] = { whole: [], arriving: [], bytes: 0 };
    await subject.redirect(url);
    if (isOurs(subject.variant)) await storeBacklog(subject, count);
  }
  await receiver.take();
  // The first round is not counted: it is the warm-up.
  for (let round = -1; round < rounds; round += 1) {
    for (const subject of turnOrder(subjects, round + 1)) {
      const clock = isOurs(subject.variant)
        ? await drainOurs(subject.app, receiver)
        : await drainStrapi(subject, { receiver, count });
      // Excludes the event of the document that Strapi's burst repeats: it was sent before the start.
      const arrivals = (await receiver.take()).filter((arrival) => arrival.at > clock.startedAt);
      const at = arrivals.map((arrival) => arrival.at);
      const bytes = arrivals.map((arrival) => arrival.bytes);
      const series = rates[subject.variant];
      if (round >= 0 && series) record(series, { at, bytes, ...clock });
      if (subject.variant !== 'one') continue;
      const request = await subject.app.run(sentRequest);
      const rate = await bareRate(subject.app, receiver, { ...request, count });
      if (round >= 0) bare.push(rate);
    }
  }
  for (const subject of subjects) {
    await subject.redirect(receiver.url);
    if (isOurs(subject.variant)) await startDispatcher(subject.app);
  }
  return { rates, bare };
};
