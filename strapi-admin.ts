/** What Strapi's admin panel loads. */
import admin from './admin';

export default admin;
