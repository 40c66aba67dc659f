/** The statistics of the time that the address names, fresh as long as somebody looks. */
import { useSearchParams } from 'react-router-dom';
import { deliveries } from '../../services/deliveries';
import { useLoad } from '../../services/use-load';
import { lengthOf, rangeIn, type RangeName } from './ranges';

const REFRESH_EVERY_MS = 10_000;

export const useOverview = () => {
  const [params, setParams] = useSearchParams();
  const range = rangeIn(params.get('range'));
  const load = useLoad(
    deliveries.statistics,
    { lastMs: lengthOf(range) },
    { every: REFRESH_EVERY_MS },
  );
  const setRange = (next: RangeName) => setParams({ range: next }, { replace: true });
  return { range, setRange, load };
};
