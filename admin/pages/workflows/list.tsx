/** The list of workflows. */
import * as React from 'react';
import { Box, Flex, Link, Typography } from '@strapi/design-system';
import { Duplicate } from '@strapi/icons';
import { NavLink, useNavigate } from 'react-router-dom';
import type { Workflow } from '../../../server/contract/workflow';
import { PageFrame } from '../../components/page-frame';
import { TimeAgo } from '../../components/time-ago';
import { WrappedName } from '../../components/wrapped-name';
import { CreateLink } from '../../lists/create-link';
import { ResourceList, type Column, type RowActions } from '../../lists/resource-list';
import { useRowActions } from '../../lists/row-actions';
import { useList } from '../../lists/use-list';
import { useListQuery } from '../../lists/use-list-query';
import { pathTo } from '../../paths';
import { usePermissions } from '../../services/permissions';
import { workflows } from '../../services/workflows';
import { useText } from '../../translations/use-text';
import { DeleteWorkflow } from './delete-workflow';
import { StateStrip } from './state-mark';
import { TemplateCards } from './template-cards';
import { useTypes } from './use-choices';

const DEFAULTS = { sort: 'name:asc' };

const NameCell = ({ id, name }: Workflow) => (
  <Box maxWidth="24rem">
    <Link tag={NavLink} to={pathTo('workflows', id)}>
      <WrappedName>{name}</WrappedName>
    </Link>
  </Box>
);

/** By name; by uid for those who may not read the content types. */
const TypesCell = ({ uids }: { uids: readonly string[] }) => {
  const text = useText();
  const types = useTypes().data ?? [];
  const names = uids.map((uid) => types.find((type) => type.uid === uid)?.displayName ?? uid);
  return (
    <Box maxWidth="20rem">
      <Typography textColor={names.length > 0 ? 'neutral800' : 'neutral600'}>
        <WrappedName>{names.join(', ') || text('workflows.noContentType')}</WrappedName>
      </Typography>
    </Box>
  );
};

const StatesCell = ({ states }: Workflow) => {
  const text = useText();
  return (
    <Box maxWidth="46rem" paddingTop={3} paddingBottom={3}>
      <Flex direction="column" alignItems="flex-start" gap={1}>
        <Typography variant="pi" textColor="neutral600">
          {text('workflows.stateCount', { count: states.length })}
        </Typography>
        <StateStrip states={states} max={5} />
      </Flex>
    </Box>
  );
};

const useColumns = (): Column<Workflow>[] => {
  const text = useText();
  return [
    {
      key: 'name',
      label: text('workflows.name'),
      sort: 'name',
      cell: (row) => <NameCell {...row} />,
    },
    {
      key: 'contentTypes',
      label: text('workflows.contentTypes'),
      cell: ({ contentTypes }) => <TypesCell uids={contentTypes} />,
    },
    { key: 'states', label: text('workflows.states'), cell: (row) => <StatesCell {...row} /> },
    {
      key: 'updatedAt',
      label: text('workflows.updatedAt'),
      sort: 'updatedAt',
      cell: ({ updatedAt }) => <TimeAgo at={updatedAt} />,
    },
  ];
};

const useActions = (remove: (chosen: Workflow) => void): RowActions<Workflow> => {
  const text = useText();
  const navigate = useNavigate();
  const actions = useRowActions();
  const duplicateOf = ({ id }: Workflow) => ({
    label: text('workflows.duplicate'),
    icon: <Duplicate />,
    onSelect: () => navigate(`${pathTo('workflows', 'create')}?copy=${encodeURIComponent(id)}`),
  });
  return {
    nameOf: ({ name }) => name,
    of: (row) => [
      ...actions.edit('workflow.update', pathTo('workflows', row.id)),
      ...actions.ifAllowed('workflow.create', duplicateOf(row)),
      ...actions.remove('workflow.delete', () => remove(row)),
    ],
  };
};

export const ListPage = () => {
  const text = useText();
  const { may } = usePermissions();
  const query = useListQuery(DEFAULTS);
  const load = useList(query, workflows.list);
  const [doomed, setDoomed] = React.useState<Workflow | null>(null);
  const mayCreate = may('workflow.create');
  return (
    <PageFrame
      permission="workflow.read"
      title={text('workflows.title')}
      subtitle={text('workflows.subtitle')}
      primaryAction={
        mayCreate && (
          <CreateLink to={pathTo('workflows', 'create')}>{text('workflows.create')}</CreateLink>
        )
      }
      isBusy={load.isLoading}
    >
      <ResourceList
        query={query}
        load={load}
        columns={useColumns()}
        actions={useActions(setDoomed)}
        searchLabel={text('workflows.search')}
        empty={{ content: text('workflows.empty'), more: mayCreate && <TemplateCards /> }}
        nothingFound={text('workflows.nothingFound')}
      />
      <DeleteWorkflow workflow={doomed} onClose={() => setDoomed(null)} />
    </PageFrame>
  );
};
