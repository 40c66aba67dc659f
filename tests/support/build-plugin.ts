/** What jest does before the integration tests. */
import { ensureBuilt } from './built';
import { makeTemplates } from './database-template';

export default async () => {
  await ensureBuilt();
  await makeTemplates();
};
