/** Ends that a webhook sends end users without naming their content type. */
import type { Core } from '@strapi/strapi';
import type { Trail } from '../../store/audit.service';
import type { Clock } from '../../strapi/clock.service';
import type { Outbox } from '../../store/outbox/outbox.service';
import { END_USER } from '../../strapi/model/content-model';
import { createTables } from '../../store/tables.service';
import type { WebhookRow } from '../../store/webhook-record';

type Options = {
  strapi: Core.Strapi;
  trail: Trail;
  outbox: Pick<Outbox, 'cancelOf'>;
  clock: Pick<Clock, 'now'>;
};

type Column = { document_id: string; includes_end_users: boolean };

export const createEndUsers = ({ strapi, trail, outbox, clock }: Options) => {
  const tables = createTables(strapi);

  /** `updatedAt` speaks of the settings, and stays: a form that is open has missed nothing. */
  async function exclude(row: WebhookRow): Promise<void> {
    if (row.includesEndUsers === false) return;
    const { documentId: id, contentTypes } = row;
    await tables.transaction(async (trx) => {
      const change = async () => {
        await tables
          .on<Column>('webhook')(trx)
          .where({ document_id: id })
          .update({ includes_end_users: false } as never);
        return row;
      };
      await trail.recorded('changed', change, ['includesEndUsers']);
    });
    if (contentTypes?.includes(END_USER)) return;
    await outbox.cancelOf({
      webhookId: id,
      uid: END_USER,
      reason: `An administrator decided that "${row.name}" is no longer sent end users.`,
      now: clock.now(),
    });
  }

  return { exclude };
};
