/** What is published and archived when: the schedules of all documents, by day. */
import * as React from 'react';
import type { ListedSchedule } from '../../../server/contract/schedule';
import { useList } from '../../lists/use-list';
import { useListQuery } from '../../lists/use-list-query';
import { EmptyState } from '../../lists/empty-state';
import { Loaded } from '../../components/loaded';
import { PageFrame } from '../../components/page-frame';
import { Paging } from '../../lists/paging';
import { useNotice } from '../../components/use-notice';
import { schedules } from '../../services/schedules';
import { useCall } from '../../services/use-load';
import { CancelDialog } from '../../domain/schedule/cancel-dialog';
import { ScheduleDialog } from '../../domain/schedule/schedule-dialog';
import { useText } from '../../translations/use-text';
import { Agenda } from './agenda';
import { nameOf } from './agenda-row';
import { ScheduleFilters } from './schedule-filters';
import { askedFor } from './views';

const DEFAULTS = { pageSize: '20' };
const EVERY_MS = 30_000;

type Chosen = { schedule: ListedSchedule; to: 'change' | 'cancel' } | null;
type DialogsProps = { chosen: Chosen; onClose: () => void };

const Dialogs = ({ chosen, onClose }: DialogsProps) => {
  const text = useText();
  const update = useCall(schedules.update);
  const notice = useNotice();
  return (
    <>
      {chosen?.to === 'change' && (
        <ScheduleDialog
          schedule={chosen.schedule}
          title={nameOf(chosen.schedule)}
          onSave={async (times) => {
            await update({ id: chosen.schedule.id, times });
            notice.done(text('schedule.saved'));
            onClose();
          }}
          onClose={onClose}
        />
      )}
      <CancelDialog schedule={chosen?.to === 'cancel' ? chosen.schedule : null} onClose={onClose} />
    </>
  );
};

export const SchedulePage = () => {
  const text = useText();
  const query = useListQuery(DEFAULTS);
  const [chosen, setChosen] = React.useState<Chosen>(null);
  const load = useList({ ...query, values: askedFor(query.values) }, schedules.list, {
    every: chosen === null ? EVERY_MS : null,
  });
  return (
    <PageFrame
      permission="schedule.read"
      title={text('schedule.title')}
      subtitle={text('schedule.subtitle')}
      isBusy={load.isLoading}
    >
      <ScheduleFilters query={query} />
      <Loaded load={load}>
        {({ data, meta }) =>
          meta.pagination.total === 0 ? (
            <EmptyState
              content={text(query.isNarrowed ? 'schedule.nothingFound' : 'schedule.empty')}
            />
          ) : (
            <>
              <Agenda
                schedules={data}
                onChange={(schedule) => setChosen({ schedule, to: 'change' })}
                onCancel={(schedule) => setChosen({ schedule, to: 'cancel' })}
              />
              <Paging pagination={meta.pagination} />
            </>
          )
        }
      </Loaded>
      <Dialogs chosen={chosen} onClose={() => setChosen(null)} />
    </PageFrame>
  );
};
