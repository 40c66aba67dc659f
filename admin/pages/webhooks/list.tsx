/** The list of webhooks. */
import * as React from 'react';
import { Box, Flex, Link, LinkButton, Typography } from '@strapi/design-system';
import { useMediaQuery } from '@strapi/strapi/admin';
import { Duplicate, Lightning, PaperPlane, Play } from '@strapi/icons';
import { Link as RouterLink, NavLink, useNavigate } from 'react-router-dom';
import { SHOWN_HEALTHS, WEBHOOK_KINDS, type Webhook } from '../../../server/contract/webhook';
import type { WorkflowChoice } from '../../../server/contract/workflow';
import { PageFrame } from '../../components/page-frame';
import { TimeAgo } from '../../components/time-ago';
import { StateBadge } from '../../domain/badges';
import { CreateLink } from '../../lists/create-link';
import { FilterSelect } from '../../lists/list-toolbar';
import { ConfirmRemoval, useRemoval } from '../../lists/removal';
import { ResourceList, type Column, type RowActions } from '../../lists/resource-list';
import { useRowActions } from '../../lists/row-actions';
import { useSelection } from '../../lists/selection';
import { useList } from '../../lists/use-list';
import { useListQuery, type ListQuery } from '../../lists/use-list-query';
import { pathTo } from '../../paths';
import { usePermissions } from '../../services/permissions';
import { useLoad } from '../../services/use-load';
import { webhooks } from '../../services/webhooks';
import { workflows as workflowService } from '../../services/workflows';
import { useText } from '../../translations/use-text';
import { BulkBar } from './bulk-bar';
import { EnabledSwitch } from './enabled-switch';
import { EndUsersNotices } from './end-users-notice';
import { KindBadge } from './kind-badge';
import { WebhookHealthCell } from './pause';
import { PlaceSummary } from './place-summary';
import { SendTest } from './send-test';
import { useReviving } from './use-enabling';

const DEFAULTS = { sort: 'name:asc' };

const CreateButtons = () => {
  const text = useText();
  const { may } = usePermissions();
  return may('webhook.create') ? (
    <Flex gap={2} wrap="wrap">
      <LinkButton
        tag={RouterLink}
        to={pathTo('webhooks', 'quick-setup')}
        variant="secondary"
        startIcon={<Lightning />}
        size="S"
      >
        {text('quick.title')}
      </LinkButton>
      <CreateLink to={pathTo('webhooks', 'create')}>{text('webhooks.create')}</CreateLink>
    </Flex>
  ) : null;
};

const Filters = ({ query }: { query: ListQuery }) => {
  const text = useText();
  return (
    <>
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
    </>
  );
};

const NameCell = ({ webhook, isWide }: { webhook: Webhook; isWide: boolean }) => (
  <Box maxWidth={isWide ? '30rem' : '18rem'}>
    <Typography
      tag={RouterLink}
      to={pathTo('webhooks', webhook.id)}
      display="block"
      ellipsis
      fontWeight="semiBold"
      textColor="primary600"
      textDecoration="none"
      title={webhook.name}
    >
      {webhook.name}
    </Typography>
    <Typography tag="p" variant="pi" textColor="neutral600" ellipsis title={webhook.url}>
      {webhook.url}
    </Typography>
  </Box>
);

const LastDeliveryCell = ({ health: { lastDelivery } }: Pick<Webhook, 'health'>) => {
  const text = useText();
  const { may } = usePermissions();
  if (!lastDelivery)
    return <Typography textColor="neutral600">{text('webhooks.nothingSent')}</Typography>;
  const time = <TimeAgo key={lastDelivery.at} at={lastDelivery.at} />;
  return (
    <Flex direction="column" alignItems="flex-start" gap={1}>
      <StateBadge state={lastDelivery.state} />
      {may('delivery.read') ? (
        <Link tag={NavLink} to={pathTo('deliveries', lastDelivery.id)}>
          {time}
        </Link>
      ) : (
        time
      )}
    </Flex>
  );
};

/** To name what the webhooks hang on; where they cannot be read, their keys have to do. */
const useWorkflows = (rows: readonly Webhook[]): WorkflowChoice[] | undefined => {
  const isAnyOfWorkflow = rows.some(({ kind }) => kind !== 'event');
  const { data } = useLoad(workflowService.choices, undefined, { skip: !isAnyOfWorkflow });
  return data?.workflows;
};

type ColumnOptions = { rows: readonly Webhook[]; onRevive: (webhook: Webhook) => void };

