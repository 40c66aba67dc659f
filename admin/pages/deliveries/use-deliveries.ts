/**
 * Loads the log, and keeps it fresh while somebody looks at it. Rows must not move away from under a reader: what is new
 * does not push the others down by itself. The list stays as it was when it was opened, only states and counts change,
 * and a button says how many new deliveries there are and shows them. An empty list, where nothing can move, fills up.
 */
import * as React from 'react';
import type { ListedDelivery } from '../../../server/contract/delivery';
import type { Page } from '../../../server/contract/api';
import { useApi, type Api } from '../../api/use-api';
import { useAutoRefresh } from '../../api/use-auto-refresh';
import { useList } from '../../api/use-list';
import { useListQuery } from '../../api/use-list-query';
import { useLoad } from '../../api/use-load';
import { isMoving } from './delivery-states';
import { DEAD_LETTERS } from './log-views';

type Values = Record<string, string>;
type Loaded = Page<ListedDelivery> & { newCount: number };

/** The newest delivery when the list was opened, and the filters that it was opened with. */
type Mark = { filters: string; upTo: string };

const NEWEST_FIRST = 'createdAt:desc';
const DEFAULTS = { sort: NEWEST_FIRST };
/** While something is under way, and while only new deliveries are awaited. */
const MOVING_EVERY_MS = 4000;
const RESTING_EVERY_MS = 10_000;

const filtersOf = ({ page: _page, pageSize: _pageSize, ...filters }: Values) => filters;

const loadMarked = async (api: Api, values: Values, known: Mark | null): Promise<Loaded> => {
  if (!known) return { ...(await api.deliveries.list(values)), newCount: 0 };
  const fresh = { ...filtersOf(values), after: known.upTo, pageSize: 1 };
  const [page, newer] = await Promise.all([
    api.deliveries.list({ ...values, upTo: known.upTo }),
    api.deliveries.list(fresh),
  ]);
  return { ...page, newCount: newer.meta.pagination.total };
};

const useMarkedList = (api: Api, query: ReturnType<typeof useListQuery>) => {
  const mark = React.useRef<Mark | null>(null);
  const list = useList(
    query,
    React.useCallback(
      async (values: Values) => {
        const filters = JSON.stringify(filtersOf(values));
        const known = mark.current?.filters === filters ? mark.current : null;
        const loaded = await loadMarked(api, values, known);
        const [newest] = loaded.data;
        // On a later page, or in another order, the newest that is shown is not the newest that there is.
        const isTop = values.page === '1' && values.sort === NEWEST_FIRST;
        if (!known) mark.current = isTop && newest ? { filters, upTo: newest.id } : null;
        return loaded;
      },
      [api],
    ),
  );
  const forget = React.useCallback(() => {
    mark.current = null;
  }, []);
  return { list, forget };
};

export const useDeliveries = () => {
  const api = useApi();
  const query = useListQuery(DEFAULTS);
  const { list, forget } = useMarkedList(api, query);
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
  /** As the list was opened. */
  const follow = React.useCallback(() => {
    refreshList();
    refreshHealth();
    refreshDead();
  }, [refreshList, refreshHealth, refreshDead]);
  /** With what is new. */
  const refresh = React.useCallback(() => {
    forget();
    follow();
  }, [forget, follow]);
  const isWanted = !list.isLoading && !health.isLoading && !dead.isLoading && !list.problem;
  const every = list.data?.data.some(isMoving) ? MOVING_EVERY_MS : RESTING_EVERY_MS;
  useAutoRefresh({ isWanted, refresh: follow, every });
  return { query, list, health, dead, follow, refresh };
};
