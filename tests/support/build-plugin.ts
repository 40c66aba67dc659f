/** What jest does before the integration tests. */
import { ensureBuilt } from './built';

export default () => ensureBuilt();
