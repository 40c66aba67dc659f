// "info" leaves out the line that Strapi writes for every HTTP request; LOG_LEVEL=http shows it.
module.exports = ({ env }) => ({ level: env('LOG_LEVEL', 'info') });
