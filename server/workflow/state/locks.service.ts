/**
 * Who runs a command on a document right now: a second command waits for nobody, and asks no endpoint in vain. What keeps
 * a document from being moved twice is the move itself, which looks once more at where it stands.
 */
import type { Knex } from 'knex';
import { hasOneWriter, type Database } from '../../store/dialect';
import type { Place } from '../../strapi/model/place';
import type { NewState, StateRow, States } from './states.service';

export type Lock = {
  token: string;
  until: number;
  now: number;
  by: string | null;
  command: string;
};

export type Holder = { by: string | null; command: string };

export type Locks = {
  /** False if somebody else holds the document. `state` is where it stands. */
  take(place: Place, state: NewState, lock: Lock): Promise<boolean>;
  release(place: Place, token: string, trx: Knex.Transaction): Promise<void>;
  /** Of a document and its row; null where nobody holds it. */
  holder(place: Place, row: StateRow | null, now: number): Holder | null;
};

/** In the document's row, for every instance to see. */
const rowLocks = (states: States): Locks => ({
  take: states.lock,
  release: states.unlock,
  holder: (_place, row, now) =>
    row?.locked_until && Number(row.locked_until) > now
      ? { by: row.locked_by, command: row.locked_for ?? '' }
      : null,
});

const keyOf = ({ uid, documentId, locale }: Place) => JSON.stringify([uid, documentId, locale]);

/** SQLite serves one process, and would wait for the disk once more. */
const memoryLocks = (): Locks => {
  const held = new Map<string, Lock>();
  return {
    take: async (place, _state, lock) => {
      const key = keyOf(place);
      const other = held.get(key);
      if (other && other.until >= lock.now) return false;
      held.set(key, lock);
      return true;
    },
    release: async (place, token) => {
      if (held.get(keyOf(place))?.token === token) held.delete(keyOf(place));
    },
    holder: (place, _row, now) => {
      const lock = held.get(keyOf(place));
      return lock && lock.until > now ? { by: lock.by, command: lock.command } : null;
    },
  };
};

export const createLocks = (states: States, database: Database): Locks =>
  hasOneWriter(database) ? memoryLocks() : rowLocks(states);
