/**
 * The version of the configuration. Each transaction that changes a webhook, an authorization or a workflow inserts one
 * row here, so that every process notices the change with one cheap statement. Rows are only inserted: no two of these
 * transactions wait for each other.
 */
import type { Core } from '@strapi/strapi';
import type { Knex } from 'knex';
import { joinTransaction, subscribeToRows } from '../strapi/database.service';
import { createTables } from './tables.service';

type Options = { strapi: Core.Strapi; clock: { now(): number }; onChange(): void };

type Version = { total: number | string; latest: number | null };

export function createChanges({ strapi, clock, onChange }: Options) {
  const tables = createTables(strapi);
  const recorded = new WeakSet<Knex.Transaction>();

  async function recordIn(trx: Knex.Transaction): Promise<void> {
    if (recorded.has(trx)) return;
    recorded.add(trx);
    await tables.changes(trx).insert({ at: clock.now() });
  }

  /** In the open transaction, or in one of its own. */
  async function record(): Promise<void> {
    const write = async (trx: Knex.Transaction) => {
      await recordIn(trx);
      onChange();
    };
    await joinTransaction(strapi, write);
  }

  return {
    record,
    recordIn,
    /** The count notices a row with a lower id than the latest that was committed after it. */
    version: async (trx?: Knex.Transaction): Promise<string> => {
      const both = tables.raw('count(*) as total, max(id) as latest');
      const row: Version | undefined = await tables.changes(trx).select(both).first();
      return `${row?.total} ${row?.latest}`;
    },
    /** A version without old rows is another one, so every process reads the configuration again. That does no harm. */
    prune: async (before: number): Promise<void> => {
      await tables.changes().where('at', '<', before).delete();
    },
    /** Records every change of these content types: by the API, the panel or project code. */
    observe: (models: string[]): void =>
      subscribeToRows(strapi, {
        models,
        afterCreate: record,
        afterCreateMany: record,
        afterUpdate: record,
        afterUpdateMany: record,
        afterDelete: record,
        afterDeleteMany: record,
      }),
  };
}

export type Changes = ReturnType<typeof createChanges>;
