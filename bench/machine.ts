/** Describes the machine and the software of a measurement. */
import os from 'node:os';
import { startStrapi, type DatabaseKind } from '../tests/support/strapi';

/** Runs inside Strapi. */
const versions = async (strapi: any) => {
  const knex = strapi.db.connection;
  const { client } = strapi.db.dialect;
  const ask = async (sql: string) => {
    const answer = await knex.raw(sql);
    const [row] = answer.rows ?? (client === 'mysql' ? answer[0] : answer);
    return Object.values(row)[0] as string | number;
  };
  const database =
    client === 'sqlite'
      ? `SQLite ${await ask('select sqlite_version()')} (journal ${await ask('pragma journal_mode')}, synchronous ${await ask('pragma synchronous')})`
      : `${client === 'mysql' ? 'MariaDB or MySQL' : 'PostgreSQL'} ${String(await ask(client === 'mysql' ? 'select version()' : 'show server_version'))}`;
  return { strapi: strapi.config.get('info.strapi'), database };
};

export const describeMachine = async (kind: DatabaseKind): Promise<string[]> => {
  const load = os.loadavg().map((value) => value.toFixed(1));
  const app = await startStrapi({ database: kind });
  const { strapi, database } = await app.run(versions).finally(() => app.stop());
  const cpus = os.cpus();
  const memory = Math.round(os.totalmem() / 2 ** 30);
  return [
    `Machine: ${cpus.length} cores, ${cpus[0]?.model.trim() ?? 'unknown'}, ${memory} GB; load average at the start ${load.join(', ')}.`,
    `Software: Node ${process.versions.node}, Strapi ${strapi}, ${database}, ${os.type()} ${os.release()}.`,
  ];
};
