/** What jest does before the end-to-end tests. */
import { ensureBuilt } from './built';

export default () => ensureBuilt({ panel: true });
