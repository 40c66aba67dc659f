/**
 * All resources of the API share this: one row or 404, pages of rows, the audit trail, and saves that lose no other save.
 * A save does its work before its transaction (it looks host names up), on a version that another save may replace
 * meanwhile. Therefore the row is locked and compared, and only then written.
 */
import type { Core } from '@strapi/strapi';
import type { AuditSubject, Version, Page, Paging } from '../contract/api';
import type { Actor } from '../contract/event';
import type { Audit } from '../store/audit.service';
import type { Secrets } from '../store/secrets/secrets.service';
import {
  lastChangeOf,
  millis,
  nextVersion,
  whoSaved,
  type Saved,
  orderOf,
  pageOf,
} from '../store/settings';
import type { Clock } from '../strapi/clock.service';
import { joinTransaction, lockedRows, rowsOf } from '../strapi/database.service';
import { conflict, notFound, type Change } from '../strapi/errors';

type Options = { strapi: Core.Strapi; clock: Clock; actor(): Actor; audit: Audit };

type Kind = {
  uid: string;
  /** The attribute that the API answers as `id`. */
  key: 'documentId' | 'jobId' | 'scheduleId';
  /** Names the resource in messages and in the audit trail. */
  subject: AuditSubject;
  sortable: readonly string[];
  /** The order of a list without `sort`. */
  order?: string;
};

type Steps<Row, Prepared> = {
  /** Outside a transaction; again if another save came first. */
  prepare(row: Row): Promise<Prepared>;
  write(prepared: Prepared, row: Row): Promise<unknown>;
};

/** The columns to store, and the names of the fields that change, for the audit trail. */
type Columns = { data: { name: string }; fields: string[] };

/** How a resource of settings differs from the others. */
type Resource<Row, Shown, Settings, Query, Prepared> = Kind & {
  whereOf(query: Query): object | Promise<object>;
  show(rows: Row[]): Promise<Shown[]>;
  /** Checks the settings, and makes columns of them. `stored` is null for a new row. */
  prepare(settings: Settings, stored: Row | null): Promise<Prepared>;
  /** Default: writes the columns. */
  write?(prepared: Prepared, row: Row): Promise<unknown>;
  /** Only the answer of a save shows this. */
  shownOnce?: (prepared: NoInfer<Prepared>) => Partial<Shown>;
  onChange?(): void;
};

/** The parts that every resource of settings needs. */
export type Managing = {
  strapi: Core.Strapi;
  secrets: Secrets;
  clock: Clock;
  resources: Resources;
  onChange(): void;
};

