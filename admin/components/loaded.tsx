/** Shows what was loaded, or the spinner, or why it failed. */
import type * as React from 'react';
import type { Loaded as Load } from '../services/use-load';
import { LoadFailed } from './load-failed';
import { Loading } from './loading';

type Props<T> = { load: Omit<Load<T>, 'replace'>; children: (data: T) => React.ReactNode };

/** A failed reload replaces what was there: stale data that looks fresh would mislead. */
export const Loaded = <T,>({ load, children }: Props<T>) => {
  if (load.problem && !load.isLoading) {
    return <LoadFailed problem={load.problem} onRetry={load.refresh} />;
  }
  return load.data === undefined ? <Loading /> : <>{children(load.data)}</>;
};
