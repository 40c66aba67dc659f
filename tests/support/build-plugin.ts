/** Jest runs this before the integration tests. */
import { ensureBuilt } from './build';
import { makeTemplates } from './database-template';

export default async () => {
  await ensureBuilt();
  await makeTemplates();
};
