/** The happenings of a list by the day on which they fall, as the viewer counts days. Pure. */
import type { ListedSchedule } from '../../../server/contract/schedule';
import { wallOf } from '../../domain/schedule/zoned';

export type Day = { key: string; schedules: ListedSchedule[] };

/** In the order of the list. */
export const byDay = (schedules: readonly ListedSchedule[], zone: string): Day[] => {
  const days = new Map<string, ListedSchedule[]>();
  for (const schedule of schedules) {
    const { day } = wallOf(Date.parse(schedule.dueAt), zone);
    days.set(day, [...(days.get(day) ?? []), schedule]);
  }
  return [...days].map(([key, found]) => ({ key, schedules: found }));
};
