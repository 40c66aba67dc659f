/** The list of replications, which follows what runs. */
import { Box, Flex, Link, Typography } from '@strapi/design-system';
import { Cross, Play } from '@strapi/icons';
import { NavLink } from 'react-router-dom';
import type { Replication } from '../../../server/contract/replication';
import { PageFrame } from '../../components/page-frame';
import { TimeAgo } from '../../components/time-ago';
import { WrappedName } from '../../components/wrapped-name';
import { CreateLink } from '../../lists/create-link';
import { ConfirmRemoval, useRemoval } from '../../lists/removal';
import { ResourceList, type Column, type RowActions } from '../../lists/resource-list';
import { useRowActions } from '../../lists/row-actions';
import { useList } from '../../lists/use-list';
import { useListQuery } from '../../lists/use-list-query';
import { pathTo } from '../../paths';
import { usePermissions } from '../../services/permissions';
import { replications } from '../../services/replications';
import { useText } from '../../translations/use-text';
import { RunStateLine } from './run-state';
import { ConfirmRun, isRunning, useRunning, whileRunning, type Running } from './running';

const DEFAULTS = { sort: 'name:asc' };

const NameCell = ({ id, name, destination }: Replication) => (
  <Box maxWidth="28rem" paddingTop={2} paddingBottom={2}>
    <Link tag={NavLink} to={pathTo('replications', id)}>
      <WrappedName>{name}</WrappedName>
    </Link>
    <Typography tag="p" variant="pi" textColor="neutral600">
      <WrappedName>{destination}</WrappedName>
    </Typography>
  </Box>
);

/** Cron as it was typed, in UTC, below the next time in words. */
const NextCell = ({ cron, nextRunAt }: Replication) => {
  const text = useText();
  if (cron === null)
    return <Typography textColor="neutral600">{text('replications.byHand')}</Typography>;
  return (
    <Flex direction="column" alignItems="flex-start" gap={1}>
      <TimeAgo at={nextRunAt} textColor="neutral800" />
      <Typography variant="pi" textColor="neutral600" title={text('replications.cronTitle')}>
        {cron}
      </Typography>
    </Flex>
  );
};

const LastRunCell = ({ lastRun }: Replication) => {
  const text = useText();
  return lastRun ? (
    <RunStateLine run={lastRun} />
  ) : (
    <Typography textColor="neutral600">{text('replications.never')}</Typography>
  );
};

const useColumns = (): Column<Replication>[] => {
  const text = useText();
  return [
    {
      key: 'name',
      label: text('replications.name'),
      sort: 'name',
      cell: (row) => <NameCell {...row} />,
    },
    { key: 'next', label: text('replications.next'), cell: (row) => <NextCell {...row} /> },
    {
      key: 'lastRun',
      label: text('replications.lastRun'),
      cell: (row) => <LastRunCell {...row} />,
    },
    {
      key: 'startedAt',
      label: text('replications.startedAt'),
      cell: ({ lastRun }) => <TimeAgo key={lastRun?.startedAt} at={lastRun?.startedAt ?? null} />,
    },
  ];
};

type ActionOptions = { running: Running; remove: (chosen: Replication) => void };

const useActions = ({ running, remove }: ActionOptions): RowActions<Replication> => {
  const text = useText();
  const actions = useRowActions();
  const runOf = (replication: Replication) =>
    isRunning(replication)
      ? {
          label: text('replications.cancel'),
          icon: <Cross />,
          onSelect: () => void running.cancel(replication),
        }
      : {
          label: text('replications.run'),
          icon: <Play />,
          onSelect: () => running.ask(replication),
        };
  return {
    nameOf: ({ name }) => name,
    of: (row) => [
      ...actions.ifAllowed('replication.run', runOf(row)),
      ...actions.edit('replication.update', pathTo('replications', row.id)),
      ...(isRunning(row) ? [] : actions.remove('replication.delete', () => remove(row))),
    ],
  };
};

export const ListPage = () => {
  const text = useText();
  const { may } = usePermissions();
  const query = useListQuery(DEFAULTS);
  const load = useList(query, replications.list, { every: ({ data }) => whileRunning(data) });
  const removal = useRemoval<Replication>(replications.remove);
  const running = useRunning();
  const mayCreate = may('replication.create');
  const toCreate = pathTo('replications', 'create');
  return (
    <PageFrame
      permission="replication.read"
      title={text('replications.title')}
      subtitle={text('replications.subtitle')}
      primaryAction={
        mayCreate && <CreateLink to={toCreate}>{text('replications.create')}</CreateLink>
      }
      isBusy={load.isLoading && !load.data}
    >
      <ResourceList
        query={query}
        load={load}
        columns={useColumns()}
        actions={useActions({ running, remove: removal.ask })}
        searchLabel={text('replications.search')}
        empty={{
          content: text('replications.empty'),
          action: mayCreate && (
            <CreateLink to={toCreate} variant="secondary">
              {text('replications.create')}
            </CreateLink>
          ),
        }}
        nothingFound={text('replications.nothingFound')}
      />
      <ConfirmRun {...running} />
      <ConfirmRemoval removal={removal} consequence={text('replications.deleteConsequence')} />
    </PageFrame>
  );
};
