/**
 * At start: a webhook that is older than the rule that end users are sent only where they are named keeps sending what
 * it sent, and says so in the panel. A row is looked at once: afterwards its column is no longer null.
 */
import type { Core } from '@strapi/strapi';
import { PLUGIN_ID } from '../../contract/names';
import { sentEndUsers } from '../../match/end-users';
import type { Schemas } from '../../strapi/model/schema.service';
import { wishesOf, type WebhookRow } from '../../store/webhook-record';

const UID = `plugin::${PLUGIN_ID}.webhook`;
const WORKFLOW_UID = `plugin::${PLUGIN_ID}.workflow`;

type Options = { strapi: Core.Strapi; schemas: Pick<Schemas, 'watchedUids' | 'relatesToEndUsers'> };
type Row = WebhookRow & { id: number };

export const createKeepingEndUsers = ({ strapi, schemas }: Options) => {
  const { relatesToEndUsers } = schemas;

  /** Without a choice, a webhook of a workflow is about the types that the workflow governs. */
  const typesOf = async (row: Row): Promise<string[]> => {
    const { contentTypes, workflow } = wishesOf(row);
    if (contentTypes.length > 0 || workflow === null) return contentTypes;
    const found: { contentTypes: string[] | null } | null = await strapi.db
      .query(WORKFLOW_UID)
      .findOne({ where: { documentId: workflow } });
    return found?.contentTypes ?? [];
  };

  /** With the rows locked, so that instances that start together take turns; the later one finds none. */
  const look = async (): Promise<string[]> => {
    const rows = await strapi.db
      .queryBuilder(UID)
      .select('*')
      .where({ includesEndUsers: { $null: true } })
      .orderBy({ id: 'asc' })
      .forUpdate()
      .execute<Row[]>();
    const project = { uids: schemas.watchedUids(), relatesToEndUsers };
    const keeping: string[] = [];
    for (const row of rows) {
      const contentTypes = await typesOf(row);
      const { events } = wishesOf(row);
      const includesEndUsers = sentEndUsers({ kind: row.kind, events, contentTypes }, project);
      // Through the query builder, which leaves `updatedAt` alone: nobody has saved anything.
      await strapi.db
        .queryBuilder(UID)
        .where({ id: row.id })
        .update({ includesEndUsers })
        .execute();
      if (includesEndUsers) keeping.push(row.name);
    }
    return keeping;
  };

  /** A start goes on where it fails: a row that was not looked at sends what it sent. */
  return async (): Promise<void> => {
    try {
      const names = (await strapi.db.transaction(() => look())) as string[];
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
};
