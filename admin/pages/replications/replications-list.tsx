/** The list of replications, which follows what runs. */
import * as React from 'react';
import { LinkButton } from '@strapi/design-system';
import { Plus } from '@strapi/icons';
import { Link } from 'react-router-dom';
import type { Replication } from '../../../server/contract/replication';
import { useApi } from '../../api/use-api';
import { useList } from '../../api/use-list';
import { useListQuery } from '../../api/use-list-query';
import { usePermissions } from '../../api/use-permissions';
import { ConfirmDelete } from '../../components/confirm-delete';
import { EmptyState } from '../../components/empty-state';
import { ListToolbar } from '../../components/list-toolbar';
import { Loaded } from '../../components/loaded';
import { PageFrame } from '../../components/page-frame';
import { Paging } from '../../components/paging';
import { useNotice } from '../../components/use-notice';
import { pathTo } from '../../paths';
import { useText } from '../../translations/use-text';
import { useAutoRefresh } from '../../api/use-auto-refresh';
import { ConfirmRun } from './confirm-run';
import { ReplicationsTable } from './replications-table';
import { EVERY_MS, isRunning, useRunning } from './use-running';

const DEFAULTS = { sort: 'name:asc' };

const CreateLink = ({ variant }: { variant: 'default' | 'secondary' }) => {
  const text = useText();
  return (
    <LinkButton
      tag={Link}
      to={pathTo('replications', 'create')}
      variant={variant}
      size="S"
      startIcon={<Plus />}
    >
      {text('replications.create')}
    </LinkButton>
  );
};

const useDeletion = (onDeleted: () => void) => {
  const api = useApi();
  const notice = useNotice();
  const text = useText();
  const [chosen, choose] = React.useState<Replication | null>(null);
  const confirm = async () => {
    if (!chosen) return;
    try {
      await api.replications.remove(chosen.id);
      notice.done(text('common.deleted', { name: chosen.name }));
      onDeleted();
    } catch (error) {
      notice.failed(error);
    }
  };
  return { chosen, choose, confirm };
};

export const ReplicationsList = () => {
  const text = useText();
  const api = useApi();
  const { may } = usePermissions();
  const query = useListQuery(DEFAULTS);
  const load = useList(query, api.replications.list);
  const deletion = useDeletion(load.refresh);
  const running = useRunning(load.refresh);
  const isWanted = !load.isLoading && !load.problem && Boolean(load.data?.data.some(isRunning));
  useAutoRefresh({ isWanted, refresh: load.refresh, every: EVERY_MS });
  const mayCreate = may('replication.create');
  return (
    <PageFrame
      permission="replication.read"
      title={text('replications.title')}
      subtitle={text('replications.subtitle')}
      primaryAction={mayCreate && <CreateLink variant="default" />}
      isBusy={load.isLoading && !load.data}
    >
      <ListToolbar query={query} searchLabel={text('replications.search')} />
      <Loaded load={load}>
        {({ data, meta }) =>
          meta.pagination.total === 0 ? (
            <EmptyState
              content={text(query.isNarrowed ? 'replications.nothingFound' : 'replications.empty')}
              action={!query.isNarrowed && mayCreate && <CreateLink variant="secondary" />}
            />
          ) : (
            <>
              <ReplicationsTable
                rows={data}
                query={query}
                running={running}
                onDelete={deletion.choose}
              />
              <Paging pagination={meta.pagination} />
            </>
          )
        }
      </Loaded>
      <ConfirmRun {...running} />
      <ConfirmDelete
        name={deletion.chosen?.name ?? null}
        consequence={text('replications.deleteConsequence')}
        onConfirm={deletion.confirm}
        onClose={() => deletion.choose(null)}
      />
    </PageFrame>
  );
};
