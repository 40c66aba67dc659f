/** What jest does after the tests that start a Strapi. */
import { dropTemplates } from './database-template';

export default dropTemplates;
