/** Logs what endpoints answered where nothing came of it, so that every call is found in the log. */
import type { Afterwards } from '../command/afterwards.service';
import type { Decision } from './deciding.service';
import type { Tables } from '../../store/tables.service';

type Options = { tables: Tables; afterwards: Afterwards };
type Decisions = readonly Decision[];

export const createAskedLog = ({ tables, afterwards }: Options) => {
  const writing = (decisions: Decisions) => async () => {
    for (const { isValidated, store } of decisions)
      if (isValidated) await tables.transaction(store);
  };
  return {
    always: (decisions: Decisions) => afterwards.always(writing(decisions)),
    /** Within the transaction that logs them too, unless it fails. */
    ifRolledBack: (decisions: Decisions) => afterwards.ifRolledBack(writing(decisions)),
    aside: (decisions: Decisions) => afterwards.aside(writing(decisions)),
  };
};

export type AskedLog = ReturnType<typeof createAskedLog>;
