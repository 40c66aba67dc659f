/** What jest does before the end-to-end tests. */
import { ensureBuilt } from './built';
import { chromiumPath } from './chromium';

export default () => {
  chromiumPath();
  return ensureBuilt({ panel: true });
};
