/** What the signed-in administrator may do here. The server enforces it; the panel only hides what would be refused. */
import * as React from 'react';
import { useAuth } from '@strapi/strapi/admin';
import { permissionUid, type PermissionName } from '../../server/contract/names';

const PUBLISH = 'plugin::content-manager.explorer.publish';

export type Permissions = {
  may: (permission: PermissionName) => boolean;
  /** Whether they may publish documents of this type, some of them at least. */
  mayPublish: (uid: string) => boolean;
};

export const usePermissions = (): Permissions => {
  const granted = useAuth('WorkflowWebhooks', ({ permissions }) => permissions);
  return React.useMemo(() => {
    const actions = new Set(granted.map(({ action }) => action));
    const publishable = granted
      .filter(({ action }) => action === PUBLISH)
      .map(({ subject }) => subject);
    return {
      may: (permission) => actions.has(permissionUid(permission)),
      mayPublish: (uid) => publishable.includes(uid),
    };
  }, [granted]);
};
