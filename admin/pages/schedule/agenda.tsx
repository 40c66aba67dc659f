/** The schedules of a page of the list, under the days on which they fall. */
import { Box, Flex, Typography } from '@strapi/design-system';
import { useIntl } from 'react-intl';
import type { ListedSchedule } from '../../../server/contract/schedule';
import { ownZone } from '../../domain/schedule/zoned';
import { AgendaRow, type RowActions } from './agenda-row';
import { byDay, type Day } from './by-day';

type Props = RowActions & { schedules: ListedSchedule[] };

const DaySection = ({ day, ...actions }: RowActions & { day: Day }) => {
  const { formatDate } = useIntl();
  const name = formatDate(`${day.key}T00:00:00Z`, { dateStyle: 'full', timeZone: 'UTC' });
  return (
    <Box tag="section" aria-label={name}>
      <Box paddingBottom={2}>
        <Typography tag="h2" variant="delta">
          {name}
        </Typography>
      </Box>
      <Box tag="ul" background="neutral0" hasRadius shadow="tableShadow">
        {day.schedules.map((schedule) => (
          <AgendaRow key={schedule.id} schedule={schedule} {...actions} />
        ))}
      </Box>
    </Box>
  );
};

export const Agenda = ({ schedules, ...actions }: Props) => (
  <Flex direction="column" alignItems="stretch" gap={6} paddingBottom={4}>
    {byDay(schedules, ownZone()).map((day) => (
      <DaySection key={day.key} day={day} {...actions} />
    ))}
  </Flex>
);
