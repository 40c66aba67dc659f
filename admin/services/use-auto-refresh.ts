/** Loads anew while something is under way and somebody looks at it. */
import * as React from 'react';

type Options = {
  /** Whether there is anything to wait for. False while a load runs, so that loads never overlap. */
  isWanted: boolean;
  /** Comes from useCallback, or every render starts the wait again. */
  refresh: () => void;
  /** Milliseconds between the end of a load and the next. */
  every: number;
};

export const useAutoRefresh = ({ isWanted, refresh, every }: Options) => {
  React.useEffect(() => {
    if (!isWanted) return;
    const refreshIfSeen = () => {
      if (document.visibilityState === 'visible') refresh();
    };
    const timer = setTimeout(refreshIfSeen, every);
    document.addEventListener('visibilitychange', refreshIfSeen);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', refreshIfSeen);
    };
  }, [isWanted, refresh, every]);
};
