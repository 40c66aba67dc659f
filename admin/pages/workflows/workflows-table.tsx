/** The rows of the list of workflows. */
import { Box, Flex, Link, Table, Tbody, Td, Thead, Tr, Typography } from '@strapi/design-system';
import { Duplicate, Pencil, Trash } from '@strapi/icons';
import { NavLink, useNavigate } from 'react-router-dom';
import type { ContentTypeInfo } from '../../../server/contract/content-type';
import type { Workflow } from '../../../server/contract/workflow';
import type { ListQuery } from '../../lists/use-list-query';
import { usePermissions } from '../../services/permissions';
import { ColumnHeader } from '../../lists/column-header';
import { RowMenu } from '../../lists/row-menu';
import type { RowPlace } from '../../lists/row-place';
import { TimeAgo } from '../../components/time-ago';
import { WrappedName } from '../../components/wrapped-name';
import { pathTo } from '../../paths';
import { useText } from '../../translations/use-text';
import { StateStrip } from './state-mark';

type RowProps = {
  workflow: Workflow;
  types: readonly ContentTypeInfo[];
  onDelete: (chosen: Workflow) => void;
};

const Actions = ({ workflow, onDelete }: Omit<RowProps, 'types'>) => {
  const text = useText();
  const { may } = usePermissions();
  const navigate = useNavigate();
  const edit = {
    label: text('common.edit'),
    icon: <Pencil />,
    onSelect: () => navigate(pathTo('workflows', workflow.id)),
  };
  const duplicate = {
    label: text('workflows.duplicate'),
    icon: <Duplicate />,
    onSelect: () =>
      navigate(`${pathTo('workflows', 'create')}?copy=${encodeURIComponent(workflow.id)}`),
  };
  const remove = {
    label: text('common.delete'),
    icon: <Trash />,
    isDanger: true,
    onSelect: () => onDelete(workflow),
  };
  return (
    <RowMenu
      label={text('list.actionsOf', { name: workflow.name })}
      items={[
        ...(may('workflow.update') ? [edit] : []),
        ...(may('workflow.create') ? [duplicate] : []),
        ...(may('workflow.delete') ? [remove] : []),
      ]}
    />
  );
};

const TypesCell = ({ workflow, types }: Omit<RowProps, 'onDelete'>) => {
  const text = useText();
  const names = workflow.contentTypes.map(
    (uid) => types.find((type) => type.uid === uid)?.displayName ?? uid,
  );
  return (
    <Typography textColor={names.length > 0 ? 'neutral800' : 'neutral600'}>
      <WrappedName>{names.join(', ') || text('workflows.noContentType')}</WrappedName>
    </Typography>
  );
};

const StatesCell = ({ workflow }: { workflow: Workflow }) => {
  const text = useText();
  return (
    <Flex direction="column" alignItems="flex-start" gap={1}>
      <Typography variant="pi" textColor="neutral600">
        {text('workflows.stateCount', { count: workflow.states.length })}
      </Typography>
      <StateStrip states={workflow.states} max={5} />
    </Flex>
  );
};

const Row = ({ workflow, types, onDelete, ...place }: RowProps & RowPlace) => (
  <Tr {...place}>
    <Td>
      <Box maxWidth="24rem">
        <Link tag={NavLink} to={pathTo('workflows', workflow.id)}>
          <WrappedName>{workflow.name}</WrappedName>
        </Link>
      </Box>
    </Td>
    <Td>
      <Box maxWidth="20rem">
        <TypesCell workflow={workflow} types={types} />
      </Box>
    </Td>
    <Td>
      <Box maxWidth="46rem" paddingTop={3} paddingBottom={3}>
        <StatesCell workflow={workflow} />
      </Box>
    </Td>
    <Td>
      <TimeAgo at={workflow.updatedAt} />
    </Td>
    <Td>
      <Flex justifyContent="flex-end">
        <Actions workflow={workflow} onDelete={onDelete} />
      </Flex>
    </Td>
  </Tr>
);

type Props = {
  rows: Workflow[];
  types: readonly ContentTypeInfo[];
  query: ListQuery;
  onDelete: (chosen: Workflow) => void;
};

export const WorkflowsTable = ({ rows, types, query, onDelete }: Props) => {
  const text = useText();
  return (
    <Table colCount={5} rowCount={rows.length + 1}>
      <Thead>
        <Tr>
          <ColumnHeader label={text('workflows.name')} sort={{ field: 'name', query }} />
          <ColumnHeader label={text('workflows.contentTypes')} />
          <ColumnHeader label={text('workflows.states')} />
          <ColumnHeader label={text('workflows.updatedAt')} sort={{ field: 'updatedAt', query }} />
          <ColumnHeader label={text('list.actions')} isHidden />
        </Tr>
      </Thead>
      <Tbody>
        {rows.map((workflow) => (
          <Row key={workflow.id} workflow={workflow} types={types} onDelete={onDelete} />
        ))}
      </Tbody>
    </Table>
  );
};
