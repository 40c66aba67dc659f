/** Adds to rows what hangs on them: components, files, related documents; each with what may leave of it. */
import type { Core } from '@strapi/strapi';
import type { Knex } from 'knex';
import { columnValue } from '../schema/column-value';
import type {
  ComponentsPlan,
  MediaPlan,
  RelationPlan,
  RowPlan,
  TablePlan,
} from '../schema/row-plan';
import type { Schemas } from '../schema/schema.service';
import type { Row } from './change';

type Id = number | string;
type Raw = Record<string, unknown>;

/** `links` are the attributes to read; null is all. */
export type LinksContext = { trx: Knex.Transaction; links: ReadonlySet<string> | null };
type Context = LinksContext;

/** The rows of one table by id. */
export type Owners = ReadonlyMap<Id, Row>;

export const rowOf = ({ columns }: TablePlan, raw: Raw): Row => {
  const row: Row = {};
  for (const { name, column, type } of columns) row[name] = columnValue(type, raw[column]);
  return row;
};

const wanted = <T extends { name: string }>(fields: T[], { links }: Context): T[] =>
  links === null ? fields : fields.filter(({ name }) => links.has(name));

/** Every owner has the field, though nothing may hang on it. */
const clear = (owners: Owners, fields: { name: string; isMany: boolean }[]) => {
  for (const row of owners.values())
    for (const { name, isMany } of fields) row[name] = isMany ? [] : null;
};

const attach = (owner: Row | undefined, field: { name: string; isMany: boolean }, value: Row) => {
  if (!owner) return;
  if (field.isMany) (owner[field.name] as Row[]).push(value);
  else owner[field.name] ??= value;
};

/** A query on one of Strapi's tables, in a transaction of its own database layer. */
export const tableOf =
  (strapi: Core.Strapi) =>
  (trx: Knex.Transaction, table: string): Knex.QueryBuilder => {
    const schema = strapi.db.getSchemaName();
    const query = trx(table);
    return (schema ? query.withSchema(schema) : query) as Knex.QueryBuilder;
  };

export const createLinks = (strapi: Core.Strapi, schemas: Schemas) => {
  const from = tableOf(strapi);

  const componentRows = async (
    uid: string,
    ids: Id[],
    trx: Knex.Transaction,
  ): Promise<Map<Id, Row>> => {
    const plan = schemas.planOf(uid);
    const raws: Raw[] = await from(trx, plan.table)
      .select(['id', ...plan.columns.map(({ column }) => column)])
      .whereIn('id', ids);
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
    const query = from(context.trx, plan.table)
      .select(['field', plan.owner, plan.id, ...(plan.type ? [plan.type] : [])])
      .whereIn(plan.owner, ids)
      .orderBy(['order', 'id']);
    if (context.links !== null)
      query.whereIn(
        'field',
        fields.map(({ name }) => name),
      );
    const raws: Raw[] = await query;
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

  const addMedia = async (
    plan: MediaPlan,
    owners: Owners,
    { uid, ...context }: Context & { uid: string },
  ) => {
    const fields = wanted(plan.fields, context);
    if (fields.length === 0) return;
    clear(owners, fields);
    const raws: Raw[] = await from(context.trx, plan.table)
      .join(plan.file.table, `${plan.file.table}.id`, `${plan.table}.${plan.fileId}`)
      .select([
        `${plan.table}.field as __field`,
        `${plan.table}.${plan.owner} as __owner`,
        ...plan.file.columns.map(({ column }) => `${plan.file.table}.${column}`),
      ])
      .whereIn(`${plan.table}.${plan.owner}`, [...owners.keys()])
      .where(`${plan.table}.${plan.type}`, uid)
      .orderBy([`${plan.table}.order`, `${plan.table}.id`]);
    for (const raw of raws) {
      const place = fields.find(({ name }) => name === raw.__field);
      if (place) attach(owners.get(raw.__owner as Id), place, rowOf(plan.file, raw));
    }
  };

  const addRelation = async (plan: RelationPlan, owners: Owners, { trx }: Context) => {
    clear(owners, [plan]);
    const raws: Raw[] = await from(trx, plan.table)
      .join(plan.target.table, `${plan.target.table}.id`, `${plan.table}.${plan.targetId}`)
      .select([
        `${plan.table}.${plan.owner} as __owner`,
        ...plan.target.columns.map(({ column }) => `${plan.target.table}.${column}`),
      ])
      .whereIn(`${plan.table}.${plan.owner}`, [...owners.keys()])
      .orderBy(
        plan.orderBy.map(({ column, order }) => ({ column: `${plan.table}.${column}`, order })),
      );
    for (const raw of raws) attach(owners.get(raw.__owner as Id), plan, rowOf(plan.target, raw));
  };

  /** What the plan has no tables for, such as polymorphic relations: Strapi reads it, and its privates are taken out. */
  const addOthers = async (plan: RowPlan, owners: Owners, context: Context) => {
    const names = plan.others.filter((name) => context.links?.has(name) ?? true);
    if (names.length === 0) return;
    const rows: Row[] = await strapi.db.query(plan.uid).findMany({
      select: ['id'],
      where: { id: { $in: [...owners.keys()] } },
      populate: Object.fromEntries(names.map((name) => [name, true])),
    });
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

export type AddLinks = ReturnType<typeof createLinks>;
