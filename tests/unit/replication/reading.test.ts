import { createReading, type Stage } from '../../../server/replication/tally';

const readingOf = (begun: Stage[], read: Stage[]) => {
  const reading = createReading();
  begun.forEach(reading.begin);
  read.forEach(reading.end);
  return reading.isWhole();
};
const ALL: Stage[] = ['entities', 'assets', 'links', 'configuration'];

test.each<[Stage[]]>([[ALL], [['entities', 'links']], [['assets']], [['configuration']]])(
  'is whole where all of %s was read',
  (stages) => expect(readingOf(stages, stages)).toBe(true),
);

test.each<[string, Stage[], Stage[]]>([
  ['nothing was begun', [], []],
  ['one stage was not read to its end', ALL, ['entities', 'assets', 'links']],
  ['it ended between the entries and their links', ['entities', 'assets'], ['entities', 'assets']],
])('is not whole where %s', (_what, begun, read) => expect(readingOf(begun, read)).toBe(false));
