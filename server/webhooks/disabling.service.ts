/** Turns a webhook off for what its receiver did, in the dispatcher's own transaction: who commits it, tells of it. */
import type { Core } from '@strapi/strapi';
import type { Knex } from 'knex';
import type { Trail } from '../audit/audit.service';
import { PLUGIN_ID } from '../contract/names';

const UID = `plugin::${PLUGIN_ID}.webhook`;

export const createDisable =
  (strapi: Core.Strapi, trail: Trail) =>
  async (id: string, trx: Knex.Transaction): Promise<void> => {
    const { tableName } = strapi.db.metadata.get(UID);
    const schema = strapi.db.getSchemaName();
    const table = () => (schema ? trx(tableName).withSchema(schema) : trx(tableName));
    const found = await table().where({ document_id: id, enabled: true }).first('name');
    if (!found) return;
    await table().where('document_id', id).update({ enabled: false });
    await trail.bySystem({ action: 'disabled', id, name: found.name }, trx);
  };
