/** The first or the last day that a list shows, both included; a link may hold moments, of which the day is shown. */
import { DatePicker } from '@strapi/design-system';
import type { ListQuery } from './use-list-query';
import { useText } from '../translations/use-text';
import { endOfDay, momentIn, shownDay } from '../components/day';

export const DayFilter = ({ query, name }: { query: ListQuery; name: 'from' | 'to' }) => {
  const text = useText();
  const label = text(`deliveries.${name}`);
  const chosen = momentIn(query.values[name]);
  const momentOf = (day: Date) => (name === 'from' ? day : endOfDay(day)).toISOString();
  return (
    <DatePicker
      size="S"
      aria-label={label}
      placeholder={label}
      calendarLabel={label}
      clearLabel={text('list.clearFilter', { name: label })}
      value={chosen && shownDay(chosen)}
      onChange={(day) => query.set({ [name]: day ? momentOf(day) : null })}
      onClear={() => query.set({ [name]: null })}
    />
  );
};
