// SQLite by default: nothing has to be installed to try the plugin.
const path = require('node:path');

const server = (env, port) => ({
  host: env('DATABASE_HOST', '127.0.0.1'),
  port: env.int('DATABASE_PORT', port),
  database: env('DATABASE_NAME', 'workflow_webhooks'),
  user: env('DATABASE_USERNAME', 'root'),
  password: env('DATABASE_PASSWORD', ''),
});

const connections = {
  sqlite: (env) => ({
    connection: {
      filename: path.resolve(__dirname, '..', env('DATABASE_FILENAME', '.tmp/data.db')),
    },
    useNullAsDefault: true,
  }),
  postgres: (env) => ({ connection: server(env, 5432), pool: { min: 0, max: 10 } }),
  mysql: (env) => ({ connection: server(env, 3306), pool: { min: 0, max: 10 } }),
};

module.exports = ({ env }) => {
  const client = env('DATABASE_CLIENT', 'sqlite');
  const connection = connections[client];
  if (!connection) {
    throw new Error(
      `DATABASE_CLIENT is "${client}"; expected ${Object.keys(connections).join(', ')}.`,
    );
  }
  return { connection: { client, ...connection(env) } };
};
