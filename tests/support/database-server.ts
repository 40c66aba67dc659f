/** A PostgreSQL or MariaDB server that a test may stop, kill and start again while Strapi uses it. */
import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { programOnPath } from './debian';
import { freePort, startProcess, type OwnProcess } from './own-process';

export type ServerKind = 'postgres' | 'mysql';

/** `fast` is a clean shutdown that ends all connections; `crash` is kill -9. */
export type Ending = 'fast' | 'crash';

export type DatabaseServer = {
  readonly kind: ServerKind;
  readonly port: number;
  /** The environment for the playground's config/database.js, to connect through this port. */
  env(port: number): Record<string, string>;
  end(how: Ending): Promise<void>;
  /** Resolves when the server answers, so after its recovery from a crash. */
  start(): Promise<void>;
  /** Stops the server and removes its files. */
  remove(): Promise<void>;
};

type Place = { folder: string; port: number; uid?: number };
type Program = { file: string; args: string[] };

const DATABASE = 'chaos';
const USERS = { postgres: 'postgres', mysql: 'root' } as const;

const POSTGRES_HOME = '/usr/lib/postgresql';

/** Debian keeps PostgreSQL's programs in a folder of each version. */
const postgresProgram = (name: string): string | undefined => {
  const versions = existsSync(POSTGRES_HOME) ? readdirSync(POSTGRES_HOME).sort().reverse() : [];
  return (
    versions
      .map((version) => path.join(POSTGRES_HOME, version, 'bin', name))
      .find((file) => existsSync(file)) ?? programOnPath([name])
  );
};

const programs = {
  postgres: () => ({ make: postgresProgram('initdb'), run: postgresProgram('postgres') }),
  mysql: () => ({
    make: programOnPath(['mariadb-install-db', 'mysql_install_db']),
    run: programOnPath(['mariadbd', 'mysqld']),
  }),
};

/** Whether the machine has the programs of such a server. */
export const hasServer = (kind: ServerKind): boolean => {
  const { make, run } = programs[kind]();
  return make !== undefined && run !== undefined;
};

const found = (kind: ServerKind) => {
  const { make, run } = programs[kind]();
  if (make && run) return { make, run };
  throw new Error(
    `The programs of a ${kind} server are not on this machine: install ${kind === 'postgres' ? 'postgresql' : 'mariadb-server'}.`,
  );
};

const makeArgs = {
  postgres: ({ folder }: Place) => [
    ...['-D', path.join(folder, 'data'), '-U', USERS.postgres],
    ...['-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'],
  ],
  mysql: ({ folder }: Place) => [
    ...['--no-defaults', `--datadir=${path.join(folder, 'data')}`, '--skip-test-db'],
    '--auth-root-authentication-method=normal',
  ],
};

// No fsync: tests kill processes, not machines, and the kernel keeps all writes of a killed process.
const runArgs = {
  postgres: ({ folder, port }: Place) => [
    ...['-D', path.join(folder, 'data'), '-p', String(port), '-k', folder],
    ...['-c', 'listen_addresses=127.0.0.1', '-c', 'fsync=off', '-c', 'max_connections=80'],
  ],
  mysql: ({ folder, port }: Place) => [
    ...['--no-defaults', `--datadir=${path.join(folder, 'data')}`, `--port=${port}`],
    ...['--bind-address=127.0.0.1', `--socket=${path.join(folder, 'sock')}`],
    ...[`--pid-file=${path.join(folder, 'pid')}`, '--innodb-flush-log-at-trx-commit=2'],
    '--innodb-buffer-pool-size=64M',
  ],
};

/**
 * MariaDB runs in a time zone with summer time, as many servers do. The POSIX form needs no zone files. The zone must come from
 * the environment ("SYSTEM"), because MariaDB's tables of named zones are empty.
 */
const runEnv = { postgres: {}, mysql: { TZ: 'CET-1CEST,M3.5.0,M10.5.0/3' } } as const;

/** Both servers refuse to run as root. */
const ownUid = (): number | undefined =>
  process.getuid?.() === 0
    ? Number(spawnSync('id', ['-u', 'nobody'], { encoding: 'utf8' }).stdout)
    : undefined;

type Client = { query(sql: string): Promise<unknown>; end(): unknown };

const connected = {
  postgres: async (port: number): Promise<Client> => {
    const { Client } = require('pg');
    const client = new Client({
      ...{ host: '127.0.0.1', port, user: USERS.postgres, database: 'postgres' },
      connectionTimeoutMillis: 2000,
    });
    // Without a listener, a later shutdown of the server would end this process with an unhandled error.
    client.on('error', () => undefined);
    await client.connect();
    return client;
  },
  mysql: async (port: number): Promise<Client> => {
    const { createConnection } = await import('mysql2/promise');
    return createConnection({ host: '127.0.0.1', port, user: USERS.mysql, connectTimeout: 2000 });
  },
};

const execute = async (kind: ServerKind, port: number, sql: string) => {
  const client = await connected[kind](port);
  await client.query(sql).finally(() => client.end());
};

const PATIENCE_MS = 60_000;
const SIGNALS = { postgres: { fast: 'SIGINT' }, mysql: { fast: 'SIGTERM' } } as const;

const made = (place: Place, { file, args }: Program) => {
  const { status, stderr, stdout } = spawnSync(file, args, {
    ...(place.uid === undefined ? {} : { uid: place.uid }),
    cwd: place.folder,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${file} failed (${status}).\n${stdout}\n${stderr}`);
};

export const startDatabaseServer = async (kind: ServerKind): Promise<DatabaseServer> => {
  const { make, run } = found(kind);
  const folder = mkdtempSync(path.join(tmpdir(), `workflow-webhooks-${kind}-`));
  const uid = ownUid();
  const place: Place = { folder, port: await freePort(), ...(uid === undefined ? {} : { uid }) };
  await mkdir(path.join(folder, 'data'), { mode: 0o700 });
  for (const owned of [folder, path.join(folder, 'data')])
    if (uid !== undefined) chownSync(owned, uid, -1);
  made(place, { file: make, args: makeArgs[kind](place) });

  let running: OwnProcess | null = null;

  /** Retries, because a killed PostgreSQL leaves processes for a moment that block a new start. */
  const start = async () => {
    const deadline = Date.now() + PATIENCE_MS;
    const again = async (error: unknown) => {
      if (Date.now() > deadline) throw error;
      await sleep(100);
    };
    while (running === null) {
      running = await startProcess({
        ...{ file: run, args: runArgs[kind](place), env: runEnv[kind] },
        ...place,
      }).catch(async (error) => (await again(error), null));
    }
    let answers = false;
    while (!answers) {
      answers = await execute(kind, place.port, 'SELECT 1').then(
        () => true,
        async (error) => (await again(error), false),
      );
    }
  };
  const end = async (how: Ending) => {
    const ending = running;
    running = null;
    await ending?.stop(how === 'crash' ? 'SIGKILL' : SIGNALS[kind].fast);
  };

  await start();
  await execute(kind, place.port, `CREATE DATABASE ${DATABASE}`);
  return {
    kind,
    port: place.port,
    env: (port) => ({
      DATABASE_CLIENT: kind,
      DATABASE_HOST: '127.0.0.1',
      DATABASE_PORT: String(port),
      DATABASE_USERNAME: USERS[kind],
      DATABASE_PASSWORD: '',
      DATABASE_NAME: DATABASE,
    }),
    end,
    start,
    remove: async () => {
      await end('fast');
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
};
