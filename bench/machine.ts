/** What the figures were measured on: without it they mean nothing. */
import os from 'node:os';
import type { App } from '../tests/support/strapi';

/** Runs inside Strapi. */
const versions = async (strapi: any) => {
  const knex = strapi.db.connection;
  const [{ version }] = await knex.raw('select sqlite_version() as version');
  const [{ journal_mode: journal }] = await knex.raw('pragma journal_mode');
  const [{ synchronous }] = await knex.raw('pragma synchronous');
  return { strapi: strapi.config.get('info.strapi'), version, journal, synchronous };
};

export const describeMachine = async (app: App): Promise<string[]> => {
  const cpus = os.cpus();
  const database = await app.run(versions);
  const load = os.loadavg().map((value) => value.toFixed(1));
  const memory = Math.round(os.totalmem() / 2 ** 30);
  return [
    `Machine: ${cpus.length} cores, ${cpus[0]?.model.trim() ?? 'unknown'}, ${memory} GB; load average at the start ${load.join(', ')}.`,
    `Software: Node ${process.versions.node}, Strapi ${database.strapi}, SQLite ${database.version} (journal ${database.journal}, synchronous ${database.synchronous}), ${os.type()} ${os.release()}.`,
  ];
};
