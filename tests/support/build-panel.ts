/** What jest does before the end-to-end tests. */
import { ensureBuilt } from './built';
import { chromiumPath } from './chromium';
import { makeTemplates } from './database-template';

export default async () => {
  chromiumPath();
  await ensureBuilt({ panel: true });
  await makeTemplates();
};
