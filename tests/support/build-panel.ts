/** Jest runs this before the end-to-end tests. */
import { ensureBuilt } from './build';
import { chromiumPath } from './chromium';
import { makeTemplates } from './database-template';

export default async () => {
  chromiumPath();
  await ensureBuilt({ panel: true });
  await makeTemplates();
};
