/** Which version a form was opened with, and what is to be decided where somebody else has saved another one since. */
import * as React from 'react';
import type { Version } from '../../server/contract/api';
import { conflictOf, type Conflict } from '../services/problem';

type Versioned = { updatedAt: string | null };

export type FormConflict = {
  /** What the server refused to replace; null: nothing is to be decided. */
  found: Conflict | null;
  /** Goes with every save of what is stored. */
  version: () => Version;
  /** The form now shows this: after it was saved, or loaded again. */
  shows: (thing: Versioned) => void;
  /** True for the answer to a save over somebody else's: it is asked about then. */
  take: (error: unknown) => boolean;
  /** The next save replaces the version that the server named. */
  overwrite: () => void;
  keepEditing: () => void;
};

/**
 * `opened` is read once. The page may load the thing again while the form is open, for its health or its runs: a
 * version that came that way was never shown in the form's fields, and a save would replace it unseen. `kept` is what
 * was typed before the session ended: it is of the version that was opened then.
 */
export const useConflict = (
  opened: Versioned | null,
  kept: { version: Version } | null = null,
): FormConflict => {
  const version = React.useRef<Version>(kept ? kept.version : opened?.updatedAt);
  const [found, setFound] = React.useState<Conflict | null>(null);
  return {
    found,
    version: () => version.current,
    shows: ({ updatedAt }) => {
      version.current = updatedAt;
      setFound(null);
    },
    take: (error) => {
      const conflict = conflictOf(error);
      setFound(conflict);
      return conflict !== null;
    },
    overwrite: () => {
      version.current = found?.updatedAt;
      setFound(null);
    },
    keepEditing: () => setFound(null),
  };
};
