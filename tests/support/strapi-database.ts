/** A separate database for every Strapi that a test starts. */
import { randomBytes } from 'node:crypto';
import { copyFile, mkdtemp, mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

export type DatabaseKind = 'sqlite' | 'postgres' | 'mysql';

export type TestDatabase = {
  /** The environment for the playground's config/database.js and config/server.js. */
  env: Record<string, string>;
  /** The folder of the SQLite file and the uploads. */
  dir: string;
  /** Removes the database and its folder, but not a folder that the test passed in. */
  drop(): Promise<void>;
};

/** The addresses of the two servers; a test that needs one calls `isReachable` first. */
const SERVERS = {
  postgres: {
    host: process.env.TEST_POSTGRES_HOST ?? '127.0.0.1',
    port: Number(process.env.TEST_POSTGRES_PORT ?? 5432),
    user: process.env.TEST_POSTGRES_USER ?? 'postgres',
    password: process.env.TEST_POSTGRES_PASSWORD ?? '',
  },
  mysql: {
    host: process.env.TEST_MYSQL_HOST ?? '127.0.0.1',
    port: Number(process.env.TEST_MYSQL_PORT ?? 3306),
    user: process.env.TEST_MYSQL_USER ?? 'root',
    password: process.env.TEST_MYSQL_PASSWORD ?? '',
  },
};

type PostgresClient = {
  connect(): Promise<void>;
  query(sql: string): Promise<unknown>;
  end(): void;
};

/**
 * Runs one statement on the server, outside the test databases. The drivers are loaded on first use:
 * most tests need neither, and jest takes longer to load them than to run many tests.
 */
const execute = {
  postgres: async (statement: string) => {
    const { Client } = require('pg') as { Client: new (settings: object) => PostgresClient };
    const client = new Client({
      ...SERVERS.postgres,
      database: 'postgres',
      connectionTimeoutMillis: 2000,
    });
    await client.connect();
    await client.query(statement).finally(() => client.end());
  },
  mysql: async (statement: string) => {
    const connection = await connectToMysql();
    await connection.query(statement).finally(() => connection.end());
  },
};

async function connectToMysql() {
  const { createConnection } = await import('mysql2/promise');
  return createConnection({ ...SERVERS.mysql, connectTimeout: 2000, multipleStatements: true });
}

/** MySQL copies no database itself. Without its checks, foreign keys may name tables that do not exist yet. */
async function copyOnMysql(template: string, name: string): Promise<void> {
  const connection = await connectToMysql();
  const rowsOf = async (sql: string) =>
    (await connection.query(sql))[0] as Record<string, string>[];
  try {
    await connection.query(`CREATE DATABASE ${name}; USE ${template}; SET foreign_key_checks = 0`);
    const tables = (await rowsOf('SHOW TABLES')).map((row) => Object.values(row)[0]);
    const statements = [`USE ${name}`];
    for (const table of tables) {
      const [created] = await rowsOf(`SHOW CREATE TABLE \`${table}\``);
      statements.push(created?.['Create Table'] ?? '');
      statements.push(`INSERT INTO \`${table}\` SELECT * FROM ${template}.\`${table}\``);
    }
    await connection.query(statements.join(';'));
  } finally {
    await connection.end();
  }
}

/** Whether a server of this kind answers; always true for SQLite. */
export async function isReachable(kind: DatabaseKind): Promise<boolean> {
  if (kind === 'sqlite') return true;
  return execute[kind]('SELECT 1').then(
    () => true,
    () => false,
  );
}

const dropping = {
  postgres: (name: string) => `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`,
  mysql: (name: string) => `DROP DATABASE IF EXISTS ${name}`,
};

export const dropDatabase = (kind: 'postgres' | 'mysql', name: string) =>
  execute[kind](dropping[kind](name));

async function serverDatabase(
  kind: 'postgres' | 'mysql',
  name = `workflow_webhooks_${process.pid}_${randomBytes(4).toString('hex')}`,
  template?: string,
) {
  if (template && kind === 'mysql') await copyOnMysql(template, name);
  else await execute[kind](`CREATE DATABASE ${name}${template ? ` TEMPLATE ${template}` : ''}`);
  const { host, port, user, password } = SERVERS[kind];
  return {
    env: {
      DATABASE_HOST: host,
      DATABASE_PORT: String(port),
      DATABASE_USERNAME: user,
      DATABASE_PASSWORD: password,
      DATABASE_NAME: name,
    },
    drop: () => dropDatabase(kind, name),
  };
}

export type DatabaseOptions = {
  /** Kept when the database is dropped; default: a temporary folder that is removed. */
  dataDir?: string;
  /** The database's name on a server; default: a new one. */
  name?: string;
  /** The template to copy; default: an empty database. */
  template?: { name: string; dir: string } | null;
};

export async function makeDatabase(
  kind: DatabaseKind,
  { dataDir, name, template }: DatabaseOptions = {},
): Promise<TestDatabase> {
  const dir = dataDir ?? (await mkdtemp(path.join(tmpdir(), 'workflow-webhooks-')));
  await mkdir(path.join(dir, 'public', 'uploads'), { recursive: true });
  const server = kind === 'sqlite' ? null : await serverDatabase(kind, name, template?.name);
  const file = path.join(dir, 'data.db');
  if (kind === 'sqlite' && template) await copyFile(path.join(template.dir, 'data.db'), file);
  return {
    dir,
    env: {
      DATABASE_CLIENT: kind,
      DATABASE_FILENAME: file,
      PUBLIC_DIR: path.join(dir, 'public'),
      ...server?.env,
    },
    drop: async () => {
      await server?.drop();
      if (!dataDir) await rm(dir, { recursive: true, force: true });
    },
  };
}
