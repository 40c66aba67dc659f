/** A list's page, sort, search and filters, kept in the address, so that a link or a reload shows the same list. */
import * as React from 'react';
import { useSearchParams } from 'react-router-dom';

export type ListQuery = {
  /** What the list endpoint is asked for: what the address says, over the defaults. */
  values: Record<string, string>;
  /**
   * Changes some of them (empty or null: removes); anything but a new page goes back to the first page. `replace`: the
   * browser's way back does not lead to what the address says now.
   */
  set: (patch: Record<string, string | null>, options?: { replace: boolean }) => void;
  /** Takes every search and filter away. */
  clear: () => void;
  /** Whether a search or a filter hides something: tells "nothing there" from "nothing found". */
  isNarrowed: boolean;
};

const PAGING = ['page', 'pageSize', 'sort'];

const isPaging = ([key]: [string, string]) => key === 'pageSize' || key === 'sort';

const changed = (before: URLSearchParams, patch: Record<string, string | null>) => {
  const next = new URLSearchParams(before);
  if (!('page' in patch)) next.delete('page');
  for (const [key, value] of Object.entries(patch)) {
    if (value) next.set(key, value);
    else next.delete(key);
  }
  return next;
};

/** `defaults` is declared outside the component, or it would be new on every render. */
export const useListQuery = (defaults: Record<string, string>): ListQuery => {
  const [params, setParams] = useSearchParams();
  const values = React.useMemo(
    () => ({ page: '1', pageSize: '10', ...defaults, ...Object.fromEntries(params) }),
    [defaults, params],
  );
  const set = React.useCallback(
    (patch: Record<string, string | null>, options?: { replace: boolean }) =>
      setParams((before) => changed(before, patch), options),
    [setParams],
  );
  const clear = React.useCallback(
    () => setParams((before) => new URLSearchParams([...before].filter(isPaging))),
    [setParams],
  );
  const isNarrowed = [...params.keys()].some((key) => !PAGING.includes(key));
  return { values, set, clear, isNarrowed };
};
