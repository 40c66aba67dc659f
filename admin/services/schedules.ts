/** Schedules of documents. A cancelled one stays in the list. */
import type { Page, WithVersion } from '../../server/contract/api';
import type {
  ListedSchedule,
  Schedule,
  ScheduleInput,
  ScheduleTimes,
} from '../../server/contract/schedule';
import { changing, dataOf, del, get, post, put, reading, wholeOf } from './api';
import { path, queryString, type Query } from './query';

const NAME = 'schedules';
const CHANGED = ['schedule', 'change'] as const;

export const schedules = {
  list: reading<Page<ListedSchedule>, Query, Page<ListedSchedule>>('schedules.list', {
    request: (query) => get(path(NAME) + queryString(query)),
    result: wholeOf,
    tags: ['schedule'],
  }),
  create: changing<Schedule, ScheduleInput>('schedules.create', {
    request: (input) => post(path(NAME), input),
    result: dataOf,
    stale: CHANGED,
  }),
  update: changing<Schedule, { id: string; times: WithVersion<ScheduleTimes> }>(
    'schedules.update',
    {
      request: ({ id, times }) => put(path(NAME, id), times),
      result: dataOf,
      stale: CHANGED,
    },
  ),
  cancel: changing<null, string, unknown>('schedules.cancel', {
    request: (id) => del(path(NAME, id)),
    result: () => null,
    stale: CHANGED,
  }),
};
