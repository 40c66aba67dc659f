/**
 * The end of a session. Strapi renews an access token before an endpoint answers 401, so a 401 says that the session is over:
 * Strapi then logs out, and leads to the login. The plugin says why, and leads from the login back to the page.
 */
import * as React from 'react';
import { useNotification } from '@strapi/strapi/admin';
import { useLocation, useNavigate } from 'react-router-dom';
import { useText } from '../translations/use-text';

/** Where Strapi's client looks for the access token. */
const TOKEN = 'jwtToken';

export function isSignedIn(): boolean {
  return (
    window.localStorage.getItem(TOKEN) !== null ||
    document.cookie.split(';').some((cookie) => cookie.trim().startsWith(`${TOKEN}=`))
  );
}

/** What the page that was shown last does at the end of the session. It may be gone by then. */
let leave: (() => void) | null = null;

/** To be called by everything that asks the server. */
export function useReturnAfterLogin(): void {
  const text = useText();
  const navigate = useNavigate();
  const { pathname, search } = useLocation();
  const { toggleNotification } = useNotification();
  React.useEffect(() => {
    leave = () => {
      toggleNotification({ type: 'warning', message: text('session.ended') });
      const redirectTo = encodeURIComponent(`${pathname}${search}`);
      navigate(`/auth/login?redirectTo=${redirectTo}`, { replace: true });
    };
  }, [text, navigate, pathname, search, toggleNotification]);
}

/** The first request that fails because of it leads away. Strapi may ask first whether a document stays unsaved. */
export function endOfSession(error: unknown): void {
  if ((error as { status?: unknown } | null)?.status !== 401 || isSignedIn()) return;
  leave?.();
  leave = null;
}