const useColumns = ({ rows, onRevive }: ColumnOptions): Column<Webhook>[] => {
  const text = useText();
  const workflows = useWorkflows(rows);
  // Beside the settings menu, only a wide window has room for the age, which matters least.
  const isWide = useMediaQuery('(min-width: 1600px)');
  const created: Column<Webhook> = {
    key: 'createdAt',
    label: text('webhooks.created'),
    sort: 'createdAt',
    cell: ({ createdAt }) => <TimeAgo at={createdAt} />,
  };
  return [
    {
      key: 'name',
      label: text('webhooks.name'),
      sort: 'name',
      cell: (row) => <NameCell webhook={row} isWide={isWide} />,
    },
    {
      key: 'when',
      label: text('webhooks.when'),
      cell: (row) => (
        <Flex direction="column" alignItems="flex-start" gap={1} paddingTop={2} paddingBottom={2}>
          <KindBadge kind={row.kind} />
          <PlaceSummary webhook={row} workflows={workflows} />
        </Flex>
      ),
    },
    {
      key: 'health',
      label: text('webhooks.health'),
      cell: (row) => <WebhookHealthCell webhook={row} />,
    },
    {
      key: 'lastDelivery',
      label: text('webhooks.lastDelivery'),
      cell: ({ health }) => <LastDeliveryCell health={health} />,
    },
    ...(isWide ? [created] : []),
    {
      key: 'enabled',
      label: text('webhooks.enabled'),
      pin: 'beforeLast',
      cell: (row) => <EnabledSwitch webhook={row} onRevive={onRevive} />,
    },
  ];
};

type Acts = { test: (webhook: Webhook) => void; remove: (webhook: Webhook) => void };

const useActions = ({ test, remove }: Acts): RowActions<Webhook> => {
  const text = useText();
  const navigate = useNavigate();
  const actions = useRowActions();
  const testOf = (webhook: Webhook) => ({
    label: text('test.send'),
    icon: <Play />,
    onSelect: () => test(webhook),
  });
  const deliveriesOf = ({ id }: Webhook) => ({
    label: text('webhooks.showDeliveries'),
    icon: <PaperPlane />,
    onSelect: () => navigate(`${pathTo('deliveries')}?webhook=${encodeURIComponent(id)}`),
  });
  const duplicateOf = ({ id }: Webhook) => ({
    label: text('webhooks.duplicate'),
    icon: <Duplicate />,
    onSelect: () => navigate(`${pathTo('webhooks', 'create')}?copy=${encodeURIComponent(id)}`),
  });
  return {
    nameOf: ({ name }) => name,
    of: (row) => [
      ...actions.edit('webhook.update', pathTo('webhooks', row.id)),
      ...actions.ifAllowed('webhook.test', testOf(row)),
      ...actions.ifAllowed('delivery.read', deliveriesOf(row)),
      ...actions.ifAllowed('webhook.create', duplicateOf(row)),
      ...actions.remove('webhook.delete', () => remove(row)),
    ],
  };
};

const NOTHING: Webhook[] = [];

export const ListPage = () => {
  const text = useText();
  const { may } = usePermissions();
  const query = useListQuery(DEFAULTS);
  const load = useList(query, webhooks.list);
  const rows = load.data?.data ?? NOTHING;
  const { revive, dialog } = useReviving();
  const removal = useRemoval<Webhook>(webhooks.remove);
  const [tested, setTested] = React.useState<Webhook | null>(null);
  const selection = useSelection(rows, {
    isSelectable: () => true,
    nameOf: ({ name }) => name,
  });
  const isValidation = removal.asked?.kind === 'validation';
  return (
    <PageFrame
      permission="webhook.read"
      title={text('webhooks.title')}
      subtitle={text('webhooks.subtitle')}
      primaryAction={<CreateButtons />}
      isBusy={load.isLoading}
    >
      <EndUsersNotices />
      <ResourceList
        query={query}
        load={load}
        columns={useColumns({ rows, onRevive: revive })}
        actions={useActions({ test: setTested, remove: removal.ask })}
        selection={may('webhook.update') ? selection : null}
        searchLabel={text('webhooks.search')}
        filters={<Filters query={query} />}
        empty={{ content: text('webhooks.empty'), action: <CreateButtons /> }}
        nothingFound={text('webhooks.nothingFound')}
      >
        <BulkBar rows={rows} selection={selection} />
      </ResourceList>
      {dialog}
      {tested && <SendTest webhook={tested} isDirty={false} onClose={() => setTested(null)} />}
      <ConfirmRemoval
        removal={removal}
        consequence={text(
          isValidation ? 'webhooks.deleteConsequence.validation' : 'webhooks.deleteConsequence',
        )}
      />
    </PageFrame>
  );
};
