/** Durations in the administrator's language, as in "341 ms" or "2.5 min". */
import * as React from 'react';
import { useIntl } from 'react-intl';

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
] as const;

/** The function takes milliseconds. */
export const useDuration = () => {
  const { formatNumber } = useIntl();
  return React.useCallback(
    (ms: number) => {
      const [unit, size] =
        UNITS.find(([, length]) => ms >= length) ?? (['millisecond', 1] as const);
      const options = { style: 'unit', unitDisplay: 'short', maximumFractionDigits: 1 } as const;
      return formatNumber(ms / size, { ...options, unit });
    },
    [formatNumber],
  );
};
