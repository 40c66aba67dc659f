/** Reads versions of documents as they may leave, in the transaction that is open, and locks them where it is asked to. */
import type { Core } from '@strapi/strapi';
import type { Knex } from 'knex';
import type { RowPlan } from '../schema/row-plan';
import type { Schemas, WatchedType } from '../schema/schema.service';
import type { Row, Version } from './change';
import { createLinks, rowOf, tableOf, type LinksContext, type Owners } from './links.service';

type Id = number | string;
type Raw = Record<string, unknown>;

/** Which rows; what is not named is not asked. */
export type Which = {
  ids?: readonly Id[];
  documentIds?: readonly string[];
  locales?: readonly string[];
  isPublished?: boolean;
};

export type ReadOptions = {
  trx: Knex.Transaction;
  /** The links to read; null is all. */
  links?: ReadonlySet<string> | null;
  /** So that who changes the same document next reads what this change made of it. */
  lock?: boolean;
};

const IDENTITY = ['id', 'document_id', 'locale', 'published_at'];

export const createReader = (strapi: Core.Strapi, schemas: Schemas) => {
  const isMysql = strapi.db.dialect.client === 'mysql';
  const isSqlite = strapi.db.dialect.client === 'sqlite';
  const from = tableOf(strapi);
  const addLinks = createLinks(strapi, schemas);

  const narrowed = (query: Knex.QueryBuilder, which: Which): Knex.QueryBuilder => {
    if (which.ids) query.whereIn('id', which.ids);
    if (which.documentIds) query.whereIn('document_id', which.documentIds);
    if (which.locales) query.whereIn('locale', which.locales);
    if (which.isPublished === true) query.whereNotNull('published_at');
    if (which.isPublished === false) query.whereNull('published_at');
    return query;
  };

  const idsOf = async (plan: RowPlan, which: Which, trx: Knex.Transaction): Promise<Id[]> =>
    ((await narrowed(from(trx, plan.table).select('id'), which)) as Raw[]).map(
      ({ id }) => id as Id,
    );

  /**
   * SQLite has one writer, so nothing can come between. PostgreSQL locks all versions of the document first, because
   * publishing replaces rows, and what is read after the wait is what the other made. MySQL locks by primary key, because
   * by any other index it locks the gaps between documents too, and reads what it locks.
   */
  const baseRows = async (
    plan: RowPlan,
    which: Which,
    { trx, lock }: ReadOptions,
  ): Promise<Raw[]> => {
    const columns = [...new Set([...IDENTITY, ...plan.columns.map(({ column }) => column)])];
    const query = from(trx, plan.table).select(columns).orderBy('id');
    if (!lock || isSqlite) return narrowed(query, which);
    if (isMysql) return narrowed(query, { ids: await idsOf(plan, which, trx) }).forUpdate();
    const { documentIds } = which;
    await narrowed(from(trx, plan.table).select('id').orderBy('id'), { documentIds }).forUpdate();
    return narrowed(query, which);
  };

  const versionOf = (plan: RowPlan, raw: Raw): Version => ({
    id: raw.id as Id,
    documentId: raw.document_id as string,
    locale: (raw.locale as string | null) ?? null,
    isPublished: raw.published_at !== null,
    row: rowOf(plan, raw),
  });

  const read = async (
    { plan }: WatchedType,
    which: Which,
    options: ReadOptions,
  ): Promise<Version[]> => {
    const raws = await baseRows(plan, which, options);
    const versions = raws.map((raw) => versionOf(plan, raw));
    const { trx, links = null } = options;
    await addLinks(plan, new Map(versions.map(({ id, row }) => [id, row])), { trx, links });
    return versions;
  };

  /** Links of rows as they are now, on their own. */
  const readLinks = async (
    { plan }: WatchedType,
    ids: readonly Id[],
    { trx, links }: LinksContext,
  ): Promise<Owners> => {
    const owners = new Map(ids.map((id) => [id, {} as Row]));
    await addLinks(plan, owners, { trx, links });
    return owners;
  };

  return { read, readLinks };
};

export type Reader = ReturnType<typeof createReader>;
