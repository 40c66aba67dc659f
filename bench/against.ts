/** Compares this checkout with another one: the same writes and the same backlog, in turn, in one run. */
import { measureDrain, type DrainOptions, type DrainRates } from './drain';
import { DOCUMENTS, OPERATIONS } from './documents';
import type { BenchReceiver } from './receiver';
import { median, ratios, summary } from './statistics';
import type { Table } from './table';
import type { DatabaseKind } from '../tests/support/strapi';
import { startSubject, type Subject } from './variants';
import { measureWriteRates, type WriteOptions, type WriteRates } from './write-rate';

type Plan = { write: WriteOptions; drain: DrainOptions };
type Place = { receiver: BenchReceiver; database: DatabaseKind; plan: Plan };

/** @param checkout the folder of the other checkout, built with `npm run build` */
export const compareWith = async (
  checkout: string,
  { receiver, database, plan }: Place,
): Promise<Table> => {
  const subjects: Subject[] = [];
  try {
    const at = { receiver, database };
    subjects.push(await startSubject('other', { ...at, checkout }));
    subjects.push(await startSubject('one', at));
    const written = await measureWriteRates(subjects, receiver, plan.write);
    const drained = await measureDrain(subjects, receiver, { ...plan.drain, url: receiver.url });
    return againstTable(checkout, written, drained.rates);
  } finally {
    await Promise.all(subjects.map(({ app }) => app.stop()));
  }
};

const againstTable = (checkout: string, written: WriteRates, drained: DrainRates): Table => ({
  title: 'This checkout and the other one, with one webhook matching',
  head: ['', 'other', 'this', 'ratio'],
  rows: [
    ...DOCUMENTS.flatMap((kind) =>
      OPERATIONS.flatMap((operation) => {
        const of = (variant: 'one' | 'other') => written(variant, kind, operation);
        const name = `${kind}, ${operation}`;
        return [
          row(`${name}: writes a second`, of('one').rate, of('other').rate),
          row(`${name}: CPU per write (ms)`, of('one').cpu, of('other').cpu),
        ];
      }),
    ),
    row('drain: deliveries a second', drained.one?.whole ?? [], drained.other?.whole ?? []),
  ],
  notes: [`The other checkout is ${checkout}. Ratios are round by round: median (least-most).`],
});

const row = (title: string, ours: readonly number[], theirs: readonly number[]): string[] => {
  const ratio = summary(ratios(ours, theirs));
  return [
    title,
    median(theirs).toFixed(2),
    median(ours).toFixed(2),
    `${ratio.median.toFixed(2)} (${ratio.min.toFixed(2)}-${ratio.max.toFixed(2)})`,
  ];
};
