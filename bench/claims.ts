/**
 * Compares the time of a claim in a full table (a million finished and a hundred thousand waiting deliveries) with that in an
 * otherwise empty one. Runs the dispatcher's own statements over a connection of this process, on tables that Strapi created;
 * both apps are idle meanwhile.
 */
import createKnex, { type Knex } from 'knex';
import type { Core } from '@strapi/strapi';
import { claim } from '../server/store/outbox/claim.service';
import { createSearch, type Search } from '../server/store/outbox/due.service';
import { createTables } from '../server/store/tables.service';
import type { App, DatabaseKind } from '../tests/support/strapi';
import { startStrapi } from '../tests/support/strapi';
import { median, turnOrder } from './statistics';

export type ClaimOptions = {
  database: DatabaseKind;
  finished: number;
  pending: number;
  claims: number;
};
/** Milliseconds of each claim. */
export type ClaimTimes = { empty: number[]; full: number[] };

const ROWS = 16;
const TABLE = 'workflow_webhooks_deliveries';
const DIALECTS = { sqlite: 'better-sqlite3', postgres: 'pg', mysql: 'mysql2' };

/** Runs inside Strapi. */
const connectionOf = async (strapi: any) => {
  await strapi.plugin('workflow-webhooks').service('dispatcher').stop();
  const { connection } = strapi.config.get('database.connection');
  const { host, port, user, password, database, filename } = connection;
  return filename ? { filename } : { host, port, user, password, database };
};

const numbers = {
  sqlite: (count: number) =>
    `with recursive n(i) as (select 1 union all select i + 1 from n where i < ${count}) select i from n`,
  postgres: (count: number) => `select i from generate_series(1, ${count}) as n(i)`,
  mysql: (count: number) => `select seq as i from seq_1_to_${count}`,
};

/** Inserts rows as the outbox writes them, for several webhooks in turn; claims take those of the first webhook. */
const fill = (
  knex: Knex,
  kind: DatabaseKind,
  rows: { state: string; count: number; webhooks: number },
) =>
  knex.raw(`insert into ${TABLE} (event_id, event, webhook_id, webhook_name, format, serialization,
      state, attempt_count, due_at, ${kind === 'mysql' ? '`trigger`' : '"trigger"'}, is_test, created_at, uid, document_id)
    select 'evt_bench', 'entry.create', ${kind === 'mysql' ? `concat('webhook-', n.i % ${rows.webhooks})` : `'webhook-' || (n.i % ${rows.webhooks})`}, 'bench', 'standard', 'json',
      '${rows.state}', 0, n.i, 'automatic', ${kind === 'postgres' ? 'false' : '0'}, n.i, 'api::page.page', ${kind === 'mysql' ? "concat('document-', n.i)" : "'document-' || n.i"}
    from (${numbers[kind](rows.count)}) as n`);

const analyze = { sqlite: 'analyze', postgres: 'analyze', mysql: `analyze table ${TABLE}` };

type Place = { app: App; knex: Knex; search: Search };

const open = async (kind: DatabaseKind): Promise<Place> => {
  const app = await startStrapi({ database: kind });
  const connection = await app.run(connectionOf);
  const knex = createKnex({ client: DIALECTS[kind], connection, useNullAsDefault: true });
  const strapi = {
    db: { connection: knex, dialect: { client: kind }, getSchemaName: () => undefined },
  };
  return { app, knex, search: createSearch(createTables(strapi as unknown as Core.Strapi)) };
};

const timed = async ({ search }: Place, round: number): Promise<number> => {
  const startedAt = performance.now();
  const rows = await claim(search, {
    claimId: `claim-${round}`,
    webhookId: 'webhook-0',
    claimClass: 'first',
    limit: ROWS,
    now: Date.now(),
    leaseUntil: Date.now() + 60_000,
    isOrdered: false,
  });
  const ms = performance.now() - startedAt;
  if (rows.length !== ROWS) throw new Error(`The claim took ${rows.length} of ${ROWS} rows.`);
  return ms;
};

export const measureClaims = async (options: ClaimOptions): Promise<ClaimTimes> => {
  const { database, finished, pending, claims } = options;
  const empty = await open(database);
  const full = await open(database);
  try {
    await fill(empty.knex, database, { state: 'pending', count: claims * ROWS, webhooks: 1 });
    await fill(full.knex, database, { state: 'delivered', count: finished, webhooks: 20 });
    await fill(full.knex, database, { state: 'pending', count: pending, webhooks: 1 });
    for (const { knex } of [empty, full]) await knex.raw(analyze[database]);
    const times: ClaimTimes = { empty: [], full: [] };
    for (let round = 0; round < claims; round += 1) {
      for (const side of turnOrder(['empty', 'full'] as const, round))
        times[side].push(await timed(side === 'empty' ? empty : full, round));
    }
    return times;
  } finally {
    for (const { knex, app } of [empty, full]) {
      await knex.destroy();
      await app.stop();
    }
  }
};

export const claimRatio = ({ empty, full }: ClaimTimes) => median(full) / median(empty);
