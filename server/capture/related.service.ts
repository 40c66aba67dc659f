/** Reads the files and the related documents of rows, each with what may leave of it. */
import type { Knex } from 'knex';
import { columnValue } from '../strapi/model/row-plan';
import type { MediaPlan, RelationPlan, TablePlan } from '../strapi/model/row-plan';
import { readInChunks } from '../strapi/chunks';
import type { Row } from './change';
import type { Raw, Statements } from './statements.service';

type Id = number | string;

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

export const wanted = <T extends { name: string }>(fields: T[], { links }: Context): T[] =>
  links === null ? fields : fields.filter(({ name }) => links.has(name));

/** Every owner has the field, though nothing may hang on it. */
export const clear = (owners: Owners, fields: { name: string; isMany: boolean }[]) => {
  for (const row of owners.values())
    for (const { name, isMany } of fields) row[name] = isMany ? [] : null;
};

export const attach = (
  owner: Row | undefined,
  field: { name: string; isMany: boolean },
  value: Row,
) => {
  if (!owner) return;
  if (field.isMany) (owner[field.name] as Row[]).push(value);
  else owner[field.name] ??= value;
};

export const createRelated = ({ from, select }: Statements) => {
  const addMedia = async (
    plan: MediaPlan,
    owners: Owners,
    { uid, ...context }: Context & { uid: string },
  ) => {
    const fields = wanted(plan.fields, context);
    if (fields.length === 0) return;
    clear(owners, fields);
    const raws = await readInChunks([...owners.keys()], (ids) =>
      select(context.trx, {
        key: `files ${plan.table}`,
        values: [...ids, uid],
        build: () =>
          from(context.trx, plan.table)
            .join(plan.file.table, `${plan.file.table}.id`, `${plan.table}.${plan.fileId}`)
            .select([
              `${plan.table}.field as __field`,
              `${plan.table}.${plan.owner} as __owner`,
              ...plan.file.columns.map(({ column }) => `${plan.file.table}.${column}`),
            ])
            .whereIn(`${plan.table}.${plan.owner}`, ids)
            .where(`${plan.table}.${plan.type}`, uid)
            .orderBy([`${plan.table}.order`, `${plan.table}.id`]),
      }),
    );
    for (const raw of raws) {
      const place = fields.find(({ name }) => name === raw.__field);
      if (place) attach(owners.get(raw.__owner as Id), place, rowOf(plan.file, raw));
    }
  };

  const addRelation = async (plan: RelationPlan, owners: Owners, { trx }: Context) => {
    clear(owners, [plan]);
    const order = plan.orderBy.map((by) => ({ ...by, column: `${plan.table}.${by.column}` }));
    const raws = await readInChunks([...owners.keys()], (ids) =>
      select(trx, {
        key: `related ${plan.table} ${plan.owner}`,
        values: ids,
        build: () =>
          from(trx, plan.table)
            .join(plan.target.table, `${plan.target.table}.id`, `${plan.table}.${plan.targetId}`)
            .select([
              `${plan.table}.${plan.owner} as __owner`,
              ...plan.target.columns.map(({ column }) => `${plan.target.table}.${column}`),
            ])
            .whereIn(`${plan.table}.${plan.owner}`, ids)
            .orderBy(order),
      }),
    );
    for (const raw of raws) attach(owners.get(raw.__owner as Id), plan, rowOf(plan.target, raw));
  };

  return { addMedia, addRelation };
};
