/** The page on which a workflow is made or changed. */
import { Box, Button } from '@strapi/design-system';
import { Check } from '@strapi/icons';
import type { Workflow } from '../../../server/contract/workflow';
import { workflows } from '../../services/workflows';
import { usePermissions } from '../../services/permissions';
import { BackLink } from '../../components/back-link';
import { ChangesSection } from '../../domain/changes/changes-section';
import { PageFrame } from '../../components/page-frame';
import { ConflictDialog } from '../../forms/conflict-dialog';
import { pathTo } from '../../paths';
import { useKept } from '../../forms/use-kept';
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
  onSaved?: (saved: Workflow) => void;
};

export const WorkflowEditor = ({ stored, draft, onSaved }: Props) => {
  const text = useText();
  const { may } = usePermissions();
  const maySave = may(stored ? 'workflow.update' : 'workflow.create');
  const usage = stored?.usage ?? NO_USAGE;
  const { kept, keep } = useKept<Draft>('workflow');
  const form = useWorkflowForm({ draft, usage, isReadOnly: !maySave, kept });
  const saving = useSave(form, { stored, kept, done: onSaved });
  keep(() =>
    saving.hasUnsaved()
      ? { draft: form.draft, version: saving.conflict.version(), lacksSecrets: false }
      : null,
  );
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
      {stored && (
        <Box paddingTop={6}>
          <ChangesSection list={workflows.changes} of={{ id: stored.id }} />
        </Box>
      )}
      <ConflictDialog
        conflict={saving.conflict}
        onReload={saving.reload}
        onOverwrite={() => void saving.save()}
      />
    </PageFrame>
  );
};
