/** A moment as clocks show it where it was scheduled, and as the viewer's own show it where they differ. */
import { Flex, Typography } from '@strapi/design-system';
import { useIntl } from 'react-intl';
import { useText } from '../../translations/use-text';
import { isSameWall, ownZone, zoneName } from './zoned';

type Props = {
  at: string;
  timezone: string;
};

const EXACT = { dateStyle: 'full', timeStyle: 'long' } as const;
const DAY_AND_TIME = { dateStyle: 'medium', timeStyle: 'short' } as const;

/** The scheduled time first: it is what the editor has chosen. */
export const ZonedTime = ({ at, timezone }: Props) => {
  const text = useText();
  const { formatDate } = useIntl();
  const isOurs = isSameWall(Date.parse(at), [timezone, ownZone()]);
  return (
    <Flex direction="column" alignItems="flex-start">
      <Typography
        tag="time"
        dateTime={at}
        title={formatDate(at, { ...EXACT, timeZone: timezone })}
        textColor="neutral800"
      >
        {formatDate(at, { ...DAY_AND_TIME, timeZone: timezone })}
      </Typography>
      <Typography variant="pi" textColor="neutral600">
        {zoneName(timezone)}
      </Typography>
      {!isOurs && (
        <Typography variant="pi" textColor="neutral600" title={formatDate(at, EXACT)}>
          {text('schedule.yourTime', { time: formatDate(at, DAY_AND_TIME) })}
        </Typography>
      )}
    </Flex>
  );
};

/** Under a day of the viewer's: their time first, and the scheduled one where it differs, with its own day. */
export const TimeOfDay = ({ at, timezone }: Props) => {
  const { formatDate } = useIntl();
  const isOurs = isSameWall(Date.parse(at), [timezone, ownZone()]);
  return (
    <Flex direction="column" alignItems="flex-start">
      <Typography tag="time" dateTime={at} title={formatDate(at, EXACT)} fontWeight="bold">
        {formatDate(at, { timeStyle: 'short' })}
      </Typography>
      {!isOurs && (
        <Typography variant="pi" textColor="neutral600">
          {formatDate(at, { ...DAY_AND_TIME, timeZone: timezone })} {zoneName(timezone)}
        </Typography>
      )}
    </Flex>
  );
};
