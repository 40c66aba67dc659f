/** Finds the databases that can be reached. Synchronous, because jest collects the tests before any promise resolves. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import type { DatabaseKind } from '../../support/strapi';

const DATABASE = path.resolve(__dirname, '../../support/strapi-database.ts');

const isReachableNow = (kind: DatabaseKind): boolean => {
  const ask = `import(${JSON.stringify(DATABASE)}).then(async (module) => {
    process.exit((await (module.default ?? module).isReachable('${kind}')) ? 0 : 1);
  });`;
  return spawnSync(process.execPath, ['--import', 'tsx', '-e', ask]).status === 0;
};

/** Leaves out servers that do not answer. Throws instead if TEST_NONE_LEFT_OUT is set. SQLite always works. */
export const reachable = (...kinds: DatabaseKind[]): DatabaseKind[] => {
  const found = kinds.filter(isReachableNow);
  if (process.env.TEST_NONE_LEFT_OUT && found.length < kinds.length)
    throw new Error(`Only ${found.join(', ')} of ${kinds.join(', ')} can be reached.`);
  return found;
};
