/**
 * Replaces stored settings so that no change of somebody else is lost without a word. What a PUT needs is worked out
 * before its transaction (host names are looked up), on a version that may be replaced meanwhile: so the row is locked,
 * compared, and only then written.
 */
import type { Core } from '@strapi/strapi';
import type { Version } from '../contract/api';
import type { Actor } from '../contract/event';
import { conflict, notFound } from '../strapi/errors';
import { createInTransaction } from '../store/transaction.service';
import { lastChangeOf, millis, nextVersion, whoSaved, type Saved } from '../store/settings';

type Clock = { now(): number };
type Options = { strapi: Core.Strapi; clock: Clock; actor(): Actor };

type Subject = {
  uid: string;
  /** The attribute that the API answers as `id`. */
  key: 'documentId' | 'jobId' | 'scheduleId';
  /** As messages call it. */
  what: string;
};

type Steps<Row, Prepared> = {
  /** Outside a transaction; more than once where others save at the same time. */
  prepare(row: Row): Promise<Prepared>;
  write(prepared: Prepared, row: Row): Promise<unknown>;
};

export const createSaving = ({ strapi, clock, actor }: Options) => {
  const transaction = createInTransaction(strapi);

  /** Notes in the transaction that is open who changes these settings now, and gives them their next version. */
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

  function checkVersion(row: Saved, version: Version, what: string): void {
    if (!version || millis(row.updatedAt) <= Date.parse(version)) return;
    throw conflict(what, {
      actor: whoSaved(row),
      updatedAt: new Date(millis(row.updatedAt)).toISOString(),
    });
  }

  function of<Row extends object>({ uid, key, what }: Subject) {
    async function read(id: string): Promise<Row & Saved> {
      const row = (await strapi.db.query(uid as never).findOne({ where: { [key]: id } })) as
        (Row & Saved) | null;
      if (!row) throw notFound(what);
      return row;
    }

    async function locked(id: string): Promise<Row & Saved> {
      const row = await strapi.db
        .queryBuilder(uid)
        .select('*')
        .where({ [key]: id })
        .forUpdate()
        .first()
        .execute<(Row & Saved) | null>();
      if (!row) throw notFound(what);
      return row;
    }

    /** Throws a conflict where the stored version is newer than the one that the caller changed. */
    async function change<Prepared>(
      { id, version }: { id: string; version: Version },
      { prepare, write }: Steps<Row & Saved, Prepared>,
    ): Promise<Prepared> {
      for (;;) {
        const row = await read(id);
        checkVersion(row, version, what);
        const prepared = await prepare(row);
        const isWritten = await transaction(async () => {
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

    return { change, locked };
  }

  return { of, stamp };
};

export type Saving = ReturnType<typeof createSaving>;
