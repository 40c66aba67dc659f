/** Keeps each webhook's health in the database, so that every instance and the panel see the same. */
import type { Core } from '@strapi/strapi';
import type { Knex } from 'knex';
import type { WebhookHealth } from '../contract/webhook';
import { afterAttempts, HEALTHY, type Health, type Notice, type Tally } from './health';
import { HEALTH_TABLE } from './health-model';

type Moment = number | string | null;
type Row = {
  webhook_id: string;
  state: Health['state'];
  consecutive_failures: number;
  failing_since: Moment;
  last_success_at: Moment;
  disabled_reason: string | null;
  parked_until: Moment;
};

const number = (moment: Moment) => (moment === null ? null : Number(moment));

const healthOf = (row: Row | undefined): Health =>
  row
    ? {
        state: row.state,
        consecutiveFailures: row.consecutive_failures,
        failingSince: number(row.failing_since),
        lastSuccessAt: number(row.last_success_at),
        disabledReason: row.disabled_reason,
      }
    : HEALTHY;

const columnsOf = (health: Health) => ({
  state: health.state,
  consecutive_failures: health.consecutiveFailures,
  failing_since: health.failingSince,
  last_success_at: health.lastSuccessAt,
  disabled_reason: health.disabledReason,
});

export const answerOf = (health: Health): WebhookHealth => ({
  state: health.state,
  consecutiveFailures: health.consecutiveFailures,
  disabledReason: health.disabledReason,
  lastSuccessAt:
    health.lastSuccessAt === null ? null : new Date(health.lastSuccessAt).toISOString(),
});

/** A healthy webhook's last success is written this often at most (ms): it is for people to read. */
const SUCCESS_RESOLUTION = 1000;

export const createHealth = (strapi: Core.Strapi, disableAfter: number) => {
  const table = (trx?: Knex.Transaction) => {
    const schema = strapi.db.getSchemaName();
    const query = (trx ?? strapi.db.connection)<Row>(HEALTH_TABLE);
    return (schema ? query.withSchema(schema) : query) as unknown as Knex.QueryBuilder<Row>;
  };
  const written = new Map<string, number>();

  const save = async (webhookId: string, columns: Partial<Row>, trx?: Knex.Transaction) => {
    await table(trx)
      .insert({ ...columnsOf(HEALTHY), ...columns, webhook_id: webhookId })
      .onConflict('webhook_id')
      .merge(columns);
  };

  const of = async (webhookId: string, trx?: Knex.Transaction): Promise<Health> =>
    healthOf(await table(trx).where('webhook_id', webhookId).first());

  /** Every known health and pause, by webhook. */
  const all = async (): Promise<Map<string, { health: Health; parkedUntil: number }>> => {
    const rows = (await table()) as Row[];
    return new Map(
      rows.map((row) => [
        row.webhook_id,
        { health: healthOf(row), parkedUntil: number(row.parked_until) ?? 0 },
      ]),
    );
  };

  const isOldNews = (webhookId: string, tally: Tally, now: number) =>
    tally.failures === 0 &&
    tally.disable === null &&
    now - (written.get(webhookId) ?? 0) < SUCCESS_RESOLUTION;

  /** Adds a batch of attempts; answers what people should be told. */
  const record = async (
    webhookId: string,
    tally: Tally,
    context: { trx: Knex.Transaction; now: number },
  ): Promise<Notice | null> => {
    if (isOldNews(webhookId, tally, context.now)) return null;
    const before = await of(webhookId, context.trx);
    const { health, notice } = afterAttempts(before, tally, { now: context.now, disableAfter });
    await save(webhookId, columnsOf(health), context.trx);
    if (health.consecutiveFailures === 0) written.set(webhookId, context.now);
    else written.delete(webhookId);
    return before.state === 'disabled' ? null : notice;
  };

  const park = (webhookId: string, until: number, trx: Knex.Transaction) =>
    save(webhookId, { parked_until: until }, trx);

  /** A webhook that an administrator enables again starts with a clean sheet. */
  const reset = (webhookId: string) =>
    save(webhookId, { ...columnsOf(HEALTHY), parked_until: null });

  const forget = (webhookId: string) => table().where('webhook_id', webhookId).delete();

  return { of, all, record, park, reset, forget };
};

export type HealthBook = ReturnType<typeof createHealth>;
