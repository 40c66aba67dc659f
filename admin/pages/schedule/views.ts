/** Which schedules the page shows: those to come, unless the address asks for others. Pure. */
import { SCHEDULE_STATES } from '../../../server/contract/schedule';

const EVERY_STATE = 'all';
export const VIEWS = [...SCHEDULE_STATES, EVERY_STATE] as const;
export type View = (typeof VIEWS)[number];

const DEFAULT: View = 'scheduled';

export const viewOf = (state: string | undefined): View =>
  VIEWS.find((view) => view === state) ?? DEFAULT;

/** The next comes first; of what is over, the latest. */
export const askedFor = ({ state, ...values }: Record<string, string>): Record<string, string> => {
  const view = viewOf(state);
  return {
    sort: view === DEFAULT ? 'dueAt:asc' : 'dueAt:desc',
    ...values,
    ...(view === EVERY_STATE ? {} : { state: view }),
  };
};
