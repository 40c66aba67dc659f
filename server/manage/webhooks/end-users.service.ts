/**
 * Webhooks that send end users without naming their content type. They are older than the rule that it must be named: they
 * keep sending, the panel shows it, and an administrator can end it.
 */
import type { Core } from '@strapi/strapi';
import { PLUGIN_ID } from '../../contract/names';
import { sentEndUsers } from '../../match/end-users';
import type { Trail } from '../../store/audit/audit.service';
import type { Outbox } from '../../store/outbox/outbox.service';
import { createTables } from '../../store/tables.service';
import { wishesOf, type WebhookRow } from '../../store/webhook-record';
import type { Clock } from '../../strapi/clock.service';
import { END_USER } from '../../strapi/model/content-model';
import type { Schemas } from '../../strapi/model/schema.service';

const UID = `plugin::${PLUGIN_ID}.webhook`;
const WORKFLOW_UID = `plugin::${PLUGIN_ID}.workflow`;

type Row = WebhookRow & { id: number };
type Column = { document_id: string; includes_end_users: boolean };

type ExcludeOptions = {
  strapi: Core.Strapi;
  trail: Trail;
  outbox: Pick<Outbox, 'cancelOf'>;
  clock: Pick<Clock, 'now'>;
};

/** `updatedAt` is of the settings, and stays: a form that is open has missed nothing. */
export const createExcludeEndUsers = ({ strapi, trail, outbox, clock }: ExcludeOptions) => {
  const tables = createTables(strapi);
  return async function excludeEndUsers(row: WebhookRow): Promise<void> {
    if (row.includesEndUsers === false) return;
    const { documentId: id, contentTypes } = row;
    const change = async (trx: Parameters<Parameters<typeof tables.transaction>[0]>[0]) => {
      const webhook = tables.on<Column>('webhook')(trx).where({ document_id: id });
      await webhook.update('includes_end_users', false);
      return row;
    };
    await tables.transaction((trx) =>
      trail.recorded('changed', () => change(trx), ['includesEndUsers']),
    );
    if (contentTypes?.includes(END_USER)) return;
    await outbox.cancelOf({
      webhookId: id,
      uid: END_USER,
      reason: `An administrator decided that "${row.name}" is no longer sent end users.`,
      now: clock.now(),
    });
  };
};

type KeepOptions = {
  strapi: Core.Strapi;
  schemas: Pick<Schemas, 'watchedUids' | 'relatesToEndUsers'>;
};

/** At start: decides it once for each row, whose column is null until then. A failure does not stop the start. */
export const createKeepEndUsers = ({ strapi, schemas }: KeepOptions) =>
  async function keepEndUsers(): Promise<void> {
    try {
      const names = (await strapi.db.transaction(() => decide(strapi, schemas))) as string[];
      if (names.length > 0)
        strapi.log.warn(
          `workflow-webhooks: these webhooks still send end users (plugin::users-permissions.user), though they do not name that content type, because they were made when it was not needed: ${names.map((name) => `"${name}"`).join(', ')}. Settings > Workflow Webhooks can end it for each.`,
        );
    } catch (error) {
      strapi.log.error(
        `workflow-webhooks: which webhooks still send end users was not stored, and they go on as before: ${(error as Error).message}`,
      );
    }
  };

/** Answers the names of the webhooks that keep sending. The rows are locked, so that of two instances one decides. */
async function decide(strapi: Core.Strapi, schemas: KeepOptions['schemas']): Promise<string[]> {
  const rows = await strapi.db
    .queryBuilder(UID)
    .select('*')
    .where({ includesEndUsers: { $null: true } })
    .orderBy({ id: 'asc' })
    .forUpdate()
    .execute<Row[]>();
  const project = { uids: schemas.watchedUids(), relatesToEndUsers: schemas.relatesToEndUsers };
  const keeping: string[] = [];
  for (const row of rows) {
    const contentTypes = await typesOf(strapi, row);
    const { events } = wishesOf(row);
    const includesEndUsers = sentEndUsers({ kind: row.kind, events, contentTypes }, project);
    // Through the query builder, which leaves `updatedAt` alone: nobody has saved anything.
    await strapi.db.queryBuilder(UID).where({ id: row.id }).update({ includesEndUsers }).execute();
    if (includesEndUsers) keeping.push(row.name);
  }
  return keeping;
}

/** Without a choice, a webhook of a workflow is about the types that the workflow governs. */
async function typesOf(strapi: Core.Strapi, row: Row): Promise<string[]> {
  const { contentTypes, workflow } = wishesOf(row);
  if (contentTypes.length > 0 || workflow === null) return contentTypes;
  const found: { contentTypes: string[] | null } | null = await strapi.db
    .query(WORKFLOW_UID)
    .findOne({ where: { documentId: workflow } });
  return found?.contentTypes ?? [];
}
