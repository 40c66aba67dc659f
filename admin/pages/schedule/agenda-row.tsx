/** One schedule in the list: when, what of which document, how it stands, and what may be done about it. */
import { Box, Flex, Grid, Link, Typography } from '@strapi/design-system';
import { Cross, Eye, Pencil } from '@strapi/icons';
import { useIntl } from 'react-intl';
import { NavLink, useNavigate } from 'react-router-dom';
import type { ListedSchedule } from '../../../server/contract/schedule';
import { RowMenu } from '../../lists/row-menu';
import { WrappedName } from '../../components/wrapped-name';
import { contentPath } from '../../paths';
import { useScheduleRights } from '../../domain/schedule/rights';
import { ScheduleState, useScheduleError } from '../../domain/schedule/schedule-state';
import { TimeOfDay } from '../../domain/schedule/zoned-time';
import { useText, type Text } from '../../translations/use-text';

export type RowActions = {
  onChange: (schedule: ListedSchedule) => void;
  onCancel: (schedule: ListedSchedule) => void;
};

type RowProps = RowActions & { schedule: ListedSchedule };
type Shown = { schedule: ListedSchedule };

/** By its id where its title is not to be read. */
export const nameOf = ({ title, documentId }: ListedSchedule): string => title ?? documentId;

const pathOf = ({ contentType, ...place }: ListedSchedule): string | null =>
  contentType && contentPath({ ...place, kind: contentType.kind });

/** `Publish`, or `Publish, archive on 27 Dec 2026, 00:00` where another step follows. */
const useStepText = () => {
  const { formatDate } = useIntl();
  return ({ step, state, archiveAt }: ListedSchedule, text: Text): string => {
    const first = text(`schedule.${step}`);
    if (step !== 'publish' || state !== 'scheduled' || archiveAt === null) return first;
    const at = formatDate(archiveAt, { dateStyle: 'medium', timeStyle: 'short' });
    return text('schedule.thenArchive', { step: first, at });
  };
};

const Document = ({ schedule }: Shown) => {
  const text = useText();
  const path = pathOf(schedule);
  const name = <WrappedName>{nameOf(schedule)}</WrappedName>;
  const type = schedule.contentType?.displayName ?? schedule.uid;
  return (
    <Box minWidth={0}>
      {path ? (
        <Link tag={NavLink} to={path}>
          {name}
        </Link>
      ) : (
        <Typography>{name}</Typography>
      )}
      <Typography tag="p" variant="pi" textColor="neutral600">
        {schedule.locale === null
          ? type
          : text('schedule.typeAndLocale', { type, locale: schedule.locale })}
      </Typography>
    </Box>
  );
};

const Standing = ({ schedule }: Shown) => {
  const error = useScheduleError(schedule);
  return (
    <Flex direction="column" alignItems="flex-start" gap={1}>
      <ScheduleState state={schedule.state} />
      {error && (
        <Typography variant="pi" textColor="danger600" style={{ overflowWrap: 'anywhere' }}>
          {error}
        </Typography>
      )}
    </Flex>
  );
};

const Actions = ({ schedule, onChange, onCancel }: RowProps) => {
  const text = useText();
  const navigate = useNavigate();
  const { mayUpdate, mayCancel } = useScheduleRights()(schedule.uid);
  const path = pathOf(schedule);
  const isOpen = schedule.state === 'scheduled';
  const see = {
    label: text('schedule.openDocument'),
    icon: <Eye />,
    onSelect: () => navigate(path ?? ''),
  };
  const change = {
    label: text('schedule.change'),
    icon: <Pencil />,
    onSelect: () => onChange(schedule),
  };
  const cancel = {
    label: text('schedule.cancel'),
    icon: <Cross />,
    isDanger: true,
    onSelect: () => onCancel(schedule),
  };
  return (
    <RowMenu
      label={text('list.actionsOf', { name: nameOf(schedule) })}
      items={[
        ...(path ? [see] : []),
        ...(isOpen && mayUpdate ? [change] : []),
        ...(isOpen && mayCancel ? [cancel] : []),
      ]}
    />
  );
};

export const AgendaRow = ({ schedule, ...actions }: RowProps) => {
  const text = useText();
  const stepText = useStepText();
  return (
    <Box
      tag="li"
      padding={4}
      borderStyle="solid"
      borderWidth="0 0 1px 0"
      borderColor="neutral150"
      style={{ listStyle: 'none' }}
    >
      <Flex gap={4} alignItems="flex-start">
        <Grid.Root gap={4} flex="1" minWidth={0}>
          <Grid.Item col={2} s={12} alignItems="flex-start">
            <TimeOfDay at={schedule.dueAt} timezone={schedule.timezone} />
          </Grid.Item>
          <Grid.Item col={4} s={12} alignItems="flex-start">
            <Document schedule={schedule} />
          </Grid.Item>
          <Grid.Item col={3} s={12} alignItems="flex-start">
            <Typography textColor="neutral800">{stepText(schedule, text)}</Typography>
          </Grid.Item>
          <Grid.Item col={3} s={12} alignItems="flex-start">
            <Standing schedule={schedule} />
          </Grid.Item>
        </Grid.Root>
        <Actions schedule={schedule} {...actions} />
      </Flex>
    </Box>
  );
};
