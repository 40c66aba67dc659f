/** The databases that Strapi runs on, by Strapi's names. */
export type Dialect = 'sqlite' | 'postgres' | 'mysql';
