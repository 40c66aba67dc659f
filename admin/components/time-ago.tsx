/** When something was or will be, in words relative to now, with the exact time as its title. */
import * as React from 'react';
import { Typography, type TypographyProps } from '@strapi/design-system';
import { useIntl } from 'react-intl';

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
];

/** The largest unit of which there is at least one; `ms` is negative for what was. */
const relativeParts = (ms: number): { value: number; unit: Intl.RelativeTimeFormatUnit } => {
  const [unit, size] = UNITS.find(([, length]) => Math.abs(ms) >= length) ?? ['second', 1000];
  return { value: Math.trunc(ms / size), unit };
};

type Props = { at: string | null } & Pick<TypographyProps, 'textColor' | 'variant'>;

export const TimeAgo = ({ at, ...look }: Props) => {
  const { formatRelativeTime, formatDate } = useIntl();
  const [now, setNow] = React.useState(() => Date.now());
  React.useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 30_000);
    return () => clearInterval(timer);
  }, []);
  if (!at) return <Typography {...look}>-</Typography>;
  const { value, unit } = relativeParts(Date.parse(at) - now);
  return (
    <Typography
      tag="time"
      dateTime={at}
      title={formatDate(at, { dateStyle: 'long', timeStyle: 'long' })}
      {...look}
    >
      {formatRelativeTime(value, unit, { numeric: 'auto' })}
    </Typography>
  );
};
