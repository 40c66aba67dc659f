/** Resends many deliveries call by call, so that a page can say how far it is, and can be told to stop. */
import * as React from 'react';
import type { Many } from '../../../server/contract/delivery';
import { deliveries } from '../../services/deliveries';
import { useCall } from '../../services/use-load';

/** Deliveries of one call: few enough that the progress is seen to move. */
const AT_ONCE = 1000;

export type Resending = {
  /** How many are queued so far; null where nothing is being resent. */
  done: number | null;
  /** Answers how many were queued. Throws what the server refused. */
  start: (wish: Many) => Promise<number>;
  /** After the call that is under way. */
  stop: () => void;
};

export const useResending = (): Resending => {
  const resendMany = useCall(deliveries.resendMany);
  const [done, setDone] = React.useState<number | null>(null);
  const isStopped = React.useRef(false);
  const start = async (wish: Many) => {
    isStopped.current = false;
    let count = 0;
    setDone(count);
    try {
      for (let next: string | null | undefined; next !== null && !isStopped.current;) {
        const page = { ...wish, limit: AT_ONCE, ...(next ? { next } : {}) };
        const answer = await resendMany(page);
        count += answer.count;
        next = answer.next ?? null;
        setDone(count);
      }
      return count;
    } finally {
      setDone(null);
    }
  };
  const stop = React.useCallback(() => {
    isStopped.current = true;
  }, []);
  return { done, start, stop };
};
