/** The table of the list: one row a webhook. */
import * as React from 'react';
import { Box, Flex, Link, Table, Tbody, Td, Thead, Tr, Typography } from '@strapi/design-system';
import { useMediaQuery } from '@strapi/strapi/admin';
import { Duplicate, PaperPlane, Pencil, Play, Trash } from '@strapi/icons';
import { Link as RouterLink, NavLink, useNavigate } from 'react-router-dom';
import type { Webhook } from '../../../server/contract/webhook';
import type { WorkflowChoice } from '../../../server/contract/workflow';
import type { ListQuery } from '../../lists/use-list-query';
import { useCall, useLoad } from '../../services/use-load';
import { webhooks } from '../../services/webhooks';
import { workflows as workflowService } from '../../services/workflows';
import { usePermissions } from '../../services/permissions';
import { StateBadge } from '../../domain/badges';
import { ColumnHeader } from '../../lists/column-header';
import { ConfirmDelete } from '../../components/confirm-delete';
import { pinned } from '../../lists/pinned';
import { RowMenu } from '../../lists/row-menu';
import type { RowPlace } from '../../lists/row-place';
import { TimeAgo } from '../../components/time-ago';
import { useNotice } from '../../components/use-notice';
import { pathTo } from '../../paths';
import { useText } from '../../translations/use-text';
import { EnabledSwitch } from './enabled-switch';
import { KindBadge } from './kind-badge';
import { WebhookHealthCell } from './pause';
import { PlaceSummary } from './place-summary';
import { SendTest } from './send-test';

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

type Acts = { onTest: (webhook: Webhook) => void; onDelete: (webhook: Webhook) => void };

const Actions = ({ webhook, onTest, onDelete }: Acts & { webhook: Webhook }) => {
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
  const test = { label: text('test.send'), icon: <Play />, onSelect: () => onTest(webhook) };
  const duplicate = {
    label: text('webhooks.duplicate'),
    icon: <Duplicate />,
    onSelect: () =>
      navigate(`${pathTo('webhooks', 'create')}?copy=${encodeURIComponent(webhook.id)}`),
  };
  const remove = {
    label: text('common.delete'),
    icon: <Trash />,
    isDanger: true,
    onSelect: () => onDelete(webhook),
  };
  return (
    <RowMenu
      label={text('list.actionsOf', { name: webhook.name })}
      items={[
        ...(may('webhook.update') ? [edit] : []),
        ...(may('webhook.test') ? [test] : []),
        ...(may('delivery.read') ? [deliveries] : []),
        ...(may('webhook.create') ? [duplicate] : []),
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
        <ColumnHeader label={text('webhooks.when')} />
        <ColumnHeader label={text('webhooks.health')} />
        <ColumnHeader label={text('webhooks.lastDelivery')} />
        {isWide && (
          <ColumnHeader label={text('webhooks.created')} sort={{ field: 'createdAt', query }} />
        )}
        <ColumnHeader label={text('webhooks.enabled')} pin="beforeLast" />
        <ColumnHeader label={text('list.actions')} isHidden pin="last" />
      </Tr>
    </Thead>
  );
};

type RowProps = Acts & {
  webhook: Webhook;
  workflows: WorkflowChoice[] | undefined;
  isWide: boolean;
  onRevive: (webhook: Webhook) => void;
  onFailed: () => void;
};

const Row = ({
  webhook,
  workflows,
  isWide,
  onRevive,
  onFailed,
  onTest,
  onDelete,
  ...place
}: RowProps & RowPlace) => (
  <Tr {...place}>
    <Td>
      <NameCell webhook={webhook} isWide={isWide} />
    </Td>
    <Td>
      <Flex direction="column" alignItems="flex-start" gap={1} paddingTop={2} paddingBottom={2}>
        <KindBadge kind={webhook.kind} />
        <PlaceSummary webhook={webhook} workflows={workflows} />
      </Flex>
    </Td>
    <Td>
      <WebhookHealthCell webhook={webhook} />
    </Td>
    <Td>
      <LastDeliveryCell health={webhook.health} />
    </Td>
    {isWide && (
      <Td>
        <TimeAgo at={webhook.createdAt} />
      </Td>
    )}
    <Td {...pinned('beforeLast')}>
      <EnabledSwitch webhook={webhook} onRevive={onRevive} onFailed={onFailed} />
    </Td>
    <Td {...pinned('last')}>
      <Flex justifyContent="flex-end">
        <Actions webhook={webhook} onTest={onTest} onDelete={onDelete} />
      </Flex>
    </Td>
  </Tr>
);

type Props = {
  rows: Webhook[];
  query: ListQuery;
  onRevive: (webhook: Webhook) => void;
  onFailed: () => void;
};

/** To name what the webhooks hang on; where they cannot be read, their keys have to do. */
const useWorkflows = (rows: Webhook[]): WorkflowChoice[] | undefined => {
  const isAnyOfWorkflow = rows.some(({ kind }) => kind !== 'event');
  const { data } = useLoad(workflowService.choices, undefined, { skip: !isAnyOfWorkflow });
  return data?.workflows;
};

export const WebhooksTable = ({ rows, query, onRevive, onFailed }: Props) => {
  const text = useText();
  const removeWebhook = useCall(webhooks.remove);
  const notice = useNotice();
  const workflows = useWorkflows(rows);
  // Beside the settings menu, only a wide window has room for the age, which matters least.
  const isWide = useMediaQuery('(min-width: 1600px)');
  const [tested, setTested] = React.useState<Webhook | null>(null);
  const [doomed, setDoomed] = React.useState<Webhook | null>(null);
  const remove = async ({ id, name }: Webhook) => {
    try {
      await removeWebhook({ id });
      notice.done(text('common.deleted', { name }));
    } catch (error) {
      notice.failed(error);
      onFailed();
    }
  };
  const closeTest = () => setTested(null);
  return (
    <>
      <Table colCount={isWide ? 7 : 6} rowCount={rows.length + 1}>
        <Head query={query} isWide={isWide} />
        <Tbody>
          {rows.map((webhook) => (
            <Row
              key={webhook.id}
              webhook={webhook}
              workflows={workflows}
              isWide={isWide}
              onRevive={onRevive}
              onFailed={onFailed}
              onTest={setTested}
              onDelete={setDoomed}
            />
          ))}
        </Tbody>
      </Table>
      {tested && <SendTest webhook={tested} isDirty={false} onClose={closeTest} />}
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
