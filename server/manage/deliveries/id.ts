/** Ids of rows as they come in a path or a body. Pure. */

/** PostgreSQL and MySQL keep row ids in 32 bits, and refuse to compare one with more. */
export const MAX_ID = 2 ** 31 - 1;

/** Null where no row can have it. */
export const toId = (text: string): number | null =>
  /^\d{1,10}$/.test(text) && Number(text) <= MAX_ID ? Number(text) : null;
