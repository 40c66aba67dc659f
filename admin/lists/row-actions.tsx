/** The actions of a row that most lists have, each only for those who may. */
import { Pencil, Trash } from '@strapi/icons';
import { useNavigate } from 'react-router-dom';
import type { PermissionName } from '../../server/contract/names';
import { usePermissions } from '../services/permissions';
import { useText } from '../translations/use-text';
import type { RowAction } from './row-menu';

export const useRowActions = () => {
  const text = useText();
  const navigate = useNavigate();
  const { may } = usePermissions();
  const ifAllowed = (permission: PermissionName, action: RowAction): RowAction[] =>
    may(permission) ? [action] : [];
  return {
    ifAllowed,
    /** Leads to the page where the row's thing is edited. */
    edit: (permission: PermissionName, path: string): RowAction[] =>
      ifAllowed(permission, {
        label: text('common.edit'),
        icon: <Pencil />,
        onSelect: () => navigate(path),
      }),
    remove: (permission: PermissionName, onSelect: () => void): RowAction[] =>
      ifAllowed(permission, {
        label: text('common.delete'),
        icon: <Trash />,
        isDanger: true,
        onSelect,
      }),
  };
};
