/** A day and a time of it, each to be taken back; one label and one error for both. */
import { Box, DatePicker, Field, Flex, TimePicker, Typography } from '@strapi/design-system';
import { useText } from '../translations/use-text';
import type { Wall } from './zoned';

type Props = {
  label: string;
  hint?: string;
  error?: string;
  value: Wall;
  isDisabled: boolean;
  onChange: (value: Wall) => void;
};

const twoDigits = (number: number) => String(number).padStart(2, '0');

/** Strapi's picker shows the UTC day of what it is given, but answers local midnights. */
const shown = (day: string) => (day === '' ? undefined : new Date(`${day}T00:00:00Z`));
const dayOf = (date: Date | undefined) =>
  date
    ? `${date.getFullYear()}-${twoDigits(date.getMonth() + 1)}-${twoDigits(date.getDate())}`
    : '';

/** As the browser's language writes it: with a full stop in some, and with 24 for midnight in others. */
const timeOf = (typed: string | undefined) => {
  const [hour = '', minute = ''] = (typed ?? '').split(/\D+/);
  return hour === '' ? '' : `${twoDigits(Number(hour) % 24)}:${twoDigits(Number(minute))}`;
};

export const MomentField = ({ label, hint, error, value, isDisabled, onChange }: Props) => {
  const text = useText();
  const dayLabel = text('deliveries.dateOf', { name: label });
  const timeLabel = text('deliveries.timeOf', { name: label });
  return (
    <Field.Root hint={hint} error={error} width="100%" role="group" aria-label={label}>
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
            value={shown(value.day)}
            onChange={(date) => onChange({ ...value, day: dayOf(date) })}
            onClear={() => onChange({ ...value, day: '' })}
          />
        </Box>
        <Box flex="1 1 14rem">
          <TimePicker
            aria-label={timeLabel}
            clearLabel={text('schedule.clear', { name: timeLabel })}
            disabled={isDisabled}
            value={value.time}
            onChange={(time) => onChange({ ...value, time: timeOf(time) })}
            onClear={() => onChange({ ...value, time: '' })}
          />
        </Box>
      </Flex>
      <Field.Error />
      <Field.Hint />
    </Field.Root>
  );
};
