/**
 * Webhooks that send end users without naming their content type. They are older than the rule that a webhook must name
 * the type. They keep sending, the panel shows it, and an administrator can end it.
 */
import type { Core } from '@strapi/strapi';
import { sentEndUsers } from '../../match/matching';
import { WEBHOOK_UID, wishesOf, type WebhookRow } from '../../store/webhook-record';
import { joinTransaction, lockedRows, rowsOf } from '../../strapi/database.service';
import type { Schemas } from '../../strapi/model/schema.service';
import { WORKFLOW_UID } from '../../workflow/definition/flows.service';

type Row = WebhookRow & { id: number };

type ProjectSchemas = Pick<Schemas, 'watchedUids' | 'relatesToEndUsers'>;

/** At start: decides once for each row, whose column is null until then. A failure does not stop the start. */
export async function keepEndUsers(strapi: Core.Strapi, schemas: ProjectSchemas): Promise<void> {
  try {
    const names = await joinTransaction(strapi, () => decide(strapi, schemas));
    if (names.length > 0)
      strapi.log.warn(
        `workflow-webhooks: these webhooks still send end users (plugin::users-permissions.user), though they do not name that content type, because they were made when it was not needed: ${names.map((name) => `"${name}"`).join(', ')}. Settings > Workflow Webhooks can end it for each.`,
      );
  } catch (error) {
    strapi.log.error(
      `workflow-webhooks: which webhooks still send end users was not stored, and they go on as before: ${(error as Error).message}`,
    );
  }
}

/** Returns the names of the webhooks that keep sending. The lock lets only one of two instances decide. */
async function decide(strapi: Core.Strapi, schemas: ProjectSchemas): Promise<string[]> {
  const rows = await lockedRows<Row>(strapi, WEBHOOK_UID, { includesEndUsers: { $null: true } });
  const project = { uids: schemas.watchedUids(), relatesToEndUsers: schemas.relatesToEndUsers };
  const keeping: string[] = [];
  for (const row of rows) {
    const contentTypes = await typesOf(strapi, row);
    const { events } = wishesOf(row);
    const includesEndUsers = sentEndUsers({ kind: row.kind, events, contentTypes }, project);
    const change = { where: { id: row.id }, data: { includesEndUsers } };
    await rowsOf<Row>(strapi, WEBHOOK_UID).updateMany(change);
    if (includesEndUsers) keeping.push(row.name);
  }
  return keeping;
}

/** Without a choice, a webhook of a workflow is about the types that the workflow governs. */
async function typesOf(strapi: Core.Strapi, row: Row): Promise<string[]> {
  const { contentTypes, workflow } = wishesOf(row);
  if (contentTypes.length > 0 || workflow === null) return contentTypes;
  const workflows = rowsOf<{ contentTypes: string[] | null }>(strapi, WORKFLOW_UID);
  return (await workflows.findOne({ where: { documentId: workflow } }))?.contentTypes ?? [];
}
