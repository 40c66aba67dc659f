/** The list of webhooks. */
import { Flex, LinkButton } from '@strapi/design-system';
import { Lightning, Plus } from '@strapi/icons';
import { Link } from 'react-router-dom';
import type { Page } from '../../../server/contract/api';
import { SHOWN_HEALTHS, WEBHOOK_KINDS, type Webhook } from '../../../server/contract/webhook';
import { webhooks } from '../../services/webhooks';
import { useList } from '../../lists/use-list';
import type { Loaded as Load } from '../../services/use-load';
import { useListQuery, type ListQuery } from '../../lists/use-list-query';
import { usePermissions } from '../../services/permissions';
import { EmptyState } from '../../lists/empty-state';
import { FilterSelect, ListToolbar } from '../../lists/list-toolbar';
import { Loaded } from '../../components/loaded';
import { PageFrame } from '../../components/page-frame';
import { Paging } from '../../lists/paging';
import { pathTo } from '../../paths';
import { useText } from '../../translations/use-text';
import { EndUsersNotices } from './end-users-notice';
import { useReviving } from './use-enabling';
import { WebhooksTable } from './webhooks-table';

const DEFAULTS = { sort: 'name:asc' };

const CreateButtons = () => {
  const text = useText();
  const { may } = usePermissions();
  return may('webhook.create') ? (
    <Flex gap={2} wrap="wrap">
      <LinkButton
        tag={Link}
        to={pathTo('webhooks', 'quick-setup')}
        variant="secondary"
        startIcon={<Lightning />}
        size="S"
      >
        {text('quick.title')}
      </LinkButton>
      <LinkButton tag={Link} to={pathTo('webhooks', 'create')} startIcon={<Plus />} size="S">
        {text('webhooks.create')}
      </LinkButton>
    </Flex>
  ) : null;
};

const Toolbar = ({ query }: { query: ListQuery }) => {
  const text = useText();
  return (
    <ListToolbar query={query} searchLabel={text('webhooks.search')}>
      <FilterSelect
        query={query}
        name="kind"
        label={text('kind.label')}
        options={WEBHOOK_KINDS.map((value) => ({ value, label: text(`kind.${value}`) }))}
      />
      <FilterSelect
        query={query}
        name="health"
        label={text('webhooks.health')}
        options={SHOWN_HEALTHS.map((value) => ({ value, label: text(`health.${value}`) }))}
      />
      <FilterSelect
        query={query}
        name="enabled"
        label={text('webhooks.enabled')}
        options={[
          { value: 'true', label: text('webhooks.onlyEnabled') },
          { value: 'false', label: text('webhooks.onlyDisabled') },
        ]}
      />
    </ListToolbar>
  );
};

type ListProps = {
  query: ListQuery;
  load: Load<Page<Webhook>>;
  onRevive: (webhook: Webhook) => void;
};

const List = ({ query, load, onRevive }: ListProps) => {
  const text = useText();
  return (
    <Loaded load={load}>
      {({ data, meta }) =>
        meta.pagination.total === 0 ? (
          <EmptyState
            content={text(query.isNarrowed ? 'webhooks.nothingFound' : 'webhooks.empty')}
            action={query.isNarrowed ? undefined : <CreateButtons />}
          />
        ) : (
          <>
            <WebhooksTable rows={data} query={query} onRevive={onRevive} onFailed={load.refresh} />
            <Paging pagination={meta.pagination} />
          </>
        )
      }
    </Loaded>
  );
};

export const ListPage = () => {
  const text = useText();
  const query = useListQuery(DEFAULTS);
  const load = useList(query, webhooks.list);
  const { revive, dialog } = useReviving();
  return (
    <PageFrame
      permission="webhook.read"
      title={text('webhooks.title')}
      subtitle={text('webhooks.subtitle')}
      primaryAction={<CreateButtons />}
      isBusy={load.isLoading}
    >
      <EndUsersNotices />
      <Toolbar query={query} />
      <List query={query} load={load} onRevive={revive} />
      {dialog}
    </PageFrame>
  );
};
