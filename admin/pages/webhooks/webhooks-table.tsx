/** The table of the list: one row a webhook. */
import * as React from 'react';
import { Box, Flex, Table, Tbody, Td, Thead, Tr, Typography } from '@strapi/design-system';
import { useIsDesktop } from '@strapi/strapi/admin';
import { PaperPlane, Pencil, Trash } from '@strapi/icons';
import { Link as RouterLink, useNavigate } from 'react-router-dom';
import type { Webhook } from '../../../server/contract/webhook';
import type { WorkflowChoice } from '../../../server/contract/workflow';
import { useApi } from '../../api/use-api';
import type { ListQuery } from '../../api/use-list-query';
import { useLoad } from '../../api/use-load';
import { usePermissions } from '../../api/use-permissions';
import { ColumnHeader } from '../../components/column-header';
import { ConfirmDelete } from '../../components/confirm-delete';
import { RowMenu } from '../../components/row-menu';
import type { RowPlace } from '../../components/row-place';
import { TimeAgo } from '../../components/time-ago';
import { useNotice } from '../../components/use-notice';
import { pathTo } from '../../paths';
import { useText } from '../../translations/use-text';
import { EnabledSwitch } from './enabled-switch';
import { KindBadge } from './kind-badge';
import { WebhookHealthCell } from './pause';
import { PlaceSummary } from './place-summary';

const NameCell = ({ webhook }: { webhook: Webhook }) => (
  <Box maxWidth={{ initial: '18rem', large: '26rem' }}>
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

const Actions = ({ webhook, onDelete }: { webhook: Webhook; onDelete: () => void }) => {
  const text = useText();
  const navigate = useNavigate();
  const { may } = usePermissions();
  const edit = {
    label: text('common.edit'),
    icon: <Pencil />,
    onSelect: () => navigate(pathTo('webhooks', webhook.id)),
  };
  const deliveries = {
    label: text('webhooks.showDeliveries'),
    icon: <PaperPlane />,
    onSelect: () => navigate(`${pathTo('deliveries')}?webhook=${encodeURIComponent(webhook.id)}`),
  };
  const remove = {
    label: text('common.delete'),
    icon: <Trash />,
    isDanger: true,
    onSelect: onDelete,
  };
  return (
    <RowMenu
      label={text('list.actionsOf', { name: webhook.name })}
      items={[
        ...(may('webhook.update') ? [edit] : []),
        ...(may('delivery.read') ? [deliveries] : []),
        ...(may('webhook.delete') ? [remove] : []),
      ]}
    />
  );
};

const Head = ({ query, isWide }: { query: ListQuery; isWide: boolean }) => {
  const text = useText();
  return (
    <Thead>
      <Tr>
        <ColumnHeader label={text('webhooks.name')} sort={{ field: 'name', query }} />
        <ColumnHeader label={text('kind.label')} />
        <ColumnHeader label={text('webhooks.when')} />
        <ColumnHeader label={text('webhooks.health')} />
        {isWide && (
          <ColumnHeader label={text('webhooks.created')} sort={{ field: 'createdAt', query }} />
        )}
        <ColumnHeader label={text('webhooks.enabled')} />
        <ColumnHeader label={text('list.actions')} isHidden />
      </Tr>
    </Thead>
  );
};

type RowProps = {
  webhook: Webhook;
  workflows: WorkflowChoice[] | undefined;
  isWide: boolean;
  refresh: () => void;
  onDelete: () => void;
};

const Row = ({ webhook, workflows, isWide, refresh, onDelete, ...place }: RowProps & RowPlace) => (
  <Tr {...place}>
    <Td>
      <NameCell webhook={webhook} />
    </Td>
    <Td>
      <KindBadge kind={webhook.kind} />
    </Td>
    <Td>
      <PlaceSummary webhook={webhook} workflows={workflows} />
    </Td>
    <Td>
      <WebhookHealthCell webhook={webhook} />
    </Td>
    {isWide && (
      <Td>
        <TimeAgo at={webhook.createdAt} />
      </Td>
    )}
    <Td>
      <EnabledSwitch webhook={webhook} onChanged={refresh} />
    </Td>
    <Td>
      <Flex justifyContent="flex-end">
        <Actions webhook={webhook} onDelete={onDelete} />
      </Flex>
    </Td>
  </Tr>
);

type Props = { webhooks: Webhook[]; query: ListQuery; refresh: () => void };

/** To name what the webhooks hang on; where they cannot be read, their keys have to do. */
const useWorkflows = (webhooks: Webhook[]): WorkflowChoice[] | undefined => {
  const api = useApi();
  const isAnyOfWorkflow = webhooks.some(({ kind }) => kind !== 'event');
  const { data, problem } = useLoad(
    React.useCallback(
      async () => (isAnyOfWorkflow ? (await api.workflows.choices()).workflows : undefined),
      [api, isAnyOfWorkflow],
    ),
  );
  return problem ? undefined : data;
};

export const WebhooksTable = ({ webhooks, query, refresh }: Props) => {
  const text = useText();
  const api = useApi();
  const notice = useNotice();
  const workflows = useWorkflows(webhooks);
  // Beside the settings menu, a narrow window has room for what matters, which is not the age.
  const isWide = useIsDesktop();
  const [doomed, setDoomed] = React.useState<Webhook | null>(null);
  const remove = async ({ id, name }: Webhook) => {
    try {
      await api.webhooks.remove(id);
      notice.done(text('common.deleted', { name }));
    } catch (error) {
      notice.failed(error);
    }
    refresh();
  };
  return (
    <>
      <Table colCount={isWide ? 7 : 6} rowCount={webhooks.length + 1}>
        <Head query={query} isWide={isWide} />
        <Tbody>
          {webhooks.map((webhook) => (
            <Row
              key={webhook.id}
              webhook={webhook}
              workflows={workflows}
              isWide={isWide}
              refresh={refresh}
              onDelete={() => setDoomed(webhook)}
            />
          ))}
        </Tbody>
      </Table>
      <ConfirmDelete
        name={doomed?.name ?? null}
        consequence={text(
          doomed?.kind === 'validation'
            ? 'webhooks.deleteConsequence.validation'
            : 'webhooks.deleteConsequence',
        )}
        onConfirm={() => (doomed ? remove(doomed) : undefined)}
        onClose={() => setDoomed(null)}
      />
    </>
  );
};
