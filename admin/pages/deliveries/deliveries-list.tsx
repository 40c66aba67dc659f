/** The log of deliveries: filtered, sorted, and fresh as long as something is under way. */
import * as React from 'react';
import { Button, Flex, IconButton } from '@strapi/design-system';
import { ArrowClockwise, PaperPlane } from '@strapi/icons';
import { useApi } from '../../api/use-api';
import { useListQuery } from '../../api/use-list-query';
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
import { HealthStrip } from './health-strip';
import { ResendMany } from './resend-many';
import { useAutoRefresh } from './use-auto-refresh';

const DEFAULTS = { sort: 'createdAt:desc' };
const REFRESH_EVERY_MS = 4000;

const useDeliveries = () => {
  const api = useApi();
  const query = useListQuery(DEFAULTS);
  const list = useLoad(
    React.useCallback(() => api.deliveries.list(query.values), [api, query.values]),
  );
  const health = useLoad(api.health);
  const refreshList = list.refresh;
  const refreshHealth = health.refresh;
  const refresh = React.useCallback(() => {
    refreshList();
    refreshHealth();
  }, [refreshList, refreshHealth]);
  const isSettled = !list.isLoading && !health.isLoading && !list.problem;
  const isWanted = isSettled && (list.data?.data.some(isMoving) ?? false);
  useAutoRefresh({ isWanted, refresh, every: REFRESH_EVERY_MS });
  return { query, list, health, refresh };
};

export const DeliveriesList = () => {
  const text = useText();
  const { may } = usePermissions();
  const { query, list, health, refresh } = useDeliveries();
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
          {may('delivery.resend') && (
            <Button size="S" startIcon={<PaperPlane />} onClick={() => setResending(true)}>
              {text('deliveries.resendMany')}
            </Button>
          )}
        </Flex>
      }
    >
      {health.data && <HealthStrip health={health.data} />}
      <DeliveryFilters query={query} webhooks={webhooks} />
      <Loaded load={list}>
        {({ data, meta }) =>
          meta.pagination.total === 0 ? (
            <EmptyState
              content={text(query.isNarrowed ? 'deliveries.nothingFound' : 'deliveries.empty')}
              action={
                query.isNarrowed && (
                  <Button variant="secondary" onClick={() => query.set(NO_FILTERS)}>
                    {text('deliveries.clearFilters')}
                  </Button>
                )
              }
            />
          ) : (
            <>
              <DeliveriesTable rows={data} query={query} onResent={refresh} />
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
