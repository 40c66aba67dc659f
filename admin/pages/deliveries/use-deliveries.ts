/**
 * Loads the log, and keeps it fresh while somebody looks at it. Rows must not move away from under a reader: what is new
 * does not push the others down by itself. The list stays as it was when it was opened, only states and counts change,
 * and a button says how many new deliveries there are and shows them. An empty list, where nothing can move, fills up.
 */
import * as React from 'react';
import { useList } from '../../lists/use-list';
import { useListQuery, type ListQuery } from '../../lists/use-list-query';
import { deliveries } from '../../services/deliveries';
import { useAutoRefresh } from '../../services/use-auto-refresh';
import { useLoad } from '../../services/use-load';
import { isMoving } from './delivery-states';
import { DEAD_LETTERS } from './log-views';

type Values = ListQuery['values'];

/** The newest delivery when the list was opened, and the filters that it was opened with. */
type Mark = { filters: string; upTo: string };

const NEWEST_FIRST = 'createdAt:desc';
const DEFAULTS = { sort: NEWEST_FIRST };
/** While something is in progress, and while only new deliveries are awaited. */
const MOVING_EVERY_MS = 4000;
const RESTING_EVERY_MS = 10_000;

const filtersOf = ({ page: _page, pageSize: _pageSize, ...filters }: Values) => filters;

/** The total of a list of which no entry is shown. */
const COUNTED = { pageSize: 1 };

const useMarkedList = (query: ListQuery) => {
  const { values } = query;
  const filters = JSON.stringify(filtersOf(values));
  const [mark, setMark] = React.useState<Mark | null>(null);
  const upTo = mark?.filters === filters ? mark.upTo : undefined;
  const list = useList(query, deliveries.list, { also: { upTo } });
  const newer = useLoad(
    deliveries.list,
    { ...filtersOf(values), ...COUNTED, after: upTo },
    { skip: upTo === undefined },
  );
  const newest = list.isLoading ? undefined : list.data?.data[0]?.id;
  // On a later page, or in another order, the newest that is shown is not the newest that there is.
  const isTop = values.page === '1' && values.sort === NEWEST_FIRST;
  const isToMark = upTo === undefined && isTop && newest !== undefined;
  React.useEffect(() => {
    if (isToMark) setMark({ filters, upTo: newest });
  }, [isToMark, filters, newest]);
  const newCount = upTo === undefined ? 0 : (newer.data?.meta.pagination.total ?? 0);
  /** Shows what is new: without its mark, the list is loaded by itself. */
  const renew = () => (upTo === undefined ? list.refresh() : setMark(null));
  return { list, newer, newCount, renew };
};

export const useDeliveries = () => {
  const query = useListQuery(DEFAULTS);
  const { list, newer, newCount, renew } = useMarkedList(query);
  const health = useLoad(deliveries.health, undefined);
  const { webhook } = query.values;
  const dead = useLoad(deliveries.list, { ...DEAD_LETTERS, webhook, ...COUNTED });
  const all = [list, newer, health, dead];
  const latest = React.useRef(all);
  latest.current = all;
  /** As the list was opened. */
  const follow = React.useCallback(() => {
    for (const { refresh } of latest.current) refresh();
  }, []);
  const isWanted = !all.some(({ isLoading }) => isLoading) && !list.problem;
  const every = list.data?.data.some(isMoving) ? MOVING_EVERY_MS : RESTING_EVERY_MS;
  useAutoRefresh({ isWanted, refresh: follow, every });
  return {
    query,
    list,
    newCount,
    health,
    deadCount: dead.data?.meta.pagination.total,
    /** With what is new. */
    refresh: () => {
      renew();
      health.refresh();
      dead.refresh();
    },
  };
};
