/**
 * Measures how a drain slows down reads of the same app: `GET /api/notices` at a steady pace, in turn with the app idle and
 * while it drains a backlog over HTTPS. The time of a request counts from the moment at which it was due, so that a request
 * that had to wait for its turn counts too.
 */
import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { App, DatabaseKind } from '../tests/support/strapi';
import { drainOurs, storeBacklog } from './drain';
import type { BenchReceiver } from './receiver';
import { startSubject, type Subject } from './variants';

export type ReadOptions = {
  database: DatabaseKind;
  perSecond: number;
  /** Deliveries of each drain. */
  count: number;
  /** Drains until so many reads came meanwhile, ... */
  samples: number;
  /** ... but not more drains than this. */
  rounds: number;
};
/** Milliseconds of each read. */
export type ReadTimes = { idle: number[]; draining: number[]; rounds: number };

const NOTICES = 25;
/** The garbage of a drain should be collected before the app counts as idle. */
const SETTLE_MS = 1000;

/** Runs inside Strapi: notices to read, and everybody may read them. */
const prepareReads = async (strapi: any, count: number) => {
  for (let index = 0; index < count; index += 1)
    await strapi.documents('api::notice.notice').create({ data: { title: `notice ${index}` } });
  const role = await strapi.db
    .query('plugin::users-permissions.role')
    .findOne({ where: { type: 'public' } });
  await strapi.db
    .query('plugin::users-permissions.permission')
    .create({ data: { action: 'api::notice.notice.find', role: role.id } });
};

type Reader = {
  /** Reads at the pace until `stop`. */
  start(): void;
  /** Waits for the open requests and returns the time of each request. */
  stop(): Promise<number[]>;
};

function createReader(app: App, perSecond: number): Reader {
  const url = `${app.url}/api/notices`;
  let reading: Promise<number[]> = Promise.resolve([]);
  let isReading = false;

  const readSteadily = async () => {
    // A new one each time: Strapi closes connections that nobody uses for five seconds.
    const agent = new http.Agent({ keepAlive: true });
    const open: Promise<number>[] = [];
    const startedAt = performance.now();
    for (let index = 0; isReading; index += 1) {
      const due = startedAt + (index * 1000) / perSecond;
      await sleep(Math.max(0, due - performance.now()));
      if (isReading) open.push(read(url, agent).then(() => performance.now() - due));
    }
    return Promise.all(open).finally(() => agent.destroy());
  };

  return {
    start() {
      isReading = true;
      reading = readSteadily();
    },
    stop() {
      isReading = false;
      return reading;
    },
  };
}

/** Again if Strapi closed the idle connection at the moment at which it was used again. */
function read(url: string, agent: http.Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = http.get(url, { agent }, (answer) => {
      answer.resume();
      answer.once('end', () =>
        answer.statusCode === 200
          ? resolve()
          : reject(new Error(`A read was answered with ${answer.statusCode}.`)),
      );
    });
    request.once('error', (error) =>
      request.reusedSocket ? resolve(read(url, agent)) : reject(error),
    );
  });
}

async function duringDrain({ app }: Subject, reader: Reader, receiver: BenchReceiver) {
  await drainOurs(app, receiver, () => reader.start());
  const times = await reader.stop();
  await receiver.take();
  return times;
}

async function whileIdle(reader: Reader, ms: number): Promise<number[]> {
  await sleep(SETTLE_MS);
  reader.start();
  await sleep(ms);
  return reader.stop();
}

export async function measureReads(
  receiver: BenchReceiver,
  { database, perSecond, count, samples, rounds }: ReadOptions,
): Promise<ReadTimes> {
  const subject = await startSubject('one', { receiver, database });
  const times: ReadTimes = { idle: [], draining: [], rounds: 0 };
  try {
    await subject.app.run(prepareReads, NOTICES);
    await storeBacklog(subject, count);
    await receiver.take();
    const reader = createReader(subject.app, perSecond);
    // Not counted: the warm-up.
    await duringDrain(subject, reader, receiver);
    while (times.draining.length < samples && times.rounds < rounds) {
      const draining = await duringDrain(subject, reader, receiver);
      times.draining.push(...draining);
      times.idle.push(...(await whileIdle(reader, (draining.length * 1000) / perSecond)));
      times.rounds += 1;
    }
    return times;
  } finally {
    await subject.app.stop();
  }
}
