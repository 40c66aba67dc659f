/** Settings > Authorizations > Create. */
import { useNavigate } from 'react-router-dom';
import { pathTo } from '../../paths';
import { AuthorizationEditor } from './authorization-editor';

export const AuthorizationCreate = () => {
  const navigate = useNavigate();
  return (
    <AuthorizationEditor
      stored={null}
      onSaved={({ id }) => navigate(pathTo('authorizations', id), { replace: true })}
    />
  );
};
