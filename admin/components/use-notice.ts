/** The notices at the top of the panel: that something was done, or why it was not. */
import * as React from 'react';
import { useNotification } from '@strapi/strapi/admin';
import { problemOf, sentenceOf } from '../services/problem';
import { useText } from '../translations/use-text';

export type Notice = {
  done: (message: string) => void;
  warn: (message: string) => void;
  /** Takes whatever was thrown; shows the server's own sentence. */
  failed: (error: unknown) => void;
};

export const useNotice = (): Notice => {
  const { toggleNotification } = useNotification();
  const text = useText();
  return React.useMemo(
    () => ({
      done: (message) => toggleNotification({ type: 'success', message }),
      warn: (message) => toggleNotification({ type: 'warning', message }),
      failed: (error) => {
        const problem = problemOf(error);
        // Another request has already reported the end of the session.
        if (problem.status === 401) return;
        toggleNotification({ type: 'danger', message: sentenceOf(problem, text) });
      },
    }),
    [toggleNotification, text],
  );
};
