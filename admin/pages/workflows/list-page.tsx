/** The list of workflows. */
import * as React from 'react';
import { Flex, LinkButton } from '@strapi/design-system';
import { Plus } from '@strapi/icons';
import { Link } from 'react-router-dom';
import type { Workflow } from '../../../server/contract/workflow';
import { workflows } from '../../services/workflows';
import { useList } from '../../lists/use-list';
import { useListQuery } from '../../lists/use-list-query';
import { usePermissions } from '../../services/permissions';
import { EmptyState } from '../../lists/empty-state';
import { ListToolbar } from '../../lists/list-toolbar';
import { Loaded } from '../../components/loaded';
import { PageFrame } from '../../components/page-frame';
import { Paging } from '../../lists/paging';
import { pathTo } from '../../paths';
import { useText } from '../../translations/use-text';
import { DeleteWorkflow } from './delete-workflow';
import { TemplateCards } from './template-cards';
import { useTypes } from './use-choices';
import { WorkflowsTable } from './workflows-table';

const DEFAULTS = { sort: 'name:asc' };

const CreateLink = () => {
  const text = useText();
  return (
    <LinkButton tag={Link} to={pathTo('workflows', 'create')} size="S" startIcon={<Plus />}>
      {text('workflows.create')}
    </LinkButton>
  );
};

const Nothing = ({ isNarrowed }: { isNarrowed: boolean }) => {
  const text = useText();
  const { may } = usePermissions();
  if (isNarrowed) return <EmptyState content={text('workflows.nothingFound')} />;
  return (
    <Flex direction="column" alignItems="stretch" gap={6}>
      <EmptyState content={text('workflows.empty')} />
      {may('workflow.create') && <TemplateCards />}
    </Flex>
  );
};

export const ListPage = () => {
  const text = useText();
  const { may } = usePermissions();
  const query = useListQuery(DEFAULTS);
  const load = useList(query, workflows.list);
  const types = useTypes();
  const [doomed, setDoomed] = React.useState<Workflow | null>(null);
  return (
    <PageFrame
      permission="workflow.read"
      title={text('workflows.title')}
      subtitle={text('workflows.subtitle')}
      primaryAction={may('workflow.create') && <CreateLink />}
      isBusy={load.isLoading}
    >
      <ListToolbar query={query} searchLabel={text('workflows.search')} />
      <Loaded load={load}>
        {({ data, meta }) =>
          meta.pagination.total === 0 ? (
            <Nothing isNarrowed={query.isNarrowed} />
          ) : (
            <>
              <WorkflowsTable
                rows={data}
                types={types.data ?? []}
                query={query}
                onDelete={setDoomed}
              />
              <Paging pagination={meta.pagination} />
            </>
          )
        }
      </Loaded>
      <DeleteWorkflow workflow={doomed} onFailed={load.refresh} onClose={() => setDoomed(null)} />
    </PageFrame>
  );
};
