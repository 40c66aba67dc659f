/**
 * Turns a webhook on or off: the only ways to do so once it is made, so that no save of its settings undoes what its
 * receiver, its failures or an administrator did meanwhile. `updatedAt` speaks of the settings, and stays.
 */
import type { Core } from '@strapi/strapi';
import type { Knex } from 'knex';
import type { Trail } from '../../store/audit.service';
import type { HealthBook } from '../../deliver/health.service';
import type { Secrets } from '../../store/secrets/secrets.service';
import { createTables } from '../../store/tables.service';
import type { Check } from './check-webhook.service';
import { plainUrl, wishesOf, type WebhookRow } from '../../store/webhook-record';

type Options = {
  strapi: Core.Strapi;
  trail: Trail;
  secrets: Secrets;
  check: Check;
  health: HealthBook;
};

type Column = { document_id: string; enabled: boolean; name: string };

export const createSwitching = ({ strapi, trail, secrets, check, health }: Options) => {
  const tables = createTables(strapi);
  const webhooks = tables.on<Column>('webhook');

  /** False where it is so already. */
  async function turn(id: string, enabled: boolean, trx: Knex.Transaction): Promise<boolean> {
    const others = webhooks(trx).where({ document_id: id, enabled: !enabled });
    return Number(await others.update({ enabled } as never)) > 0;
  }

  /** What it refers to must be there: it may be gone since it was turned off. */
  const checkUsable = (row: WebhookRow): Promise<void> =>
    check({
      ...row,
      ...wishesOf(row),
      description: row.description ?? '',
      url: plainUrl(row, secrets.decrypt) ?? row.url,
      enabled: true,
    });

  /** As an administrator wants it. Enabling forgets what was wrong with it before. */
  async function byHand(row: WebhookRow, enabled: boolean): Promise<void> {
    if (row.enabled === enabled) return;
    if (enabled) await checkUsable(row);
    const { documentId: id } = row;
    await tables.transaction(async (trx) => {
      // First, as the dispatcher does when it disables one: in another order, each would wait for the other.
      if (enabled) await health.reset(id, trx);
      const change = async () => ((await turn(id, enabled, trx)) ? row : null);
      await trail.recorded('changed', change, ['enabled']);
    });
  }

  /** For what its receiver did, in the dispatcher's own transaction. */
  async function disable(id: string, trx: Knex.Transaction): Promise<void> {
    const found = (await webhooks(trx).where({ document_id: id, enabled: true }).first('name')) as
      Pick<Column, 'name'> | undefined;
    if (!found) return;
    await turn(id, false, trx);
    await trail.bySystem({ action: 'disabled', id, name: found.name }, trx);
  }

  return { byHand, disable };
};
