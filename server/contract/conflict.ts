/** Two administrators change the same thing: which version a PUT was made from, and the answer where another one is stored. */
import { z } from 'zod';
import type { Actor } from './event';

const EXPECTED =
  'Expected the "updatedAt" of the version that you changed, such as "2026-11-21T18:12:03.341Z".';

/** Beside the settings in the body of every PUT. Without it, the PUT replaces whatever is stored. */
export const versionSchema = z.object({
  updatedAt: z.iso.datetime({ offset: true, error: EXPECTED }).nullish(),
});
export type Version = z.output<typeof versionSchema>['updatedAt'];
export type WithVersion<Input> = Input & { updatedAt?: Version };

export const CONFLICT = 'conflict';

/** `details` of a 409. */
export type ConflictDetails = {
  code: typeof CONFLICT;
  params: {
    /** Who saved the stored version; null where that is not known. */
    actor: Actor | null;
    /** ISO 8601: when, and what a PUT names that is meant to replace that version. */
    updatedAt: string;
  };
};
