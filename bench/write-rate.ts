/**
 * How fast one writer writes: in process, through the document service, each write awaited before the next, while the
 * deliveries go out meanwhile as in life, on the same event loop. The clock of a slice stops when its last write is done; what
 * is still to be delivered then (printed as "behind") is waited for before anybody else is measured.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { DOCUMENTS, OPERATIONS, write, type DocumentKind, type Operation } from './documents';
import type { BenchReceiver } from './receiver';
import { turnOrder } from './statistics';
import type { Subject, Variant } from './variants';

/** Writes per second and CPU per write (ms), a value for every round. */
export type Series = { rate: number[]; cpu: number[] };
export type WriteRates = {
  of(variant: Variant, kind: DocumentKind, operation: Operation): Series;
  /** Of the deliveries of a slice, the share that had not arrived when its last write was done. */
  behind: Partial<Record<Variant, number[]>>;
};

export type WriteOptions = { rounds: number; count: number };

/** For attempts to be recorded after their answers have come. */
const SETTLE_MS = 40;
const WARM_UP_ROUNDS = 2;

const keyOf = (variant: Variant, kind: DocumentKind, operation: Operation) =>
  `${variant} ${kind} ${operation}`;

export const measureWriteRates = async (
  subjects: readonly Subject[],
  receiver: BenchReceiver,
  { rounds, count }: WriteOptions,
): Promise<WriteRates> => {
  const series = new Map<string, Series>();
  const behind: WriteRates['behind'] = {};
  let from = 1;

  const of: WriteRates['of'] = (variant, kind, operation) => {
    const key = keyOf(variant, kind, operation);
    const known = series.get(key) ?? { rate: [], cpu: [] };
    series.set(key, known);
    return known;
  };

  const arrivedAll = async ({ variant, sends }: Subject, endedAt: number) => {
    if (!sends) return;
    await receiver.until(count);
    await sleep(SETTLE_MS);
    const late = (await receiver.take()).filter(({ at }) => at > endedAt).length;
    (behind[variant] ??= []).push(late / count);
  };

  const slice = async (subject: Subject, kind: DocumentKind, isWarm: boolean) => {
    let ids: string[] = [];
    for (const operation of OPERATIONS) {
      const task = { ...subject.contents[kind], operation, count, ids, from: (from += count) };
      const written = await write(subject.app, task);
      ids = written.ids;
      await arrivedAll(subject, written.endedAt);
      if (!isWarm) continue;
      const { rate, cpu } = of(subject.variant, kind, operation);
      rate.push((count * 1000) / (written.endedAt - written.startedAt));
      cpu.push(written.cpuMs / count);
    }
  };

  await receiver.take();
  for (let round = -WARM_UP_ROUNDS; round < rounds; round += 1) {
    for (const kind of DOCUMENTS) {
      for (const subject of turnOrder(subjects, round + WARM_UP_ROUNDS))
        await slice(subject, kind, round >= 0);
    }
  }
  return { of, behind };
};
