/** Jest runs this after the integration and end-to-end tests. */
import { dropTemplates } from './database-template';

export default dropTemplates;
