/** What is published and archived when: the schedules of all documents, by day. */
import * as React from 'react';
import type { ListedSchedule } from '../../../server/contract/schedule';
import { useApi } from '../../api/use-api';
import { useList } from '../../api/use-list';
import { useListQuery } from '../../api/use-list-query';
import { EmptyState } from '../../components/empty-state';
import { Loaded } from '../../components/loaded';
import { PageFrame } from '../../components/page-frame';
import { Paging } from '../../components/paging';
import { useNotice } from '../../components/use-notice';
import { useAutoRefresh } from '../../api/use-auto-refresh';
import { CancelDialog } from '../../schedules/cancel-dialog';
import { ScheduleDialog } from '../../schedules/schedule-dialog';
import { useText } from '../../translations/use-text';
import { Agenda } from './agenda';
import { nameOf } from './agenda-row';
import { ScheduleFilters } from './schedule-filters';
import { askedFor } from './views';

const DEFAULTS = { pageSize: '20' };
const EVERY_MS = 30_000;

type Chosen = { schedule: ListedSchedule; to: 'change' | 'cancel' } | null;
type DialogsProps = { chosen: Chosen; onDone: () => void; onClose: () => void };

const Dialogs = ({ chosen, onDone, onClose }: DialogsProps) => {
  const text = useText();
  const api = useApi();
  const notice = useNotice();
  return (
    <>
      {chosen?.to === 'change' && (
        <ScheduleDialog
          schedule={chosen.schedule}
          title={nameOf(chosen.schedule)}
          onSave={async (times) => {
            await api.schedules.update(chosen.schedule.id, times);
            notice.done(text('schedule.saved'));
            onClose();
            onDone();
          }}
          onClose={onClose}
        />
      )}
      <CancelDialog
        schedule={chosen?.to === 'cancel' ? chosen.schedule : null}
        onDone={onDone}
        onClose={onClose}
      />
    </>
  );
};

export const SchedulePage = () => {
  const text = useText();
  const api = useApi();
  const query = useListQuery(DEFAULTS);
  const [chosen, setChosen] = React.useState<Chosen>(null);
  const load = useList(
    query,
    React.useCallback((values) => api.schedules.list(askedFor(values)), [api]),
  );
  const isWanted = !load.isLoading && chosen === null;
  useAutoRefresh({ isWanted, refresh: load.refresh, every: EVERY_MS });
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
      <Dialogs chosen={chosen} onDone={load.refresh} onClose={() => setChosen(null)} />
    </PageFrame>
  );
};
