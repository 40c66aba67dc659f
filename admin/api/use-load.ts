/** Loads something for a page, and says how far it is. */
import * as React from 'react';
import { isAborted, problemOf, type Problem } from './problem';

export type Loaded<T> = {
  /** Kept while it is loaded anew, so that a list does not flicker; undefined until the first answer. */
  data: T | undefined;
  problem: Problem | null;
  isLoading: boolean;
  refresh: () => void;
  /** Puts an answer that is known already in place, without a request. */
  replace: (data: T) => void;
};

type State<T> = Pick<Loaded<T>, 'data' | 'problem' | 'isLoading'>;

/** `load` comes from useCallback: it is called anew whenever it is another function. */
export const useLoad = <T>(load: () => Promise<T>): Loaded<T> => {
  const [state, setState] = React.useState<State<T>>({
    data: undefined,
    problem: null,
    isLoading: true,
  });
  const [round, setRound] = React.useState(0);

  React.useEffect(() => {
    let isCurrent = true;
    setState((before) => ({ ...before, isLoading: true }));
    load().then(
      (data) => isCurrent && setState({ data, problem: null, isLoading: false }),
      (error: unknown) => {
        if (!isCurrent || isAborted(error)) return;
        setState((before) => ({ ...before, problem: problemOf(error), isLoading: false }));
      },
    );
    return () => {
      isCurrent = false;
    };
  }, [load, round]);

  const refresh = React.useCallback(() => setRound((before) => before + 1), []);
  const replace = React.useCallback(
    (data: T) => setState({ data, problem: null, isLoading: false }),
    [],
  );
  return { ...state, refresh, replace };
};
