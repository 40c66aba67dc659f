/** Loads the page of a list that the address names. Every list of the panel uses it. */
import * as React from 'react';
import type { Page } from '../../server/contract/api';
import type { Readable } from '../services/api';
import type { Query } from '../services/query';
import { useLoad, type Loaded } from '../services/use-load';
import type { ListQuery } from './use-list-query';

type Options<P> = { every?: number | null | ((page: P) => number | null); also?: Query };

/**
 * Deletions, filters and actions on many rows can leave the address at a page that is gone. An empty page would say that
 * nothing is there, without links to the pages that are: the address is corrected to the last page, and that one is shown.
 */
export const useList = <P extends Page<unknown>>(
  { values, set }: ListQuery,
  list: Readable<P, Query>,
  { also, ...options }: Options<P> = {},
): Loaded<P> => {
  const load = useLoad(list, { ...values, ...also }, options);
  const { data, isLoading } = load;
  const pagination = data?.meta.pagination;
  const last = Math.max(pagination?.pageCount ?? 1, 1);
  const isBeyond = pagination !== undefined && pagination.page > last;
  React.useEffect(() => {
    if (!isBeyond || isLoading) return;
    set({ page: last === 1 ? null : String(last) }, { replace: true });
  }, [isBeyond, isLoading, last, set]);
  // The empty page that is left is not shown.
  return isBeyond ? { ...load, data: undefined } : load;
};