export function createResources({ strapi, clock, actor, audit }: Options) {
  /** In the open transaction: records who changes these settings now, and gives them their next version. */
  async function stamp(uid: string, row: Saved): Promise<void> {
    const at = nextVersion(row, clock.now());
    const holdsDates = strapi.db.metadata.get(uid).attributes.updatedAt?.type === 'datetime';
    const updatedAt = holdsDates ? new Date(at) : at;
    const data = { updatedAt, lastChange: lastChangeOf({ at, actor: actor() }) };
    await rowsOf(strapi, uid).updateMany({ where: { id: row.id }, data });
  }

  /** The rows of a resource, below what the API answers. */
  function rowsOfKind<Row extends object>({ uid, key, subject, sortable, ...kind }: Kind) {
    const rows = rowsOf<Row & Saved>(strapi, uid);

    const checkFound = (row: (Row & Saved) | null | undefined): Row & Saved => {
      if (!row) throw notFound(subject);
      return row;
    };
    const row = async (id: string) => checkFound(await rows.findOne({ where: { [key]: id } }));
    const locked = async (id: string) =>
      checkFound((await lockedRows<Row & Saved>(strapi, uid, { [key]: id }))[0]);

    async function list<Shown>(
      where: object,
      paging: Paging,
      show: (found: Row[]) => Promise<Shown[]>,
    ): Promise<Page<Shown>> {
      const { page, pageSize, sort = kind.order ?? 'name:asc' } = paging;
      const orderBy = orderOf(sort, sortable);
      const { results, pagination } = await rows.findPage({ where, orderBy, page, pageSize });
      return pageOf(await show(results), { paging, total: pagination.total });
    }

    function checkVersion({ updatedAt, lastChange }: Saved, version: Version): void {
      if (!version || millis(updatedAt) <= Date.parse(version)) return;
      throw conflict(subject, {
        actor: whoSaved({ updatedAt, lastChange }),
        updatedAt: new Date(millis(updatedAt)).toISOString(),
      });
    }

    /** Throws a conflict if the stored version is newer than the one that the caller changed. */
    async function change<Prepared>(
      { id, version }: { id: string; version: Version },
      { prepare, write }: Steps<Row & Saved, Prepared>,
    ): Promise<Prepared> {
      for (;;) {
        const before = await row(id);
        checkVersion(before, version);
        const prepared = await prepare(before);
        const isWritten = await joinTransaction(strapi, async () => {
          const current = await locked(id);
          if (millis(current.updatedAt) !== millis(before.updatedAt)) return false;
          await write(prepared, before);
          await stamp(uid, before);
          return true;
        });
        // Another save was faster: a save that names a version is now a conflict, any other builds on the new row.
        if (isWritten) return prepared;
      }
    }

    return { rows, row, locked, list, change };
  }

  function of<
    Row extends object,
    Shown extends { name: string },
    Settings,
    Query,
    P extends Columns,
  >(resource: Resource<Row, Shown, Settings, Query, P>) {
    const { key, whereOf, show, prepare, shownOnce, onChange } = resource;
    const { rows, row, locked, change, ...stored } = rowsOfKind<Row>(resource);
    const trail = audit.of(resource.subject);

    async function find(id: string): Promise<Shown> {
      const [shown] = await show([await row(id)]);
      return shown as Shown;
    }

    async function list(query: Query, paging: Paging): Promise<Page<Shown>> {
      return stored.list(await whereOf(query), paging, show);
    }

    async function saved(id: string, prepared: P): Promise<Shown> {
      onChange?.();
      return { ...(await find(id)), ...shownOnce?.(prepared) };
    }

    async function create(settings: Settings): Promise<Shown> {
      const prepared = await prepare(settings, null);
      const { documentId } = await trail.recorded('created', async () => {
        const made: Record<string, unknown> = await rows.create({ data: prepared.data as object });
        return { documentId: String(made[key]), name: prepared.data.name };
      });
      return saved(documentId, prepared);
    }

    const replace = ({ data }: P, { id }: Saved) =>
      rows.updateMany({ where: { id }, data: data as object });

    async function update(id: string, { settings, version }: Change<Settings>): Promise<Shown> {
      const write = async (prepared: P, before: Row & Saved) => {
        await (resource.write ?? replace)(prepared, before);
        return { documentId: id, name: prepared.data.name };
      };
      const prepared = await change(
        { id, version },
        {
          prepare: (before) => prepare(settings, before),
          write: (ready, before) =>
            trail.recorded('changed', () => write(ready, before), ready.fields),
        },
      );
      return saved(id, prepared);
    }

    /** `before`, in the same transaction, deletes more, or throws if the row must stay. */
    async function remove(
      id: string,
      before?: (shown: Shown) => Promise<void> | void,
    ): Promise<Shown> {
      const shown = await find(id);
      await trail.recorded('deleted', async () => {
        await before?.(shown);
        const deleted = await rows.delete({ where: { [key]: id } });
        return deleted && { documentId: id, name: shown.name };
      });
      onChange?.();
      return shown;
    }

    return { rows, row, locked, trail, find, list, create, update, remove };
  }

  return { of, rowsOfKind, stamp };
}

export type Resources = ReturnType<typeof createResources>;
