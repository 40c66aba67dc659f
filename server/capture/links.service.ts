/** Adds to rows what is linked to them: components, files, related documents; each without what is private. */
import type { Core } from '@strapi/strapi';
import type { Knex } from 'knex';
import { readInChunks } from '../strapi/chunks';
import { rowsOf } from '../strapi/database.service';
import {
  columnValue,
  type ComponentsPlan,
  type MediaPlan,
  type RelationPlan,
  type RowPlan,
  type TablePlan,
} from '../strapi/model/row-plan';
import type { Schemas } from '../strapi/model/schema.service';
import type { Row } from './events';
import type { Raw, Statements } from './reader.service';

type Id = number | string;
type Field = { name: string; isMany: boolean };

/** `links` are the attributes to read; null is all. */
export type LinksContext = { trx: Knex.Transaction; links: ReadonlySet<string> | null };

/** The rows of one table by id. */
export type Owners = ReadonlyMap<Id, Row>;

type Options = { strapi: Core.Strapi; schemas: Schemas; statements: Statements };

export function createLinks({ strapi, schemas, statements }: Options) {
  const { from, select } = statements;

  const addLinks = async (plan: RowPlan, owners: Owners, context: LinksContext) => {
    if (owners.size === 0 || context.links?.size === 0) return;
    if (plan.components) await addComponents(plan.components, owners, context);
    if (plan.media) await addMedia(plan.media, owners, { ...context, uid: plan.uid });
    for (const relation of wanted(plan.relations, context))
      await addRelation(relation, owners, context);
    await addOthers(plan, owners, context);
  };

  const addComponents = async (plan: ComponentsPlan, owners: Owners, context: LinksContext) => {
    const fields = wanted(plan.fields, context);
    if (fields.length === 0) return;
    clear(owners, fields);
    const links = await componentLinks(
      statements,
      { ...plan, fields },
      { ids: [...owners.keys()], trx: context.trx },
    );
    const rows = new Map<string, Map<Id, Row>>();
    // A component that was removed from the project may still have rows.
    for (const uid of new Set(links.map((link) => link.uid))) {
      if (!(uid in strapi.components)) continue;
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
    const rows = new Map(raws.map((raw) => [raw.id as Id, rowIn(plan, raw)]));
    await addLinks(plan, rows, { trx, links: null });
    return rows;
  };

  const addMedia = async (
    plan: MediaPlan,
    owners: Owners,
    { uid, ...context }: LinksContext & { uid: string },
  ) => {
    const fields = wanted(plan.fields, context);
    if (fields.length === 0) return;
    clear(owners, fields);
    const { table, file } = plan;
    const raws = await readInChunks([...owners.keys()], (ids) =>
      select(context.trx, {
        key: `files ${table}`,
        values: [...ids, uid],
        build: () =>
          from(context.trx, table)
            .join(file.table, `${file.table}.id`, `${table}.${plan.fileId}`)
            .select([
              `${table}.field as __field`,
              `${table}.${plan.owner} as __owner`,
              ...file.columns.map(({ column }) => `${file.table}.${column}`),
            ])
            .whereIn(`${table}.${plan.owner}`, ids)
            .where(`${table}.${plan.type}`, uid)
            .orderBy([`${table}.order`, `${table}.id`]),
      }),
    );
    for (const raw of raws) {
      const place = fields.find(({ name }) => name === raw.__field);
      if (place) attach(owners.get(raw.__owner as Id), place, rowIn(file, raw));
    }
  };

  const addRelation = async (plan: RelationPlan, owners: Owners, { trx }: LinksContext) => {
    clear(owners, [plan]);
    const { table, target } = plan;
    const raws = await readInChunks([...owners.keys()], (ids) =>
      select(trx, {
        key: `related ${table} ${plan.owner}`,
        values: ids,
        build: () =>
          from(trx, table)
            .join(target.table, `${target.table}.id`, `${table}.${plan.targetId}`)
            .select([
              `${table}.${plan.owner} as __owner`,
              ...target.columns.map(({ column }) => `${target.table}.${column}`),
            ])
            .whereIn(`${table}.${plan.owner}`, ids)
            .orderBy(plan.orderBy.map((by) => ({ ...by, column: `${table}.${by.column}` }))),
      }),
    );
    for (const raw of raws) attach(owners.get(raw.__owner as Id), plan, rowIn(target, raw));
  };

  /** Links without a plan, such as polymorphic relations: Strapi reads them, and private values are removed. */
  const addOthers = async (plan: RowPlan, owners: Owners, context: LinksContext) => {
    const names = plan.others.filter((name) => context.links?.has(name) ?? true);
    if (names.length === 0) return;
    const rows = await readInChunks([...owners.keys()], (some) =>
      rowsOf(strapi, plan.uid).findMany({
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

  return addLinks;
}

type ComponentLink = { field: string; owner: Id; id: Id; uid: string };

async function componentLinks(
  { from, select }: Statements,
  plan: ComponentsPlan,
  { ids, trx }: { ids: Id[]; trx: Knex.Transaction },
): Promise<ComponentLink[]> {
  const names = plan.fields.map(({ name }) => name);
  const raws = await readInChunks(ids, (some) =>
    select(trx, {
      key: `components ${plan.table} ${names.length}`,
      values: [...some, ...names],
      build: () =>
        from(trx, plan.table)
          .select(['field', plan.owner, plan.id, ...(plan.type ? [plan.type] : [])])
          .whereIn(plan.owner, some)
          .whereIn('field', names)
          .orderBy(['order', 'id']),
    }),
  );
  const components = new Map(plan.fields.map(({ name, component }) => [name, component]));
  return raws.flatMap((raw) => {
    const field = raw.field as string;
    if (!components.has(field)) return [];
    const uid = components.get(field) ?? String(raw[plan.type ?? ''] ?? '');
    return [{ field, owner: raw[plan.owner] as Id, id: raw[plan.id] as Id, uid }];
  });
}

export function rowIn({ columns }: TablePlan, raw: Raw): Row {
  const row: Row = {};
  for (const { name, column, type } of columns) row[name] = columnValue(type, raw[column]);
  return row;
}

const wanted = <T extends { name: string }>(fields: T[], { links }: LinksContext): T[] =>
  links === null ? fields : fields.filter(({ name }) => links.has(name));

/** Every owner has the field, even if nothing is linked to it. */
function clear(owners: Owners, fields: Field[]): void {
  for (const row of owners.values())
    for (const { name, isMany } of fields) row[name] = isMany ? [] : null;
}

function attach(owner: Row | undefined, field: Field, value: Row): void {
  if (!owner) return;
  if (field.isMany) (owner[field.name] as Row[]).push(value);
  else owner[field.name] ??= value;
}
