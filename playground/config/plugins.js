// The plugin as a project would enable it, but loaded from the folder above this one.
const path = require('node:path');

const defaults = { network: { allow: ['127.0.0.0/8'] } };

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

const merged = (base, over) =>
  Object.fromEntries(
    [...new Set([...Object.keys(base), ...Object.keys(over)])].map((key) => [
      key,
      isObject(base[key]) && isObject(over[key])
        ? merged(base[key], over[key])
        : (over[key] ?? base[key]),
    ]),
  );

const workflowWebhooks = (env) => ({
  enabled: true,
  resolve: path.resolve(__dirname, '..', '..'),
  // WORKFLOW_WEBHOOKS_CONFIG: JSON, laid over the defaults above.
  config: merged(defaults, JSON.parse(env('WORKFLOW_WEBHOOKS_CONFIG', '{}'))),
});

const graphql = () => ({
  enabled: true,
  resolve: path.dirname(require.resolve('@strapi/plugin-graphql/package.json')),
});

module.exports = ({ env }) => ({
  'users-permissions': {
    config: { jwtSecret: env('JWT_SECRET', 'playground-users-permissions-secret') },
  },
  // PLAYGROUND_WITHOUT_PLUGIN=1 is the same app without the plugin: the benchmark compares with it.
  ...(env('PLAYGROUND_WITHOUT_PLUGIN') === '1'
    ? {}
    : { 'workflow-webhooks': workflowWebhooks(env) }),
  // PLAYGROUND_WITH_GRAPHQL=1: one more API that publishes, for the tests.
  ...(env('PLAYGROUND_WITH_GRAPHQL') === '1' ? { graphql: graphql() } : {}),
});
