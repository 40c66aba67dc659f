/** What the signed-in administrator may do here. The server enforces it; the panel only hides what would be refused. */
import * as React from 'react';
import { useAuth, useFetchClient } from '@strapi/strapi/admin';
import { permissionUid, type PermissionName } from '../../server/contract/permissions';

type Granted = { action: string }[];

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
};

export const usePermissions = (): Permissions => {
  const granted = useGranted();
  return React.useMemo(() => {
    const actions = new Set((granted ?? []).map(({ action }) => action));
    return {
      isLoading: granted === undefined,
      may: (permission) => actions.has(permissionUid(permission)),
    };
  }, [granted]);
};
