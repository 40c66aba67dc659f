/** What instances write about one webhook at the same moment: its row of requests, and its pause. */
import createKnex, { type Knex } from 'knex';
import type { Core } from '@strapi/strapi';
import { createHealth, type HealthBook } from '../../../server/delivery/health.service';
import { startStrapi, type App } from '../../support/strapi';
import { reachable } from './reachable';

const CLIENTS = { sqlite: 'better-sqlite3', postgres: 'pg', mysql: 'mysql2' };
const NOW = 1_800_000_000_000;
const INTERVAL = 50;
const CLAIMS = 40;

/** Runs inside Strapi. */
const connectionOf = (strapi: any) => {
  const { host, port, user, password, database, filename } = strapi.config.get(
    'database.connection.connection',
  );
  return filename ? { filename } : { host, port, user, password, database };
};

describe.each(reachable('sqlite', 'postgres', 'mysql'))('on %s', (database) => {
  let app: App;
  let knex: Knex;
  /** The dispatcher's own statements, over connections of this process, on the tables that Strapi made. */
  let health: HealthBook;

  beforeAll(async () => {
    app = await startStrapi({ database });
    const connection = await app.run(connectionOf);
    const pool = { min: 0, max: database === 'sqlite' ? 1 : 8 };
    knex = createKnex({ client: CLIENTS[database], connection, pool, useNullAsDefault: true });
    const db = { connection: knex, dialect: { client: database }, getSchemaName: () => undefined };
    health = createHealth({ db } as unknown as Core.Strapi, 0);
  });
  afterAll(async () => {
    await knex?.destroy();
    await app?.stop();
  });

  const take = (webhookId: string) =>
    health.takeSlots(webhookId, { count: 1, interval: INTERVAL, now: NOW });
  const inARow = Array.from({ length: CLAIMS }, (_, index) => NOW + index * INTERVAL);

  it.each(['a new webhook', 'a known one'])('many take places of %s at once', async (which) => {
    const first = which === 'a new webhook' ? [] : [await take(which)];
    const places = await Promise.all(inARow.slice(first.length).map(() => take(which)));
    expect([...first, ...places].sort((one, other) => one - other)).toEqual(inARow);
  });

  it('a pause is never made shorter by another answer that asks for less', async () => {
    const failed = new Map([['paused', { successes: 0, failures: 1, disable: null }]]);
    const parked = async (until: number) => {
      await knex.transaction(async (trx) => {
        await health.record(failed, { trx, now: NOW });
        await health.park('paused', until, trx);
      });
      return (await health.all(['paused'])).get('paused')?.parkedUntil;
    };
    expect(await parked(NOW + 60_000)).toBe(NOW + 60_000);
    expect(await parked(NOW + 1000)).toBe(NOW + 60_000);
    expect(await parked(NOW + 90_000)).toBe(NOW + 90_000);
  });
});
