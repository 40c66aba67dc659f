/** Adds to rows what hangs on them: components, files, related documents; each with what may leave of it. */
import type { Core } from '@strapi/strapi';
import type { Knex } from 'knex';
import type { ComponentsPlan, RowPlan } from '../strapi/model/row-plan';
import type { Schemas } from '../strapi/model/schema.service';
import { readInChunks } from '../strapi/chunks';
import type { Row } from './change';
import {
  attach,
  clear,
  createRelated,
  rowOf,
  wanted,
  type LinksContext,
  type Owners,
} from './related.service';
import type { Statements } from './statements.service';

type Id = number | string;

type Context = LinksContext;

type Options = { strapi: Core.Strapi; schemas: Schemas; statements: Statements };

export const createLinks = ({ strapi, schemas, statements }: Options) => {
  const { from, select } = statements;
  const { addMedia, addRelation } = createRelated(statements);

  const componentRows = async (
    uid: string,
    ids: Id[],
    trx: Knex.Transaction,
  ): Promise<Map<Id, Row>> => {
    const plan = schemas.planOf(uid);
    const raws = await readInChunks(ids, (some) =>
      select(trx, {
        key: `rows ${plan.table}`,
        values: some,
        build: () =>
          from(trx, plan.table)
            .select(['id', ...plan.columns.map(({ column }) => column)])
            .whereIn('id', some),
      }),
    );
    const rows = new Map(raws.map((raw) => [raw.id as Id, rowOf(plan, raw)]));
    await addLinks(plan, rows, { trx, links: null });
    return rows;
  };

  const linksOfComponents = async (
    plan: ComponentsPlan,
    ids: Id[],
    context: Context,
  ): Promise<{ field: string; owner: Id; id: Id; uid: string }[]> => {
    const fields = wanted(plan.fields, context);
    const names = fields.map(({ name }) => name);
    const raws = await readInChunks(ids, (some) =>
      select(context.trx, {
        key: `components ${plan.table} ${names.length}`,
        values: [...some, ...names],
        build: () =>
          from(context.trx, plan.table)
            .select(['field', plan.owner, plan.id, ...(plan.type ? [plan.type] : [])])
            .whereIn(plan.owner, some)
            .whereIn('field', names)
            .orderBy(['order', 'id']),
      }),
    );
    const components = new Map(fields.map(({ name, component }) => [name, component]));
    return raws.flatMap((raw) => {
      const field = raw.field as string;
      if (!components.has(field)) return [];
      const uid = components.get(field) ?? String(raw[plan.type ?? ''] ?? '');
      return [{ field, owner: raw[plan.owner] as Id, id: raw[plan.id] as Id, uid }];
    });
  };

  const addComponents = async (plan: ComponentsPlan, owners: Owners, context: Context) => {
    const fields = wanted(plan.fields, context);
    if (fields.length === 0) return;
    clear(owners, fields);
    const links = await linksOfComponents(plan, [...owners.keys()], context);
    const rows = new Map<string, Map<Id, Row>>();
    // A component that was taken out of the project may still have rows.
    const uids = [...new Set(links.map(({ uid }) => uid))].filter(
      (uid) => uid in strapi.components,
    );
    for (const uid of uids) {
      const ids = links.filter((link) => link.uid === uid).map(({ id }) => id);
      rows.set(uid, await componentRows(uid, ids, context.trx));
    }
    const byName = new Map(fields.map((field) => [field.name, field]));
    for (const { field, owner, id, uid } of links) {
      const row = rows.get(uid)?.get(id);
      const place = byName.get(field);
      if (!row || !place) continue;
      attach(owners.get(owner), place, place.component ? row : { __component: uid, ...row });
    }
  };

  /** What the plan has no tables for, such as polymorphic relations: Strapi reads it, and its privates are taken out. */
  const addOthers = async (plan: RowPlan, owners: Owners, context: Context) => {
    const names = plan.others.filter((name) => context.links?.has(name) ?? true);
    if (names.length === 0) return;
    const rows = await readInChunks<Id, Row>([...owners.keys()], (some) =>
      strapi.db.query(plan.uid).findMany({
        select: ['id'],
        where: { id: { $in: some } },
        populate: Object.fromEntries(names.map((name) => [name, true])),
      }),
    );
    for (const row of rows) {
      const clean = schemas.visible(plan.uid, row);
      const owner = owners.get(row.id as Id);
      if (owner) for (const name of names) owner[name] = clean[name] ?? null;
    }
  };

  const addLinks = async (plan: RowPlan, owners: Owners, context: Context) => {
    if (owners.size === 0 || context.links?.size === 0) return;
    if (plan.components) await addComponents(plan.components, owners, context);
    if (plan.media) await addMedia(plan.media, owners, { ...context, uid: plan.uid });
    for (const relation of wanted(plan.relations, context))
      await addRelation(relation, owners, context);
    await addOthers(plan, owners, context);
  };

  return addLinks;
};
