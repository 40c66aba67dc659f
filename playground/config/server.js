// The address of the playground, and no calls to Strapi's services. PORT=0 takes a free port. With CRON_SAYS, a cron task
// prints that text every second.
const cronSaying = (text) => ({
  enabled: Boolean(text),
  tasks: { '* * * * * *': () => process.stdout.write(`${text}\n`) },
});

module.exports = ({ env }) => ({
  host: env('HOST', '127.0.0.1'),
  port: env.int('PORT', 1337),
  app: { keys: env.array('APP_KEYS', ['playground-key-one', 'playground-key-two']) },
  cron: cronSaying(env('CRON_SAYS')),
  dirs: { public: env('PUBLIC_DIR', './public') },
  logger: { updates: { enabled: false }, startup: { enabled: false } },
});
