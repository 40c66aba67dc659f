/** Finds the databases that can be reached. */
import { isFound } from '../../support/found-servers';
import type { DatabaseKind } from '../../support/strapi';

/** Leaves out servers that do not answer. Throws instead if TEST_NONE_LEFT_OUT is set. SQLite always works. */
export const reachable = (...kinds: DatabaseKind[]): DatabaseKind[] => {
  const found = kinds.filter(isFound);
  if (process.env.TEST_NONE_LEFT_OUT && found.length < kinds.length)
    throw new Error(`Only ${found.join(', ')} of ${kinds.join(', ')} can be reached.`);
  return found;
};
