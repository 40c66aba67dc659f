/** Which databases this machine has: asked at once, because jest wants to know its tests before any promise ends. */
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

/** SQLite is always there; a server that is not is left out, rather than skipped, unless the run is told that all must be there. */
export const reachable = (...kinds: DatabaseKind[]): DatabaseKind[] => {
  const found = kinds.filter(isReachableNow);
  if (process.env.TEST_NONE_LEFT_OUT && found.length < kinds.length)
    throw new Error(`Of ${kinds.join(', ')}, only ${found.join(', ')} can be reached.`);
  return found;
};
