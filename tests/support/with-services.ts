/**
 * Runs a command with all servers that the tests need:
 *
 *   tsx tests/support/with-services.ts npm test
 *
 * Uses a PostgreSQL, MariaDB or Redis that answers at its usual address. Starts the missing ones for the duration of the
 * command, and installs their Debian packages if necessary. No test is left out then.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { hasServer, startDatabaseServer, type ServerKind } from './database-server';
import { installPackage } from './debian';
import { hasRedis, startRedisServer } from './redis-server';
import { isReachable } from './strapi-database';

type Service = { env: Record<string, string>; remove(): Promise<void> };

const PACKAGES = { postgres: 'postgresql', mysql: 'mariadb-server' } as const;

const database = async (kind: ServerKind): Promise<Service | null> => {
  if (await isReachable(kind)) return null;
  if (!hasServer(kind)) installPackage(PACKAGES[kind]);
  const server = await startDatabaseServer(kind);
  const { DATABASE_HOST = '', DATABASE_PORT = '', ...own } = server.env(server.port);
  const name = kind.toUpperCase();
  const env = {
    [`TEST_${name}_HOST`]: DATABASE_HOST,
    [`TEST_${name}_PORT`]: DATABASE_PORT,
    [`TEST_${name}_USER`]: own.DATABASE_USERNAME ?? '',
    [`TEST_${name}_PASSWORD`]: own.DATABASE_PASSWORD ?? '',
  };
  return { env, remove: server.remove };
};

const answers = (url: string) => {
  const { hostname, port } = new URL(url);
  return new Promise<boolean>((resolve) => {
    const socket = connect(Number(port || 6379), hostname);
    socket.once('connect', () => (socket.destroy(), resolve(true)));
    socket.once('error', () => resolve(false));
  });
};

const redis = async (): Promise<Service | null> => {
  if (await answers(process.env.TEST_REDIS_URL ?? 'redis://127.0.0.1:6379/0')) return null;
  if (!hasRedis()) installPackage('redis-server');
  const server = await startRedisServer();
  return {
    env: { TEST_REDIS_URL: server.url },
    remove: server.remove,
  };
};

const run = async ([file = '', ...args]: string[], env: Record<string, string>) => {
  const child = spawn(file, args, { stdio: 'inherit', env: { ...process.env, ...env } });
  const [code] = await once(child, 'exit');
  return (code as number | null) ?? 1;
};

const main = async () => {
  const services: Service[] = [];
  try {
    for (const start of [() => database('postgres'), () => database('mysql'), redis]) {
      const service = await start();
      if (service) services.push(service);
    }
    const env = Object.assign({ TEST_NONE_LEFT_OUT: '1' }, ...services.map((one) => one.env));
    process.exitCode = await run(process.argv.slice(2), env);
  } finally {
    for (const { remove } of services) await remove();
  }
};

main().catch((error) => {
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
  process.exitCode = 1;
});
