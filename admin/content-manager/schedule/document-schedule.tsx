/** The schedule of a saved document: its times and its state, and what may be done about it. */
import * as React from 'react';
import { Box, Button, Flex, Loader, Typography } from '@strapi/design-system';
import type { ListedSchedule } from '../../../server/contract/schedule';
import { useNotice } from '../../components/use-notice';
import { CancelDialog } from '../../domain/schedule/cancel-dialog';
import { useScheduleRights } from '../../domain/schedule/rights';
import { ScheduleDialog } from '../../domain/schedule/schedule-dialog';
import { ScheduleState, useScheduleError } from '../../domain/schedule/schedule-state';
import type { Save } from '../../domain/schedule/use-schedule-form';
import { ZonedTime } from '../../domain/schedule/zoned-time';
import { useText } from '../../translations/use-text';
import type { Place } from '../../services/documents';
import { schedules } from '../../services/schedules';
import { useCall } from '../../services/use-load';
import { NotLoaded } from '../not-loaded';
import { useDocumentSchedule } from './use-document-schedule';

type Shown = { schedule: ListedSchedule };

const Times = ({ schedule: { publishAt, archiveAt, timezone } }: Shown) => {
  const text = useText();
  const times = [
    [text('schedule.publish'), publishAt],
    [text('schedule.archive'), archiveAt],
  ] as const;
  return (
    <Flex tag="dl" direction="column" alignItems="stretch" gap={3} margin={0}>
      {times.map(
        ([name, at]) =>
          at !== null && (
            <Box key={name}>
              <Typography tag="dt" variant="pi" fontWeight="bold" textColor="neutral600">
                {name}
              </Typography>
              <Box tag="dd" margin={0}>
                <ZonedTime at={at} timezone={timezone} />
              </Box>
            </Box>
          ),
      )}
    </Flex>
  );
};

const Standing = ({ schedule }: Shown) => {
  const error = useScheduleError(schedule);
  return (
    <>
      <Box>
        <ScheduleState state={schedule.state} />
      </Box>
      {error && (
        <Typography role="alert" textColor="danger600" style={{ overflowWrap: 'anywhere' }}>
          {error}
        </Typography>
      )}
    </>
  );
};

/** What was cancelled is as if it had never been. */
const Facts = ({ schedule }: { schedule: ListedSchedule | null }) => {
  const text = useText();
  if (!schedule || schedule.state === 'cancelled')
    return (
      <Typography variant="pi" textColor="neutral600">
        {text('schedule.nothing')}
      </Typography>
    );
  return (
    <Flex direction="column" alignItems="stretch" gap={3}>
      <Standing schedule={schedule} />
      <Times schedule={schedule} />
    </Flex>
  );
};

type ButtonsProps = {
  uid: string;
  open: ListedSchedule | null;
  onEdit: () => void;
  onCancel: () => void;
};

const Buttons = ({ uid, open, onEdit, onCancel }: ButtonsProps) => {
  const text = useText();
  const { mayCreate, mayUpdate, mayCancel } = useScheduleRights()(uid);
  const mayEdit = open ? mayUpdate : mayCreate;
  return (
    <Flex gap={2} wrap="wrap">
      {mayEdit && (
        <Button size="S" variant="secondary" onClick={onEdit}>
          {text(open ? 'schedule.change' : 'schedule.make')}
        </Button>
      )}
      {open && mayCancel && (
        <Button size="S" variant="danger-light" onClick={onCancel}>
          {text('schedule.cancel')}
        </Button>
      )}
    </Flex>
  );
};

export const DocumentSchedule = ({ place }: { place: Place }) => {
  const text = useText();
  const create = useCall(schedules.create);
  const update = useCall(schedules.update);
  const notice = useNotice();
  const { data, problem, refresh } = useDocumentSchedule(place);
  const [dialog, setDialog] = React.useState<'edit' | 'cancel' | null>(null);
  if (problem) return <NotLoaded problem={problem} onRetry={refresh} />;
  if (data === undefined) return <Loader small>{text('common.loading')}</Loader>;
  const open = data?.state === 'scheduled' ? data : null;
  const close = () => setDialog(null);
  const save: Save = async (times, changed) => {
    if (changed) await update({ id: changed.id, times });
    else await create({ ...place, ...times });
    notice.done(text('schedule.saved'));
    close();
  };
  return (
    <Flex direction="column" alignItems="stretch" gap={3} width="100%">
      <Facts schedule={data} />
      <Buttons
        uid={place.uid}
        open={open}
        onEdit={() => setDialog('edit')}
        onCancel={() => setDialog('cancel')}
      />
      {dialog === 'edit' && <ScheduleDialog schedule={open} onSave={save} onClose={close} />}
      <CancelDialog schedule={dialog === 'cancel' ? open : null} onClose={close} />
    </Flex>
  );
};
