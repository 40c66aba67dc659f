/** A day and a time of it, each to be taken back; one label and one error for both. */
import { Box, DatePicker, Field, Flex, TimePicker, Typography } from '@strapi/design-system';
import { clockTime, dayText, pickedDay } from '../../components/day';
import { enterStays } from '../../components/enter-stays';
import { useText } from '../../translations/use-text';
import type { Wall } from './zoned';

type Props = {
  label: string;
  hint?: string;
  error?: string;
  value: Wall;
  isDisabled: boolean;
  onChange: (value: Wall) => void;
};

export const MomentField = ({ label, hint, error, value, isDisabled, onChange }: Props) => {
  const text = useText();
  const dayLabel = text('deliveries.dateOf', { name: label });
  const timeLabel = text('deliveries.timeOf', { name: label });
  return (
    <Field.Root
      hint={hint}
      error={error}
      width="100%"
      role="group"
      aria-label={label}
      onKeyDown={enterStays}
    >
      <Typography variant="pi" fontWeight="bold" textColor="neutral800">
        {label}
      </Typography>
      <Flex gap={2} alignItems="stretch" wrap="wrap">
        <Box flex="1 1 16rem">
          <DatePicker
            aria-label={dayLabel}
            calendarLabel={dayLabel}
            clearLabel={text('schedule.clear', { name: dayLabel })}
            disabled={isDisabled}
            value={pickedDay(value.day)}
            onChange={(date) => onChange({ ...value, day: dayText(date) })}
            onClear={() => onChange({ ...value, day: '' })}
          />
        </Box>
        <Box flex="1 1 14rem">
          <TimePicker
            aria-label={timeLabel}
            clearLabel={text('schedule.clear', { name: timeLabel })}
            disabled={isDisabled}
            value={value.time}
            onChange={(time) => onChange({ ...value, time: clockTime(time) })}
            onClear={() => onChange({ ...value, time: '' })}
          />
        </Box>
      </Flex>
      <Field.Error />
      <Field.Hint />
    </Field.Root>
  );
};
