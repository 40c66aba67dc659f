/** Settings > Authorizations > one of them. */
import { useParams } from 'react-router-dom';
import { authorizations } from '../../services/authorizations';
import { useLoad } from '../../services/use-load';
import { BackLink } from '../../components/back-link';
import { Loaded } from '../../components/loaded';
import { PageFrame } from '../../components/page-frame';
import { pathTo } from '../../paths';
import { useText } from '../../translations/use-text';
import { AuthorizationEditor } from './authorization-editor';

export const AuthorizationEdit = () => {
  const { id = '' } = useParams();
  const text = useText();
  const load = useLoad(authorizations.one, id);
  if (load.data?.id === id) {
    return <AuthorizationEditor key={load.data.id} stored={load.data} />;
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
