/** The part of healths that the breaker of validations reads and writes while an editor waits. */
import type { Knex } from 'knex';
import { number, type HealthTable } from '../store/health-table.service';

export const createBreakers = ({ table, joined, read }: HealthTable) => {
  /** Pauses it if so many attempts in a row failed. */
  const parkFailing = async (
    webhookId: string,
    failures: number,
    { until, trx }: { until: number; trx: Knex.Transaction },
  ): Promise<void> => {
    await table(trx)
      .where('webhook_id', webhookId)
      .where('consecutive_failures', '>=', failures)
      .update({ parked_until: until });
  };

  /** Of the webhooks that ever failed or were called; read at once, because an editor waits for it. */
  const breakers = async (webhookIds: readonly string[]) => {
    const rows = await read((all) => all.whereIn('webhook_id', webhookIds));
    return new Map(
      rows.map((row) => [
        row.webhook_id,
        {
          consecutiveFailures: row.consecutive_failures,
          parkedUntil: number(row.parked_until) ?? 0,
        },
      ]),
    );
  };

  /** True for the first who finds a pause over, and so may see whether the endpoint is back. */
  const takeProbe = (webhookId: string, parkedUntil: number, until: number): Promise<boolean> =>
    joined(
      async (trx) =>
        (await table(trx)
          .where('webhook_id', webhookId)
          .where((same) =>
            parkedUntil === 0
              ? same.whereNull('parked_until').orWhere('parked_until', 0)
              : same.where('parked_until', parkedUntil),
          )
          .update({ parked_until: until })) > 0,
    );

  return { breakers, parkFailing, takeProbe };
};
