/** The rows of the list of replications. */
import { Box, Flex, Link, Table, Tbody, Td, Thead, Tr, Typography } from '@strapi/design-system';
import { Cross, Pencil, Play, Trash } from '@strapi/icons';
import { NavLink, useNavigate } from 'react-router-dom';
import type { Replication } from '../../../server/contract/replication';
import type { ListQuery } from '../../api/use-list-query';
import { usePermissions } from '../../api/use-permissions';
import { ColumnHeader } from '../../components/column-header';
import { RowMenu } from '../../components/row-menu';
import type { RowPlace } from '../../components/row-place';
import { TimeAgo } from '../../components/time-ago';
import { WrappedName } from '../../components/wrapped-name';
import { pathTo } from '../../paths';
import { useText } from '../../translations/use-text';
import { RunStateLine } from './run-state';
import { isRunning, type Running } from './use-running';

type Acts = { running: Running; onDelete: (chosen: Replication) => void };
type RowProps = Acts & { replication: Replication };

const Actions = ({ replication, running, onDelete }: RowProps) => {
  const text = useText();
  const { may } = usePermissions();
  const navigate = useNavigate();
  const isUnderWay = isRunning(replication);
  const run = isUnderWay
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
  const edit = {
    label: text('common.edit'),
    icon: <Pencil />,
    onSelect: () => navigate(pathTo('replications', replication.id)),
  };
  const remove = {
    label: text('common.delete'),
    icon: <Trash />,
    isDanger: true,
    onSelect: () => onDelete(replication),
  };
  return (
    <RowMenu
      label={text('list.actionsOf', { name: replication.name })}
      items={[
        ...(may('replication.run') ? [run] : []),
        ...(may('replication.update') ? [edit] : []),
        ...(may('replication.delete') && !isUnderWay ? [remove] : []),
      ]}
    />
  );
};

/** Cron as it was typed, in UTC; when it comes round next is told in words. */
const Turn = ({ cron, nextRunAt }: Replication) => {
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

const Row = ({ replication, running, onDelete, ...place }: RowProps & RowPlace) => {
  const text = useText();
  const { lastRun } = replication;
  return (
    <Tr {...place}>
      <Td>
        <Box maxWidth="28rem" paddingTop={2} paddingBottom={2}>
          <Link tag={NavLink} to={pathTo('replications', replication.id)}>
            <WrappedName>{replication.name}</WrappedName>
          </Link>
          <Typography tag="p" variant="pi" textColor="neutral600">
            <WrappedName>{replication.destination}</WrappedName>
          </Typography>
        </Box>
      </Td>
      <Td>
        <Turn {...replication} />
      </Td>
      <Td>
        {lastRun ? (
          <RunStateLine run={lastRun} />
        ) : (
          <Typography textColor="neutral600">{text('replications.never')}</Typography>
        )}
      </Td>
      <Td>
        <TimeAgo key={lastRun?.startedAt} at={lastRun?.startedAt ?? null} />
      </Td>
      <Td>
        <Flex justifyContent="flex-end">
          <Actions replication={replication} running={running} onDelete={onDelete} />
        </Flex>
      </Td>
    </Tr>
  );
};

export const ReplicationsTable = ({
  rows,
  query,
  ...acts
}: Acts & { rows: Replication[]; query: ListQuery }) => {
  const text = useText();
  return (
    <Table colCount={5} rowCount={rows.length + 1}>
      <Thead>
        <Tr>
          <ColumnHeader label={text('replications.name')} sort={{ field: 'name', query }} />
          <ColumnHeader label={text('replications.next')} />
          <ColumnHeader label={text('replications.lastRun')} />
          <ColumnHeader label={text('replications.startedAt')} />
          <ColumnHeader label={text('list.actions')} isHidden />
        </Tr>
      </Thead>
      <Tbody>
        {rows.map((replication) => (
          <Row key={replication.id} replication={replication} {...acts} />
        ))}
      </Tbody>
    </Table>
  );
};
