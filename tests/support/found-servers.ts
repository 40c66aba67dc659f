/**
 * Finds the servers that the tests of this run can use. It runs once, before jest collects the tests: the collection is
 * synchronous, so that each test file had to start a process for each server, of 0.8 s of CPU time.
 */
import { isRedisReachable } from './redis';
import { isReachable, type DatabaseKind } from './strapi-database';

/** The environment variable with the names of the servers, for jest's workers. */
const FOUND = 'TEST_SERVERS_FOUND';

type Server = DatabaseKind | 'redis';

export async function findServers(): Promise<void> {
  const found: Server[] = [];
  for (const kind of ['sqlite', 'postgres', 'mysql'] as const)
    if (await isReachable(kind)) found.push(kind);
  if (await isRedisReachable()) found.push('redis');
  process.env[FOUND] = found.join(' ');
}

export function isFound(server: Server): boolean {
  const found = process.env[FOUND];
  if (found === undefined) throw new Error('The global setup of jest has not looked for servers.');
  return found.split(' ').includes(server);
}
