/**
 * What goes past the document service: rows that `strapi.db.query` would publish, which no workflow could see, and rows
 * that are gone with a locale. Raw SQL is beyond anybody's sight.
 */
import type { Core } from '@strapi/strapi';
import type { Knex } from 'knex';
import type { Saves } from '../../capture/saves.service';
import { hasDraftAndPublish } from '../../schema/content-model';
import type { Schemas } from '../../schema/schema.service';
import { errors } from '../../strapi-errors';
import type { Edits } from '../state/edits.service';
import type { Rules } from '../sources/rules.service';

type Options = {
  strapi: Core.Strapi;
  schemas: Schemas;
  rules: Rules;
  saves: Saves;
  edits: Edits;
};
type Write = { model: { uid: string }; params: { data?: unknown } };

const publishedByQuery = (uid: string) =>
  new errors.ApplicationError(
    `Documents of "${uid}" have a workflow, so strapi.db.query may not write them as published. Publish through strapi.documents('${uid}').publish() once their state is final.`,
  );

const isPublishing = (data: unknown): boolean => {
  if (Array.isArray(data)) return data.some(isPublishing);
  return Boolean((data as { publishedAt?: unknown } | undefined)?.publishedAt);
};

export const createRowGuard = ({ strapi, schemas, rules, saves, edits }: Options) => {
  const isGoverned = async (uid: string): Promise<boolean> => {
    const model = schemas.watched(uid)?.model;
    return model !== undefined && hasDraftAndPublish(model) && (await rules.own(uid)) !== null;
  };

  const beforeWrite = async ({ model, params }: Write) => {
    if (saves.isInAction() || !isPublishing(params.data)) return;
    if (await isGoverned(model.uid)) throw publishedByQuery(model.uid);
  };

  const afterDelete = async ({ model }: Write) => {
    if (saves.isInAction() || !(await isGoverned(model.uid))) return;
    await strapi.db.transaction(({ trx }) =>
      edits.forgetGone(model.uid, null, trx as unknown as Knex.Transaction),
    );
  };

  return () => {
    const subscriber: unknown = {
      models: Object.keys(strapi.contentTypes).filter((uid) => schemas.watched(uid)),
      beforeCreate: beforeWrite,
      beforeCreateMany: beforeWrite,
      beforeUpdate: beforeWrite,
      beforeUpdateMany: beforeWrite,
      afterDelete,
      afterDeleteMany: afterDelete,
    };
    strapi.db.lifecycles.subscribe(
      subscriber as Parameters<typeof strapi.db.lifecycles.subscribe>[0],
    );
  };
};
