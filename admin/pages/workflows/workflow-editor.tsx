/** The page on which a workflow is made or changed. */
import { Button } from '@strapi/design-system';
import { Check } from '@strapi/icons';
import type { Workflow } from '../../../server/contract/workflow';
import { usePermissions } from '../../api/use-permissions';
import { BackLink } from '../../components/back-link';
import { PageFrame } from '../../components/page-frame';
import { ConflictDialog } from '../../forms/conflict-dialog';
import { pathTo } from '../../paths';
import { useText } from '../../translations/use-text';
import type { Draft } from './draft';
import { NO_USAGE } from './removal';
import { useSave } from './use-save';
import { useWorkflowForm } from './use-workflow-form';
import { FORM_ID, WorkflowFormSections } from './workflow-form';

type Props = {
  /** Null: it is new. */
  stored: Workflow | null;
  /** What the form starts with. */
  draft: Draft;
  onSaved: (saved: Workflow) => void;
};

export const WorkflowEditor = ({ stored, draft, onSaved }: Props) => {
  const text = useText();
  const { may } = usePermissions();
  const maySave = may(stored ? 'workflow.update' : 'workflow.create');
  const usage = stored?.usage ?? NO_USAGE;
  const form = useWorkflowForm({ draft, usage, isReadOnly: !maySave });
  const saving = useSave(form, { stored, done: onSaved });
  return (
    <PageFrame
      permission={stored ? 'workflow.read' : 'workflow.create'}
      title={stored?.name ?? text('workflows.create')}
      subtitle={text(maySave ? 'workflows.editorHint' : 'workflows.readOnly')}
      navigationAction={<BackLink to={pathTo('workflows')} />}
      primaryAction={
        maySave && (
          <Button
            type="submit"
            form={FORM_ID}
            startIcon={<Check />}
            loading={saving.isSaving}
            disabled={stored !== null && !form.isDirty}
          >
            {text('common.save')}
          </Button>
        )
      }
    >
      <WorkflowFormSections form={form} stored={stored} saving={saving} />
      <ConflictDialog
        conflict={saving.conflict}
        onReload={saving.reload}
        onOverwrite={() => void saving.save()}
      />
    </PageFrame>
  );
};
