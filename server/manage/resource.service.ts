/**
 * What all resources of the API share: one row or 404, pages of rows, the audit trail, and saves that lose no other save.
 * The work of a PUT happens before its transaction (host names are looked up), on a version that may be replaced
 * meanwhile: so the row is locked, compared, and only then written.
 */
import type { Core } from '@strapi/strapi';
import type { AuditSubject, Version, Page, Paging } from '../contract/api';
import type { Actor } from '../contract/event';
import type { Audit } from '../store/audit.service';
import { joinTransaction } from '../strapi/database.service';
import {
  lastChangeOf,
  millis,
  nextVersion,
  whoSaved,
  type Saved,
  orderOf,
  pageOf,
} from '../store/settings';
import { conflict, notFound } from '../strapi/errors';

type Options = {
  strapi: Core.Strapi;
  clock: { now(): number };
  actor(): Actor;
  audit: Audit;
};

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

type Target = { id: string; version: Version };

type Steps<Row, Prepared> = {
  /** Outside a transaction; more than once where others save at the same time. */
  prepare(row: Row): Promise<Prepared>;
  write(prepared: Prepared, row: Row): Promise<unknown>;
};

/** `fields`: the names of those that change, for the audit trail. */
type Replacement = { data: { name: string }; fields: string[] };

export function createResources({ strapi, clock, actor, audit }: Options) {
  /** In the open transaction: records who changes these settings now, and gives them their next version. */
  async function stamp(uid: string, row: Saved): Promise<void> {
    const at = nextVersion(row, clock.now());
    const holdsDates = strapi.db.metadata.get(uid).attributes.updatedAt?.type === 'datetime';
    // The query builder leaves `updatedAt` as it is given; `db.query().update()` would set it to its own time.
    await strapi.db
      .queryBuilder(uid)
      .where({ id: row.id })
      .update({
        updatedAt: holdsDates ? new Date(at) : at,
        lastChange: lastChangeOf({ at, actor: actor() }),
      })
      .execute();
  }

  function checkVersion(row: Saved, version: Version, subject: AuditSubject): void {
    if (!version || millis(row.updatedAt) <= Date.parse(version)) return;
    throw conflict(subject, {
      actor: whoSaved(row),
      updatedAt: new Date(millis(row.updatedAt)).toISOString(),
    });
  }

  function of<Row extends object>({ uid, key, subject, sortable, order = 'name:asc' }: Kind) {
    const trail = audit.of(subject);
    const rows = () => strapi.db.query(uid);
    const whereId = (id: string) => ({ [key]: id });

    async function find(id: string): Promise<Row & Saved> {
      const row: (Row & Saved) | null = await rows().findOne({ where: whereId(id) });
      if (!row) throw notFound(subject);
      return row;
    }

    async function locked(id: string): Promise<Row & Saved> {
      const row = await strapi.db
        .queryBuilder(uid)
        .select('*')
        .where(whereId(id))
        .forUpdate()
        .first()
        .execute<(Row & Saved) | null>();
      if (!row) throw notFound(subject);
      return row;
    }

    async function list<Shown>(
      where: object,
      paging: Paging,
      show: (found: Row[]) => Promise<Shown[]>,
    ): Promise<Page<Shown>> {
      const { page, pageSize, sort = order } = paging;
      const orderBy = orderOf(sort, sortable);
      const { results, pagination } = await rows().findPage({ where, orderBy, page, pageSize });
      return pageOf(await show(results), { paging, total: pagination.total });
    }

    /** Answers the id of the new row. */
    async function create(data: { name: string }): Promise<string> {
      const { documentId } = await trail.recorded('created', async () => {
        const row = await rows().create({ data });
        return { documentId: String(row[key]), name: data.name };
      });
      return documentId;
    }

    /** Throws a conflict where the stored version is newer than the one that the caller changed. */
    async function change<Prepared>(
      { id, version }: Target,
      { prepare, write }: Steps<Row & Saved, Prepared>,
    ): Promise<Prepared> {
      for (;;) {
        const row = await find(id);
        checkVersion(row, version, subject);
        const prepared = await prepare(row);
        const isWritten = await joinTransaction(strapi, async () => {
          const current = await locked(id);
          if (millis(current.updatedAt) !== millis(row.updatedAt)) return false;
          await write(prepared, row);
          await stamp(uid, row);
          return true;
        });
        // Somebody else was faster: a save that names a version is now a conflict, any other builds on theirs.
        if (isWritten) return prepared;
      }
    }

    /** A change that the audit trail records. Without `write`, `data` is written into the row. */
    function update<Prepared extends Replacement>(
      target: Target,
      {
        prepare,
        write,
      }: Pick<Steps<Row & Saved, Prepared>, 'prepare'> & Partial<Steps<Row & Saved, Prepared>>,
    ): Promise<Prepared> {
      const { id } = target;
      const replace = ({ data }: Prepared) => rows().update({ where: whereId(id), data });
      const writeAndName = async (prepared: Prepared, row: Row & Saved) => {
        await (write ?? replace)(prepared, row);
        return { documentId: id, name: prepared.data.name };
      };
      return change(target, {
        prepare,
        write: (prepared, row) =>
          trail.recorded('changed', () => writeAndName(prepared, row), prepared.fields),
      });
    }

    /** `erase` deletes the row and more with it, or throws where the row must stay. */
    async function remove(
      { id, name }: { id: string; name: string },
      erase: () => Promise<unknown> = () => rows().delete({ where: whereId(id) }),
    ): Promise<void> {
      await trail.recorded('deleted', async () =>
        (await erase()) === null ? null : { documentId: id, name },
      );
    }

    return { rows, trail, find, locked, list, create, change, update, remove };
  }

  return { of, stamp };
}

export type Resources = ReturnType<typeof createResources>;
