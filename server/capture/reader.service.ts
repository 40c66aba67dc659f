/** Reads versions of documents as they may leave, in the transaction that is open, and locks them where it is asked to. */
import type { Core } from '@strapi/strapi';
import type { Knex } from 'knex';
import type { RowPlan } from '../strapi/model/row-plan';
import type { Schemas, WatchedType } from '../strapi/model/schema.service';
import { chunksOf } from '../strapi/chunks';
import type { Row, Version } from './change';
import { hasOneWriter, locksGaps } from '../store/dialect';
import { createLinks } from './links.service';
import { rowOf, type LinksContext, type Owners } from './related.service';
import { createStatements, type Raw } from './statements.service';

type Id = number | string;

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
  const statements = createStatements(strapi);
  const { from, select } = statements;
  const addLinks = createLinks({ strapi, schemas, statements });

  const narrowed = (query: Knex.QueryBuilder, which: Which): Knex.QueryBuilder => {
    if (which.ids) query.whereIn('id', which.ids);
    if (which.documentIds) query.whereIn('document_id', which.documentIds);
    if (which.locales) query.whereIn('locale', which.locales);
    if (which.isPublished === true) query.whereNotNull('published_at');
    if (which.isPublished === false) query.whereNull('published_at');
    return query;
  };

  /** One statement about the table itself. */
  const selected = (
    plan: RowPlan,
    which: Which,
    { trx, ...how }: { trx: Knex.Transaction; columns: string[]; isLocking: boolean },
  ): Promise<Raw[]> => {
    const { ids = [], documentIds = [], locales = [], isPublished = 'any' } = which;
    // An empty list is no row; in the text it would look like no list at all.
    const lists = [which.ids, which.documentIds, which.locales];
    if (lists.some((list) => list?.length === 0)) return Promise.resolve([]);
    const shape = [ids, documentIds, locales].map(({ length }) => length).join(' ');
    return select(trx, {
      key: `base ${plan.table} ${how.columns.length} ${how.isLocking} ${isPublished} ${shape}`,
      values: [...ids, ...documentIds, ...locales],
      build: () => {
        const query = from(trx, plan.table).select(how.columns).orderBy('id');
        return how.isLocking ? narrowed(query, which).forUpdate() : narrowed(query, which);
      },
    });
  };

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
    const whole = { trx, columns, isLocking: false };
    if (!lock || hasOneWriter(strapi.db)) return selected(plan, which, whole);
    const onlyIds = { trx, columns: ['id'], isLocking: false };
    if (locksGaps(strapi.db)) {
      const ids = (await selected(plan, which, onlyIds)).map(({ id }) => id as Id);
      return ids.length === 0 ? [] : selected(plan, { ids }, { ...whole, isLocking: true });
    }
    const { documentIds, ids } = which;
    await selected(plan, documentIds ? { documentIds } : { ids }, { ...onlyIds, isLocking: true });
    return selected(plan, which, whole);
  };

  const versionOf = (plan: RowPlan, raw: Raw): Version => ({
    id: raw.id as Id,
    documentId: raw.document_id as string,
    locale: (raw.locale as string | null) ?? null,
    isPublished: raw.published_at !== null,
    row: rowOf(plan, raw),
  });

  const readSome = async (
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

  const read = async (
    type: WatchedType,
    which: Which,
    options: ReadOptions,
  ): Promise<Version[]> => {
    const versions: Version[] = [];
    for (const some of inPieces(which)) versions.push(...(await readSome(type, some, options)));
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

/** As many rows as one statement may name. */
function inPieces(which: Which): Which[] {
  const { ids, documentIds } = which;
  if (ids) return chunksOf(ids).map((chunk) => ({ ...which, ids: chunk }));
  if (documentIds) return chunksOf(documentIds).map((chunk) => ({ ...which, documentIds: chunk }));
  return [which];
}

export type Reader = ReturnType<typeof createReader>;
