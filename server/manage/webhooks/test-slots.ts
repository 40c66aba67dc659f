/**
 * Holds tests and checks to a number at a time: each is a call that somebody waits for, outside of the limits of
 * deliveries, and a script that starts hundreds would take the connections and the memory of the whole process.
 */
import { errors } from '../../strapi/errors';

/** Of one process, tests of webhooks and checks of authorizations together. */
const MOST = 10;

function tooMany(limit: number) {
  return new errors.RateLimitError(
    `${limit} tests are running on this server at this moment, and no more run at once. Wait until one of them has ended, then try again.`,
    { code: 'too-many-tests', params: { limit } },
  );
}

export type RunTest = <Result>(test: () => Promise<Result>) => Promise<Result>;

/** Runs a test if there is room, and throws a RateLimitError (429) otherwise. */
export function createTestSlots(limit = MOST): RunTest {
  let running = 0;
  return async (test) => {
    if (running >= limit) throw tooMany(limit);
    running += 1;
    try {
      return await test();
    } finally {
      running -= 1;
    }
  };
}
