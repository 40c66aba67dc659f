/** What the signed-in administrator may do here. The server enforces it; the panel only hides what would be refused. */
import * as React from 'react';
import { useAuth, useFetchClient } from '@strapi/strapi/admin';
import { permissionUid, type PermissionName } from '../../server/contract/names';

type Granted = { action: string; subject?: string | null }[];

const PUBLISH = 'plugin::content-manager.explorer.publish';

/**
 * Asks Strapi's own context, and the server where that context is out of reach: in a built panel a plugin
 * can hold another copy of it, and `useRBAC` and `Page.Protect` then throw "must be used within Auth".
 */
const useGranted = (): Granted | undefined => {
  const known = useAuth('workflow-webhooks', (auth) => auth.permissions, false) as
    Granted | undefined;
  const { get } = useFetchClient();
  const [fetched, setFetched] = React.useState<Granted>();
  const isKnown = known !== undefined;

  React.useEffect(() => {
    if (isKnown) return;
    get<{ data: Granted }>('/admin/users/me/permissions').then(
      ({ data }) => setFetched(data.data),
      () => setFetched([]),
    );
  }, [get, isKnown]);
  return known ?? fetched;
};

export type Permissions = {
  isLoading: boolean;
  may: (permission: PermissionName) => boolean;
  /** Whether they may publish documents of this type, some of them at least. */
  mayPublish: (uid: string) => boolean;
};

export const usePermissions = (): Permissions => {
  const granted = useGranted();
  return React.useMemo(() => {
    const actions = new Set((granted ?? []).map(({ action }) => action));
    const publishable = (granted ?? [])
      .filter(({ action }) => action === PUBLISH)
      .map(({ subject }) => subject);
    return {
      isLoading: granted === undefined,
      may: (permission) => actions.has(permissionUid(permission)),
      mayPublish: (uid) => publishable.includes(uid),
    };
  }, [granted]);
};
