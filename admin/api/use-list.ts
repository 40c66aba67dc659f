/** Loads the page of a list that the address names; every list of the panel uses it. */
import * as React from 'react';
import type { Page } from '../../server/contract/api';
import type { ListQuery } from './use-list-query';
import { useLoad, type Loaded } from './use-load';

type Values = ListQuery['values'];

/** From useCallback, or a function of the API, which stays the same: another one loads anew. */
export type LoadList<P> = (values: Values) => Promise<P>;

export type LoadedList<P> = Omit<Loaded<P>, 'replace'>;

/** The page that is asked for, or the last one where there are no longer as many. */
const pageWithin = async <P extends Page<unknown>>(list: LoadList<P>, asked: Values) => {
  const page = await list(asked);
  const last = Math.max(page.meta.pagination.pageCount, 1);
  return Number(asked.page) <= last ? page : list({ ...asked, page: String(last) });
};

/**
 * Deletions, filters and actions on many rows can leave the address at a page that is gone. An empty page would say
 * that nothing is there, without links to the pages that are. The last page is shown then, and the address corrected.
 */
export const useList = <P extends Page<unknown>>(
  { values, set }: ListQuery,
  list: LoadList<P>,
): LoadedList<P> => {
  const { data, problem, isLoading, refresh } = useLoad(
    React.useCallback(
      async () => ({ asked: values, page: await pageWithin(list, values) }),
      [list, values],
    ),
  );
  // While another page loads, the answer is still that of the page before.
  const shown = data?.asked === values ? data.page.meta.pagination.page : null;
  React.useEffect(() => {
    if (shown === null || String(shown) === values.page) return;
    set({ page: shown === 1 ? null : String(shown) }, { replace: true });
  }, [shown, values, set]);
  return { data: data?.page, problem, isLoading, refresh };
};
