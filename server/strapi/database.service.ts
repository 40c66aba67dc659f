/**
 * Strapi's database layer, typed: rows, transactions, lifecycles and the registry of models. Strapi types most of these as
 * `any`, so these functions need no casts, and their callers none either.
 */
import type { Core } from '@strapi/strapi';
import type { Knex } from 'knex';

type Query = Record<string, unknown>;

/** The rows of one model, as `strapi.db.query` reads and writes them, in the transaction that is open. */
export type Rows<Row> = {
  findOne(query: Query): Promise<Row | null>;
  findMany(query: Query): Promise<Row[]>;
  findPage(query: Query): Promise<{ results: Row[]; pagination: { total: number } }>;
  count(query?: Query): Promise<number>;
  create(query: { data: Partial<Row> } & Query): Promise<Row>;
  update(query: { data: Partial<Row> } & Query): Promise<Row | null>;
  /** Leaves `updatedAt` as it is, where `update` sets it to the time of this process. */
  updateMany(query: { data: Partial<Row> } & Query): Promise<{ count: number }>;
  delete(query: Query): Promise<Row | null>;
  deleteMany(query?: Query): Promise<{ count: number }>;
};

/** Breaks if Strapi drops `strapi.db.query` in favour of the document service. */
export function rowsOf<Row = Record<string, unknown>>(strapi: Core.Strapi, uid: string): Rows<Row> {
  return strapi.db.query(uid);
}

/** Locks the rows until the open transaction ends. Breaks if Strapi drops `strapi.db.queryBuilder`. */
export function lockedRows<Row>(strapi: Core.Strapi, uid: string, where: Query): Promise<Row[]> {
  return strapi.db
    .queryBuilder(uid)
    .select('*')
    .where(where)
    .orderBy({ id: 'asc' })
    .forUpdate()
    .execute<Row[]>();
}

export const isInTransaction = (strapi: Core.Strapi): boolean => strapi.db.inTransaction();

/** Joins the open transaction, or opens one. */
export type InTransaction = <T>(work: (trx: Knex.Transaction) => Promise<T>) => Promise<T>;

type Transactional<T> = (
  trx: Knex.Transaction,
  /** Strapi calls `act` also if the COMMIT itself failed: see `afterCommit`. */
  onCommit: (act: () => void) => void,
) => Promise<T>;

/**
 * Joins the open transaction, and leaves its end to its opener. If none is open, opens one, and rejects if its COMMIT
 * fails. Strapi does not wait for that: with the database gone at that moment, a save that is stored nowhere would be
 * reported as saved. Breaks if Strapi stops passing `{ trx, onCommit }`, or finds the open transaction other than through
 * its AsyncLocalStorage.
 */
export async function joinTransaction<T>(strapi: Core.Strapi, work: Transactional<T>): Promise<T> {
  const isOurs = !isInTransaction(strapi);
  let commit: Promise<unknown> = Promise.resolve();
  const result = await strapi.db.transaction(({ trx, onCommit }) => {
    if (isOurs) commit = committed(trx);
    // If the work fails, its own error is reported.
    commit.catch(() => undefined);
    return work(trx, onCommit);
  });
  await commit;
  return result;
}

/** Rejects if the transaction's COMMIT does; a rollback is no failure. To be asked after the commit. */
export function committed(trx: Knex.Transaction): Promise<unknown> {
  return trx.executionPromise;
}

/**
 * What is rolled back never happened: nothing in memory, and no log line, may say that it did. The dispatcher's
 * transactions are knex's own, all others Strapi's. `work` must not throw: nobody would catch it.
 */
export async function afterCommit(
  strapi: Core.Strapi,
  trx: Knex.Transaction,
  work: () => void,
): Promise<void> {
  const workIfCommitted = () => void committed(trx).then(work, () => undefined);
  if (!isInTransaction(strapi)) return workIfCommitted();
  await joinTransaction(strapi, async (_trx, onCommit) => onCommit(workIfCommitted));
}

/** A write or read of rows, as lifecycles receive it. `state` is shared by the event before and the event after it. */
export type RowEvent = {
  model: { uid: string };
  params: {
    where?: Record<string, unknown>;
    filters?: unknown;
    _q?: unknown;
    data?: Record<string, unknown>;
  };
  state: Record<string, unknown>;
  result?: { id?: number | string; ids?: (number | string)[]; documentId?: unknown } | null;
};

type RowMoment = `${'before' | 'after'}${
  | 'Create'
  | 'CreateMany'
  | 'Update'
  | 'UpdateMany'
  | 'Delete'
  | 'DeleteMany'
  | 'FindOne'
  | 'FindMany'
  | 'Count'}`;

/** Without `models`, of every model. */
type RowSubscriber = { models?: string[] } & Partial<
  Record<RowMoment, (event: RowEvent) => void | Promise<void>>
>;

/** Breaks if Strapi runs lifecycles outside of the write's transaction, or no longer awaits them. */
export function subscribeToRows(strapi: Core.Strapi, subscriber: RowSubscriber): void {
  strapi.db.lifecycles.subscribe(subscriber);
}

type Model = { uid: string };
type Registry = { add(model: Model): void; get(): Model[] };

const registryOf = (strapi: Core.Strapi) => strapi.get('models') as Registry;

/** To be called while Strapi registers plugins. Breaks if Strapi opens the database before that. */
export function addModels(strapi: Core.Strapi, models: readonly Model[]): void {
  for (const model of models) registryOf(strapi).add(model);
}

/**
 * An import, and a transfer into this app, empties every table in the registry before it copies content (`deleteRecords`
 * in @strapi/data-transfer). Strapi reads the registry once before that: when it opens the database. Content types are
 * kept elsewhere, and travel as they should. Breaks if Strapi reads the registry again, or no longer answers its own list.
 */
export function forgetModels(strapi: Core.Strapi, isForgotten: (uid: string) => boolean): void {
  const models = registryOf(strapi).get();
  const others = models.filter(({ uid }) => !isForgotten(uid));
  models.splice(0, models.length, ...others);
}

type WriteMethod = `${'create' | 'update' | 'delete'}${'' | 'Many'}`;
type Around = (run: () => Promise<unknown>, params: object) => Promise<unknown>;

/**
 * Runs `around` in place of methods of `strapi.db.query(uid)`, for every caller. Breaks if Strapi makes a new repository for
 * each `strapi.db.query(uid)`, or writes past it.
 */
export function wrapRowWrites(
  strapi: Core.Strapi,
  { uid, methods }: { uid: string; methods: readonly WriteMethod[] },
  around: Around,
): void {
  const repository = strapi.db.query(uid) as unknown as Record<
    WriteMethod,
    (params?: object) => Promise<unknown>
  >;
  for (const method of methods) {
    const original = repository[method];
    repository[method] = (params = {}) => around(() => original(params), params);
  }
}
