/** Settings > Workflows > Create: choose what to start from, then the form. */
import * as React from 'react';
import { useNavigate, useSearchParams } from 'react-router-dom';
import type { Workflow } from '../../../server/contract/workflow';
import { workflows } from '../../services/workflows';
import { useLoad } from '../../services/use-load';
import { BackLink } from '../../components/back-link';
import { Loaded } from '../../components/loaded';
import { PageFrame } from '../../components/page-frame';
import { pathTo } from '../../paths';
import { useText } from '../../translations/use-text';
import { draftLike, type Draft } from './draft';
import { TemplateCards } from './template-cards';
import { draftFrom, isTemplate, type Template } from './templates';
import { WorkflowEditor } from './workflow-editor';

const Frame = ({ isBusy, children }: { isBusy?: boolean; children: React.ReactNode }) => {
  const text = useText();
  return (
    <PageFrame
      permission="workflow.create"
      title={text('workflows.create')}
      navigationAction={<BackLink to={pathTo('workflows')} />}
      isBusy={isBusy}
    >
      {children}
    </PageFrame>
  );
};

const Editor = ({ draft }: { draft: Draft }) => {
  const navigate = useNavigate();
  const goOn = ({ id }: Workflow) => navigate(pathTo('workflows', id), { replace: true });
  return <WorkflowEditor stored={null} draft={draft} onSaved={goOn} />;
};

const FromTemplate = ({ template }: { template: Template }) => {
  const text = useText();
  return <Editor draft={React.useMemo(() => draftFrom(template, text), [template, text])} />;
};

/** Without the content types: they keep the workflow that they have. */
const Copy = ({ id }: { id: string }) => {
  const text = useText();
  const load = useLoad(workflows.one, id);
  const draft = React.useMemo(
    () =>
      load.data &&
      draftLike({
        ...load.data,
        name: text('workflows.copyOf', { name: load.data.name }),
        contentTypes: [],
      }),
    [load.data, text],
  );
  if (draft && !load.problem) return <Editor draft={draft} />;
  return (
    <Frame isBusy={load.isLoading}>
      <Loaded load={load}>{() => null}</Loaded>
    </Frame>
  );
};

export const CreatePage = () => {
  const [params] = useSearchParams();
  const copied = params.get('copy');
  const template = params.get('template');
  if (copied) return <Copy key={copied} id={copied} />;
  if (isTemplate(template)) return <FromTemplate key={template} template={template} />;
  return (
    <Frame>
      <TemplateCards />
    </Frame>
  );
};
