/** Settings > Workflows > one of them. */
import * as React from 'react';
import { useParams } from 'react-router-dom';
import type { Workflow } from '../../../server/contract/workflow';
import { workflows } from '../../services/workflows';
import { useLoad } from '../../services/use-load';
import { BackLink } from '../../components/back-link';
import { Loaded } from '../../components/loaded';
import { PageFrame } from '../../components/page-frame';
import { pathTo } from '../../paths';
import { useText } from '../../translations/use-text';
import { draftOf } from './draft';
import { WorkflowEditor } from './workflow-editor';

const Editor = ({ workflow }: { workflow: Workflow }) => {
  const draft = React.useMemo(() => draftOf(workflow), [workflow]);
  return <WorkflowEditor stored={workflow} draft={draft} />;
};

export const EditPage = () => {
  const { id = '' } = useParams();
  const text = useText();
  const load = useLoad(workflows.one, id);
  if (load.data?.id === id) {
    return <Editor key={load.data.id} workflow={load.data} />;
  }
  return (
    <PageFrame
      permission="workflow.read"
      title={text('workflows.one')}
      navigationAction={<BackLink to={pathTo('workflows')} />}
      isBusy={load.isLoading}
    >
      <Loaded load={load}>{() => null}</Loaded>
    </PageFrame>
  );
};
