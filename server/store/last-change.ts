/** Who saved the settings of a row last, beside its `updatedAt`. Pure. */
import type { Actor } from '../contract/event';

/** What each table of settings has; big integers arrive as text from PostgreSQL and MySQL. */
export type Saved = {
  id: number;
  updatedAt: string | number | null;
  /** JSON of an actor and the time; null where nobody has changed the row since it was made. */
  lastChange: string | null;
};

type LastChange = { at: number; actor: Actor };

/** ISO 8601 from a column of dates, milliseconds from one of numbers; 0 where there is none. */
export function millis(moment: string | number | Date | null): number {
  if (moment === null) return 0;
  return typeof moment === 'string' && !/^\d+$/.test(moment) ? Date.parse(moment) : Number(moment);
}

/** Later than the one before, whatever the clock of this instance shows: a save never looks older than what it replaces. */
export const nextVersion = ({ updatedAt }: Pick<Saved, 'updatedAt'>, now: number): number =>
  Math.max(now, millis(updatedAt) + 1);

export const lastChangeOf = (change: LastChange): string => JSON.stringify(change);

/** Null where the row was changed by something that leaves no name, such as the project's own code. */
export function whoSaved({ updatedAt, lastChange }: Omit<Saved, 'id'>): Actor | null {
  if (!lastChange) return null;
  const { at, actor } = JSON.parse(lastChange) as LastChange;
  return at === millis(updatedAt) ? actor : null;
}
