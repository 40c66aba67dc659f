/**
 * Ends the session in Strapi's own way. Its client renews an access token before we learn of a 401, so a 401 says that
 * the session is over. Strapi acts on a 401 of its cached requests alone, not of the client that we use: so the end is
 * told to it as a failed request of that cache, and Strapi clears what it holds.
 */
import * as React from 'react';
import { adminApi, useNotification } from '@strapi/strapi/admin';
import { useLocation, useNavigate } from 'react-router-dom';
import { useText } from '../translations/use-text';
import { isSignedIn } from './signed-in';

const sessionApi = adminApi.injectEndpoints({
  endpoints: (builder) => ({
    endWorkflowWebhooksSession: builder.mutation<null, void>({
      queryFn: () => ({
        error: { name: 'UnauthorizedError', status: 401, message: 'The session has ended.' },
      }),
    }),
  }),
});

/** One end for all requests that fail of it at the same time. */
let ending: Promise<void> | null = null;

/** The same function on every render. Says that the session has ended, and leads to the login, and from there back. */
export const useSessionEnd = (): (() => void) => {
  const text = useText();
  const navigate = useNavigate();
  const { pathname, search } = useLocation();
  const { toggleNotification } = useNotification();
  const [endSession] = sessionApi.useEndWorkflowWebhooksSessionMutation();
  const end = async () => {
    await endSession();
    toggleNotification({ type: 'warning', message: text('session.ended') });
    // Strapi leads to the login too, but not back from it.
    const redirectTo = encodeURIComponent(`${pathname}${search}`);
    navigate(`/auth/login?redirectTo=${redirectTo}`, { replace: true });
  };
  const latest = React.useRef(end);
  latest.current = end;
  return React.useCallback(() => {
    if (!isSignedIn()) return;
    ending ??= latest.current().finally(() => {
      ending = null;
    });
  }, []);
};
