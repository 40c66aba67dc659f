/** Settings > Overview. Loaded with its charts only when somebody opens it. */
import { OverviewPage } from './overview-page';

export default OverviewPage;
