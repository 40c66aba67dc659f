/**
 * Measures how fast one writer writes in process, through the document service: each write is awaited before the next one,
 * and deliveries are sent meanwhile on the same event loop, as in production. The clock of a slice stops after its last write.
 * Deliveries that are still open then (reported as "behind") must arrive before the next app is measured. They do not count in
 * the rate, but in the CPU per write, which is read when everything has arrived and is recorded.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { DOCUMENTS, OPERATIONS, write, type DocumentKind, type Operation } from './documents';
import { cpuOf, recorded } from './in-strapi';
import type { BenchReceiver } from './receiver';
import { turnOrder } from './statistics';
import { isOurs, type Subject, type Variant } from './variants';

/** Writes per second and milliseconds of CPU per write, a value for every round. */
export type Series = { rate: number[]; cpu: number[]; behind: number[] };
export type WriteRates = (variant: Variant, kind: DocumentKind, operation: Operation) => Series;
/** Also ends after `limitMs`, but not before LEAST_ROUNDS rounds. */
export type WriteOptions = { rounds: number; count: number; limitMs: number };

/** A pause, because Strapi reads each entry again after its commit, with or without webhooks. */
const REST_MS = 20;
const POLL_MS = 50;
const WARM_UP_ROUNDS = 2;
const LEAST_ROUNDS = 3;

const createSeries = () => {
  const book = new Map<string, Series>();
  const of: WriteRates = (...key) => {
    const known = book.get(key.join(' ')) ?? { rate: [], cpu: [], behind: [] };
    book.set(key.join(' '), known);
    return known;
  };
  return of;
};

/** The share of the deliveries that had not arrived at `endedAt`. */
const behindAt = async (
  subject: Subject,
  receiver: BenchReceiver,
  slice: { endedAt: number; count: number },
) => {
  if (!subject.sends) return 0;
  await receiver.until(slice.count);
  if (isOurs(subject.variant)) await recorded(subject.app, POLL_MS);
  const late = (await receiver.take()).filter(({ at }) => at > slice.endedAt).length;
  return late / slice.count;
};

export const measureWriteRates = async (
  subjects: readonly Subject[],
  receiver: BenchReceiver,
  { rounds, count, limitMs }: WriteOptions,
): Promise<WriteRates> => {
  const of = createSeries();
  let from = 1;

  const slice = async (subject: Subject, kind: DocumentKind, isCounted: boolean) => {
    let ids: string[] = [];
    for (const operation of OPERATIONS) {
      const task = { ...subject.contents[kind], operation, count, ids, from: (from += count) };
      const cpuBefore = await cpuOf(subject.app);
      const written = await write(subject.app, task);
      ids = written.ids;
      const behind = await behindAt(subject, receiver, { ...written, count });
      await sleep(REST_MS);
      const cpu = (await cpuOf(subject.app)) - cpuBefore;
      if (!isCounted) continue;
      const series = of(subject.variant, kind, operation);
      series.rate.push((count * 1000) / (written.endedAt - written.startedAt));
      series.cpu.push(cpu / count);
      series.behind.push(behind);
    }
  };

  await receiver.take();
  const deadline = performance.now() + limitMs;
  for (let round = -WARM_UP_ROUNDS; round < rounds; round += 1) {
    if (round >= LEAST_ROUNDS && performance.now() > deadline) break;
    for (const kind of DOCUMENTS) {
      for (const subject of turnOrder(subjects, round + WARM_UP_ROUNDS))
        await slice(subject, kind, round >= 0);
    }
  }
  return of;
};
