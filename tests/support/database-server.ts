/** A PostgreSQL or MariaDB server of a test's own, that may be stopped, killed and started again while Strapi works with it. */
import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { programOnPath } from './debian';
import { freePort, startProcess, type OwnProcess } from './own-process';

export type ServerKind = 'postgres' | 'mysql';

/** `fast` ends all connections and closes its files; `crash` is kill -9. */
export type Ending = 'fast' | 'crash';

export type DatabaseServer = {
  readonly kind: ServerKind;
  readonly port: number;
  /** What the playground's config/database.js reads, to come here by this port. */
  env(port: number): Record<string, string>;
  end(how: Ending): Promise<void>;
  /** Resolves when it answers, so after it has recovered from a crash. */
  start(): Promise<void>;
  /** Ends it and removes its files. */
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

// Without waiting for the disk: processes are killed here, not machines, and the kernel keeps what was written.
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
 * MariaDB runs where summer time ends in October (a POSIX time zone: no zone files are needed), because many servers do.
 * Only "SYSTEM" can name such a zone here: the tables of named zones are empty.
 */
const runEnv = { postgres: {}, mysql: { TZ: 'CET-1CEST,M3.5.0,M10.5.0/3' } } as const;

/** Neither server runs as root, nor need it. */
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
    // A server that ends later tells this client too; nobody listens any more.
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

  /** A killed PostgreSQL leaves processes for a moment, which keep a new one from starting. */
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
