/** Jest runs this before the integration tests. */
import { ensureBuilt } from './build';
import { makeTemplates } from './database-template';
import { findServers } from './found-servers';

export default async () => {
  await ensureBuilt();
  await makeTemplates();
  await findServers();
};
