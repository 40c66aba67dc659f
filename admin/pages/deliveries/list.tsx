/** The log of deliveries: filtered, sorted, and fresh as long as something is under way. */
import * as React from 'react';
import { Box, Button, Flex, IconButton } from '@strapi/design-system';
import { ArrowClockwise, ArrowUp, PaperPlane } from '@strapi/icons';
import type { ListedDelivery } from '../../../server/contract/delivery';
import { ResourceList } from '../../lists/resource-list';
import { useSelection } from '../../lists/selection';
import { usePermissions } from '../../services/permissions';
import { PageFrame } from '../../components/page-frame';
import { useText } from '../../translations/use-text';
import { BulkBar, isSelectable } from './bulk-bar';
import { nameOf, useActions, useColumns } from './columns';
import { DeliveryFilters } from './delivery-filters';
import { ExportMenu } from './export-menu';
import { HealthStrip } from './health-strip';
import { isDeadLetters, LogViews } from './log-views';
import { ResendMany } from './resend-many';
import { useDeliveries } from './use-deliveries';

/** Read out when it comes up, because it comes up by itself. */
const NewDeliveries = ({ count, onShow }: { count: number; onShow: () => void }) => {
  const text = useText();
  return (
    <Box aria-live="polite" paddingBottom={count > 0 ? 3 : 0}>
      {count > 0 && (
        <Button size="S" variant="secondary" startIcon={<ArrowUp />} onClick={onShow}>
          {text('deliveries.new', { count })}
        </Button>
      )}
    </Box>
  );
};

const NOTHING: ListedDelivery[] = [];

export const ListPage = () => {
  const text = useText();
  const { may } = usePermissions();
  const { query, list, newCount, health, deadCount, refresh } = useDeliveries();
  const rows = list.data?.data ?? NOTHING;
  const selection = useSelection(rows, { isSelectable, nameOf });
  const mayResend = may('delivery.resend');
  const [isResending, setResending] = React.useState(false);
  const webhooks = health.data?.webhooks ?? [];
  const showNew = () => {
    refresh();
    if (query.values.page !== '1') query.set({ page: null });
  };
  return (
    <PageFrame
      permission="delivery.read"
      title={text('deliveries.title')}
      subtitle={text('deliveries.subtitle')}
      primaryAction={
        <Flex gap={2}>
          <IconButton label={text('deliveries.refresh')} onClick={refresh}>
            <ArrowClockwise />
          </IconButton>
          <ExportMenu filters={query.values} />
          {mayResend && (
            <Button size="S" startIcon={<PaperPlane />} onClick={() => setResending(true)}>
              {text('deliveries.resendMany')}
            </Button>
          )}
        </Flex>
      }
    >
      {health.data && <HealthStrip health={health.data} query={query} />}
      <LogViews query={query} count={deadCount} />
      <DeliveryFilters query={query} webhooks={webhooks} rows={rows} />
      <NewDeliveries count={newCount} onShow={showNew} />
      <ResourceList
        query={query}
        load={list}
        columns={useColumns()}
        actions={useActions()}
        selection={mayResend ? selection : null}
        empty={{ content: text('deliveries.empty') }}
        nothingFound={text(
          isDeadLetters(query) ? 'deliveries.noDeadLetters' : 'deliveries.nothingFound',
        )}
      >
        {mayResend && <BulkBar rows={rows} selection={selection} />}
      </ResourceList>
      {isResending && (
        <ResendMany
          filters={query.values}
          webhooks={webhooks}
          onClose={() => setResending(false)}
        />
      )}
    </PageFrame>
  );
};
