/** Picks the date, the time or both that a field is compared with; what is stored is what the API expects. */
import { Box, DatePicker, DateTimePicker, TimePicker } from '@strapi/design-system';
import type { Condition } from '../../../../server/contract/filter';
import { clockTime, dayText, momentIn, pickedDay } from '../../../components/day';
import { enterStays } from '../../../components/enter-stays';
import { useText } from '../../../translations/use-text';

type Props = {
  value: Condition['value'];
  kind: 'datetime' | 'date' | 'time';
  isDisabled: boolean;
  onChange: (value: string) => void;
};

const Picker = ({ value, kind, isDisabled, onChange }: Props) => {
  const text = useText();
  const label = text('filter.value');
  const dateLabel = text('deliveries.dateOf', { name: label });
  const timeLabel = text('deliveries.timeOf', { name: label });
  const chosen = typeof value === 'string' ? value : '';
  const shared = {
    clearLabel: text('schedule.clear', { name: label }),
    disabled: isDisabled,
    onClear: () => onChange(''),
  };
  switch (kind) {
    case 'datetime':
      return (
        <DateTimePicker
          {...shared}
          dateLabel={dateLabel}
          timeLabel={timeLabel}
          value={momentIn(chosen)}
          onChange={(date) => onChange(date?.toISOString() ?? '')}
        />
      );
    case 'date':
      return (
        <DatePicker
          {...shared}
          aria-label={dateLabel}
          calendarLabel={dateLabel}
          value={pickedDay(chosen)}
          onChange={(date) => onChange(dayText(date))}
        />
      );
    case 'time':
      return (
        <TimePicker
          {...shared}
          aria-label={timeLabel}
          value={clockTime(chosen)}
          onChange={(time) => onChange(clockTime(time))}
        />
      );
  }
};

export const MomentInput = (props: Props) => (
  <Box onKeyDown={enterStays}>
    <Picker {...props} />
  </Box>
);
