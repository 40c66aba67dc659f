/** The statistics of the time that the address names, fresh as long as somebody looks. */
import * as React from 'react';
import { useSearchParams } from 'react-router-dom';
import { useApi } from '../../api/use-api';
import { useLoad } from '../../api/use-load';
import { useAutoRefresh } from '../../api/use-auto-refresh';
import { rangeIn, startOf, type RangeName } from './ranges';

const REFRESH_EVERY_MS = 10_000;

export const useOverview = () => {
  const api = useApi();
  const [params, setParams] = useSearchParams();
  const range = rangeIn(params.get('range'));
  const load = useLoad(
    React.useCallback(
      // Kept beside the figures: while those of another time are loaded, the old ones keep their own axis.
      async () => ({
        range,
        statistics: await api.statistics({ from: startOf(range, Date.now()) }),
      }),
      [api, range],
    ),
  );
  const isWanted = !load.isLoading && !load.problem;
  useAutoRefresh({ isWanted, refresh: load.refresh, every: REFRESH_EVERY_MS });
  const setRange = (next: RangeName) => setParams({ range: next }, { replace: true });
  return { range, setRange, load };
};
