/** Settings > Authorizations > one of them. */
import * as React from 'react';
import { useParams } from 'react-router-dom';
import { useApi } from '../../api/use-api';
import { useLoad } from '../../api/use-load';
import { BackLink } from '../../components/back-link';
import { Loaded } from '../../components/loaded';
import { PageFrame } from '../../components/page-frame';
import { pathTo } from '../../paths';
import { useText } from '../../translations/use-text';
import { AuthorizationEditor } from './authorization-editor';

export const AuthorizationEdit = () => {
  const { id = '' } = useParams();
  const text = useText();
  const api = useApi();
  const load = useLoad(React.useCallback(() => api.authorizations.get(id), [api, id]));
  if (load.data) {
    return <AuthorizationEditor key={load.data.id} stored={load.data} onSaved={load.replace} />;
  }
  return (
    <PageFrame
      permission="authorization.read"
      title={text('authorizations.title')}
      navigationAction={<BackLink to={pathTo('authorizations')} />}
      isBusy={load.isLoading}
    >
      <Loaded load={load}>{() => null}</Loaded>
    </PageFrame>
  );
};
