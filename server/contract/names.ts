/** The names by which Strapi, the admin panel and receivers know this plugin. */
export const PLUGIN_ID = 'workflow-webhooks';

/** What stands in place of a stored secret in every answer. Sent back, it means "keep what is stored". */
export const MASK = '********';
