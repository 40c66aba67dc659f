/** What pages use of an endpoint: what it answered and how far it is, or a function that asks it. */
import * as React from 'react';
import type { Page } from '../../server/contract/api';
import type { Callable, Readable } from './api';
import type { Query } from './query';
import { problemOf, type Problem } from './problem';
import { useReturnAfterLogin } from './session';
import { useAutoRefresh } from './use-auto-refresh';

export type Loaded<T> = {
  /** Kept while it is loaded again, so that a list does not flicker. Undefined until the first answer. */
  data: T | undefined;
  problem: Problem | null;
  isLoading: boolean;
  refresh: () => void;
};

type Options<Result> = {
  /** Nothing is loaded as long as this is true. */
  skip?: boolean;
  /** After how many milliseconds it is loaded again while somebody looks; null: not. A function decides by what is there. */
  every?: number | null | ((data: Result) => number | null);
};

/** Loads what an endpoint answers, and again after a change of it. */
export function useLoad<Result, Arg>(
  endpoint: Readable<Result, Arg>,
  arg: Arg,
  { skip = false, every = null }: Options<Result> = {},
): Loaded<Result> {
  useReturnAfterLogin();
  const { data, error, isFetching, refetch } = endpoint.useQuery(arg, {
    refetchOnMountOrArgChange: true,
    skip,
  });
  // Strapi's cache throws if a query is to be asked again that was never asked.
  const refresh = React.useCallback(() => (skip ? undefined : void refetch()), [refetch, skip]);
  const problem = React.useMemo(() => (error === undefined ? null : problemOf(error)), [error]);
  const wanted = typeof every === 'function' ? data !== undefined && every(data) : every;
  useAutoRefresh({
    isWanted: Boolean(wanted) && !skip && !isFetching && problem === null,
    refresh,
    every: wanted || 0,
  });
  return { data, problem, isLoading: isFetching, refresh };
}

const MOST_A_PAGE = 100;

/** All entries of a list, of however many pages, as they were when they were loaded. */
export function useEveryPage<Entry>(
  list: Readable<Page<Entry>, Query>,
  query: Query,
): Loaded<Entry[]> {
  const [pages, setPages] = React.useState<readonly Entry[][]>([]);
  const [page, setPage] = React.useState(1);
  const [isComplete, setComplete] = React.useState(false);
  const load = useLoad(list, { ...query, page, pageSize: MOST_A_PAGE }, { skip: isComplete });
  const { data, isLoading } = load;
  const answered = !isLoading && data?.meta.pagination.page === page ? data : undefined;
  React.useEffect(() => {
    if (!answered || isComplete) return;
    setPages((before) => [...before.slice(0, page - 1), answered.data]);
    if (page < answered.meta.pagination.pageCount) setPage(page + 1);
    else setComplete(true);
  }, [answered, isComplete, page]);
  return { ...load, data: isComplete ? pages.flat() : undefined };
}

/** How far several loads are, taken together. */
export function together(loads: readonly Loaded<unknown>[]): Omit<Loaded<unknown>, 'data'> {
  return {
    problem: loads.find(({ problem }) => problem)?.problem ?? null,
    isLoading: loads.some(({ isLoading }) => isLoading),
    refresh: () => loads.forEach(({ refresh }) => refresh()),
  };
}

/** The same function on every render. It throws what `problemOf` reads. */
export function useCall<Result, Arg>(
  endpoint: Callable<Result, Arg>,
): (arg: Arg) => Promise<Result> {
  useReturnAfterLogin();
  const [call] = endpoint.useMutation();
  return React.useCallback((arg: Arg) => call(arg).unwrap(), [call]);
}

/** Asks an endpoint that reads, when it is called. The same function on every render. */
export function useFetch<Result, Arg>(
  endpoint: Readable<Result, Arg>,
): (arg: Arg) => Promise<Result> {
  useReturnAfterLogin();
  const { settled } = endpoint;
  const [fetch] = endpoint.useLazyQuery();
  return React.useCallback(
    async (arg: Arg) => {
      await settled();
      return fetch(arg).unwrap();
    },
    [fetch, settled],
  );
}
