/** The log of deliveries: filtered, sorted, and fresh as long as something is under way. */
import * as React from 'react';
import { Button, Flex, IconButton } from '@strapi/design-system';
import { ArrowClockwise, PaperPlane } from '@strapi/icons';
import type { Delivery } from '../../../server/contract/delivery';
import { useApi } from '../../api/use-api';
import { useList } from '../../api/use-list';
import { useListQuery, type ListQuery } from '../../api/use-list-query';
import { useLoad } from '../../api/use-load';
import { usePermissions } from '../../api/use-permissions';
import { EmptyState } from '../../components/empty-state';
import { Loaded } from '../../components/loaded';
import { PageFrame } from '../../components/page-frame';
import { Paging } from '../../components/paging';
import { useText } from '../../translations/use-text';
import { DeliveriesTable } from './deliveries-table';
import { DeliveryFilters, NO_FILTERS } from './delivery-filters';
import { isMoving } from './delivery-states';
import { ExportMenu } from './export-menu';
import { HealthStrip } from './health-strip';
import { DEAD_LETTERS, isDeadLetters, LogViews } from './log-views';
import { ResendMany } from './resend-many';
import { SelectionBar, useSelection } from './selection';
import { useAutoRefresh } from '../../api/use-auto-refresh';

const DEFAULTS = { sort: 'createdAt:desc' };
const REFRESH_EVERY_MS = 4000;

const useDeliveries = () => {
  const api = useApi();
  const query = useListQuery(DEFAULTS);
  const list = useList(query, api.deliveries.list);
  const health = useLoad(api.health);
  const { webhook } = query.values;
  const dead = useLoad(
    React.useCallback(
      async () =>
        (await api.deliveries.list({ ...DEAD_LETTERS, webhook, pageSize: 1 })).meta.pagination
          .total,
      [api, webhook],
    ),
  );
  const refreshList = list.refresh;
  const refreshHealth = health.refresh;
  const refreshDead = dead.refresh;
  const refresh = React.useCallback(() => {
    refreshList();
    refreshHealth();
    refreshDead();
  }, [refreshList, refreshHealth, refreshDead]);
  const isSettled = !list.isLoading && !health.isLoading && !dead.isLoading && !list.problem;
  const isWanted = isSettled && (list.data?.data.some(isMoving) ?? false);
  useAutoRefresh({ isWanted, refresh, every: REFRESH_EVERY_MS });
  return { query, list, health, dead, refresh };
};

const Empty = ({ query }: { query: ListQuery }) => {
  const text = useText();
  const isDead = isDeadLetters(query);
  const nothing = query.isNarrowed ? 'deliveries.nothingFound' : 'deliveries.empty';
  return (
    <EmptyState
      content={text(isDead ? 'deliveries.noDeadLetters' : nothing)}
      action={
        query.isNarrowed && (
          <Button variant="secondary" onClick={() => query.set(NO_FILTERS)}>
            {text('deliveries.clearFilters')}
          </Button>
        )
      }
    />
  );
};

const NOTHING: Delivery[] = [];

export const DeliveriesList = () => {
  const text = useText();
  const { may } = usePermissions();
  const { query, list, health, dead, refresh } = useDeliveries();
  const rows = list.data?.data ?? NOTHING;
  const selection = useSelection(rows);
  const mayResend = may('delivery.resend');
  const [isResending, setResending] = React.useState(false);
  const webhooks = health.data?.webhooks ?? [];
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
      {health.data && <HealthStrip health={health.data} />}
      <LogViews query={query} count={dead.data} />
      <DeliveryFilters query={query} webhooks={webhooks} />
      <Loaded load={list}>
        {({ data, meta }) =>
          meta.pagination.total === 0 ? (
            <Empty query={query} />
          ) : (
            <>
              {mayResend && <SelectionBar rows={data} selection={selection} onDone={refresh} />}
              <DeliveriesTable
                rows={data}
                query={query}
                selection={mayResend ? selection : null}
                onResent={refresh}
              />
              <Paging pagination={meta.pagination} />
            </>
          )
        }
      </Loaded>
      {isResending && (
        <ResendMany
          filters={query.values}
          webhooks={webhooks}
          onResent={refresh}
          onClose={() => setResending(false)}
        />
      )}
    </PageFrame>
  );
};
