/** A tally counts documents and keeps a limited number of their ids. */
import { createTally } from '../../../server/replication/tally';

test("The ids that there is room for are those of the project's documents before those of files and users", () => {
  const tally = createTally();
  const ids = (prefix: string, count: number) =>
    Array.from({ length: count }, (_, index) => `${prefix}${index}`);
  tally.add('plugin::upload.file', ids('file', 9_999));
  tally.add('api::article.article', ids('article', 3));
  const { counts, replicatedCount, replicatedIds, idsTruncated } = tally.result();
  expect(counts).toEqual({ 'plugin::upload.file': 9_999, 'api::article.article': 3 });
  expect(replicatedCount).toBe(10_002);
  expect(replicatedIds['api::article.article']).toHaveLength(3);
  expect(replicatedIds['plugin::upload.file']).toHaveLength(9_997);
  expect(idsTruncated).toBe(true);
});
