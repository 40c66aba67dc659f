/**
 * How fast a mountain of deliveries is sent to an instant receiver. Ours lie in the database, as after a receiver's outage:
 * the dispatcher is stopped while events of real writes are stored, then started. The clock stops when every attempt is in the log
 * and every delivery is recorded as delivered. Strapi's own live in memory, so a burst of events is emitted; the clock
 * stops when the last one arrives, since nothing is recorded. Later rounds set the same deliveries back to pending.
 * The costs of storing an event are not in here: they are in the write rates.
 */
import type { App } from '../tests/support/strapi';
import type { Content } from './documents';
import { recorded } from './inside';
import type { BenchReceiver } from './receiver';
import { median, turnOrder } from './statistics';
import type { Subject, Variant } from './variants';

/** Deliveries per second, a value for every round. */
export type DrainSeries = {
  /** From the start to the end described above. */
  whole: number[];
  /** From the first to the last arrival. */
  arriving: number[];
  bytes: number;
};
export type DrainRates = Partial<Record<Variant, DrainSeries>>;
export type DrainOptions = { rounds: number; count: number };

const ID = 'workflow-webhooks';
const LIMIT_MS = 120_000;

/** Runs inside Strapi. Ours, with what waits left in the database. */
const stopDispatcher = (strapi: any, id: string) => strapi.plugin(id).service('dispatcher').stop();

/** Runs inside Strapi: as if nothing had been tried yet. Answers how many deliveries there are. */
const setBack = async (strapi: any) => {
  const knex = strapi.db.connection;
  await knex('workflow_webhooks_attempts').delete();
  await knex('workflow_webhooks_deliveries').update({
    state: 'pending',
    attempt_count: 0,
    claim_id: null,
    delivered_at: null,
    due_at: knex.ref('created_at'),
  });
  const counted = await knex('workflow_webhooks_deliveries').count({ total: '*' }).first();
  return Number(counted.total);
};

/** Runs inside Strapi: forgets what was sent so far. */
const empty = async (strapi: any) => {
  for (const table of ['attempts', 'deliveries', 'events'])
    await strapi.db.connection(`workflow_webhooks_${table}`).delete();
};

/** Runs inside Strapi. */
const startDispatcher = async (strapi: any, id: string) => {
  const startedAt = Number(process.hrtime.bigint()) / 1e6;
  await strapi.plugin(id).service('dispatcher').start();
  return startedAt;
};

type Burst = Content & { count: number };

/** Runs inside Strapi. The events carry what Strapi itself puts into one: the whole entry. */
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

/** Runs inside Strapi: in one transaction, because here only what is stored matters, not how fast. */
const createAll = (strapi: any, { uid, data, count }: Burst) =>
  strapi.db.transaction(async () => {
    for (let index = 0; index < count; index += 1)
      await strapi.documents(uid).create({ data: { ...data, title: `bench-${index}` } });
  });

const store = async ({ app, contents }: Subject, count: number) => {
  await app.run(stopDispatcher, ID);
  await app.run(empty);
  await app.run(createAll, { ...contents.small, count });
};

const drainOurs = async (app: App, receiver: BenchReceiver) => {
  const count = await app.run(setBack);
  const startedAt = await app.run(startDispatcher, ID);
  await receiver.until(count, LIMIT_MS);
  const endedAt = await recorded(app, 2);
  await app.run(stopDispatcher, ID);
  return { startedAt, endedAt };
};

const drainStrapis = async (
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
  { rounds, count }: DrainOptions,
): Promise<DrainRates> => {
  const rates: DrainRates = {};
  for (const subject of subjects) {
    rates[subject.variant] = { whole: [], arriving: [], bytes: 0 };
    if (subject.variant === 'one') await store(subject, count);
  }
  await receiver.take();
  // The first round is not counted: it warms both up.
  for (let round = -1; round < rounds; round += 1) {
    for (const subject of turnOrder(subjects, round + 1)) {
      const clock =
        subject.variant === 'one'
          ? await drainOurs(subject.app, receiver)
          : await drainStrapis(subject, { receiver, count });
      // Of Strapi's own, the event of the document that the burst repeats comes first, and is none of them.
      const arrivals = (await receiver.take()).filter((arrival) => arrival.at > clock.startedAt);
      const at = arrivals.map((arrival) => arrival.at);
      const bytes = arrivals.map((arrival) => arrival.bytes);
      const series = rates[subject.variant];
      if (round >= 0 && series) record(series, { at, bytes, ...clock });
    }
  }
  for (const { variant, app } of subjects) {
    if (variant === 'one') await app.run(startDispatcher, ID);
  }
  return rates;
};
