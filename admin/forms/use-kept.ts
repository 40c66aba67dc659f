/**
 * Keeps what was typed into a form when the session ends under it, in this tab and for this administrator, until the
 * form is opened again. A secret is never kept: the caller leaves it out and says so.
 */
import * as React from 'react';
import { useAuth, useNotification } from '@strapi/strapi/admin';
import { useLocation } from 'react-router-dom';
import { PLUGIN_ID } from '../../server/contract/names';
import type { Version } from '../../server/contract/api';
import { useText } from '../translations/use-text';
import { isSignedIn } from '../services/session';

export type Kept<Draft> = {
  draft: Draft;
  /** The `updatedAt` that the form was filled from. If somebody has saved since, saving is a conflict. */
  version: Version;
  lacksSecrets: boolean;
};

const read = <Draft>(key: string): Kept<Draft> | null => {
  const text = sessionStorage.getItem(key);
  return text === null ? null : (JSON.parse(text) as Kept<Draft>);
};

/** `now` answers what is to be kept; null where nothing was typed. */
export const useKept = <Draft>(
  name: string,
): { kept: Kept<Draft> | null; keep: (now: () => Kept<Draft> | null) => void } => {
  const text = useText();
  const { pathname } = useLocation();
  const { toggleNotification } = useNotification();
  const user = useAuth('WorkflowWebhooks', ({ user: one }) => one?.id);
  const [key] = React.useState(() => [PLUGIN_ID, 'kept', user, pathname, name].join(' '));
  const [kept] = React.useState(() => read<Draft>(key));
  const latest = React.useRef<() => Kept<Draft> | null>(() => null);

  React.useEffect(() => {
    if (!kept) return;
    sessionStorage.removeItem(key);
    toggleNotification({
      type: 'warning',
      message: text(kept.lacksSecrets ? 'session.restoredWithoutSecrets' : 'session.restored'),
      blockTransition: true,
    });
    // Once, for what was there when the form was opened.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);

  React.useEffect(
    () => () => {
      const found = isSignedIn() ? null : latest.current();
      if (found) sessionStorage.setItem(key, JSON.stringify(found));
    },
    [key],
  );

  return {
    kept,
    keep: (now) => {
      latest.current = now;
    },
  };
};
