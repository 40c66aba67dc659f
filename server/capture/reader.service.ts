/** Reads versions of documents as they may leave, in the transaction that is open, and locks them if asked to. */
import type { Core } from '@strapi/strapi';
import type { Knex } from 'knex';
import { hasOneWriter, locksGaps, rowsOfRaw } from '../store/dialect';
import { chunksOf } from '../strapi/chunks';
import { rowsOf } from '../strapi/database.service';
import type { Place } from '../strapi/model/content-model';
import type { RowPlan } from '../strapi/model/row-plan';
import type { Schemas, WatchedType } from '../strapi/model/schema.service';
import type { Row, Version } from './events';
import { createLinks, rowIn, type LinksContext, type Owners } from './links.service';

type Id = number | string;
export type Raw = Record<string, unknown>;

/** Which rows; what is left out does not narrow them. */
export type Which = {
  ids?: readonly Id[];
  documentIds?: readonly string[];
  locales?: readonly string[];
  isPublished?: boolean;
};

type ReadOptions = {
  trx: Knex.Transaction;
  /** The links to read; null is all. */
  links?: ReadonlySet<string> | null;
  /** So that the next change of the same document reads what this change made of it. */
  lock?: boolean;
};

const IDENTITY = ['id', 'document_id', 'locale', 'published_at'];

export function createReader(strapi: Core.Strapi, schemas: Schemas) {
  const statements = createStatements(strapi);
  const addLinks = createLinks({ strapi, schemas, statements });

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
    return statements.select(trx, {
      key: `base ${plan.table} ${how.columns.length} ${how.isLocking} ${isPublished} ${shape}`,
      values: [...ids, ...documentIds, ...locales],
      build: () => {
        const query = statements.from(trx, plan.table).select(how.columns).orderBy('id');
        return how.isLocking ? narrowed(query, which).forUpdate() : narrowed(query, which);
      },
    });
  };

  /**
   * SQLite has one writer, so nothing can come between. PostgreSQL locks all versions of the document first, because
   * publishing replaces rows, and after the wait it reads what the other transaction made. MySQL locks by primary key,
   * because by any other index it locks the gaps between documents too, and reads what it locks.
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

  return {
    read: async ({ plan }: WatchedType, which: Which, options: ReadOptions): Promise<Version[]> => {
      const { trx, links = null } = options;
      const all: Version[] = [];
      for (const some of inPieces(which)) {
        const raws = await baseRows(plan, some, options);
        const versions = raws.map((raw) => versionOf(plan, raw));
        await addLinks(plan, new Map(versions.map(({ id, row }) => [id, row])), { trx, links });
        all.push(...versions);
      }
      return all;
    },
    /** The links of rows as they are now, without the rows. */
    readLinks: async (
      { plan }: WatchedType,
      ids: readonly Id[],
      context: LinksContext,
    ): Promise<Owners> => {
      const owners = new Map(ids.map((id) => [id, {} as Row]));
      await addLinks(plan, owners, context);
      return owners;
    },
  };
}

export type Reader = ReturnType<typeof createReader>;

function narrowed(query: Knex.QueryBuilder, which: Which): Knex.QueryBuilder {
  if (which.ids) query.whereIn('id', which.ids);
  if (which.documentIds) query.whereIn('document_id', which.documentIds);
  if (which.locales) query.whereIn('locale', which.locales);
  if (which.isPublished === true) query.whereNotNull('published_at');
  if (which.isPublished === false) query.whereNull('published_at');
  return query;
}

const versionOf = (plan: RowPlan, raw: Raw): Version => ({
  id: raw.id as Id,
  documentId: raw.document_id as string,
  locale: (raw.locale as string | null) ?? null,
  isPublished: raw.published_at !== null,
  row: rowIn(plan, raw),
});

/** As many rows as one statement may name. */
function inPieces(which: Which): Which[] {
  const { ids, documentIds } = which;
  if (ids) return chunksOf(ids).map((chunk) => ({ ...which, ids: chunk }));
  if (documentIds) return chunksOf(documentIds).map((chunk) => ({ ...which, documentIds: chunk }));
  return [which];
}

type Statement = {
  /** Tells the statement from every other one, but for its values. */
  key: string;
  /** The bound values, in the order of the text. */
  values: readonly (string | number)[];
  build(): Knex.QueryBuilder;
};

/** The texts of statements about many rows differ by how many, and are not worth keeping. */
const MOST_VALUES = 12;

/**
 * The capture's statements as text, built once: building one with knex takes more processor time than running it on
 * SQLite, and a save may need twenty.
 */
function createStatements(strapi: Core.Strapi) {
  const texts = new Map<string, string>();

  const textOf = ({ key, values, build }: Statement): string => {
    const name = `${key} ${values.length}`;
    const text = texts.get(name) ?? build().toSQL().sql;
    texts.set(name, text);
    return text;
  };

  return {
    select: async (trx: Knex.Transaction, statement: Statement): Promise<Raw[]> =>
      statement.values.length > MOST_VALUES
        ? await statement.build()
        : rowsOfRaw(strapi.db, await trx.raw(textOf(statement), [...statement.values])),
    /** A query on one of Strapi's tables. */
    from: (trx: Knex.Transaction, table: string): Knex.QueryBuilder => {
      const schema = strapi.db.getSchemaName();
      return schema ? trx(table).withSchema(schema) : trx(table);
    },
  };
}

export type Statements = ReturnType<typeof createStatements>;

/** Whether visitors see a document: it has a published version, in the transaction that is open. */
export const createLive =
  (strapi: Core.Strapi) =>
  async ({ uid, documentId, locale }: Place): Promise<boolean> => {
    const where = { documentId, ...(locale === null ? {} : { locale }) };
    const published = { where: { ...where, publishedAt: { $notNull: true } }, select: ['id'] };
    return (await rowsOf(strapi, uid).findOne(published)) !== null;
  };

export type Live = ReturnType<typeof createLive>;
