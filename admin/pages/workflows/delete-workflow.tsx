/** Asks before a workflow is deleted, and says what becomes of its documents; webhooks that use it stand in the way. */
import { Button, Flex, Typography } from '@strapi/design-system';
import { PUBLICATION, type Workflow, type WorkflowUsage } from '../../../server/contract/workflow';
import { useCall } from '../../services/use-load';
import { workflows } from '../../services/workflows';
import { ConfirmDelete } from '../../components/confirm-delete';
import { useNotice } from '../../components/use-notice';
import { ModalFrame } from '../../components/modal-frame';
import { useText, type Text } from '../../translations/use-text';
import { WebhookNames } from '../../domain/webhook-names';

type Props = {
  /** What is to be deleted; null: the dialog is closed. */
  workflow: Workflow | null;
  onClose: () => void;
};

const documentsOf = ({ documents }: WorkflowUsage) =>
  Object.values(documents).reduce((sum, count) => sum + count, 0);

const consequenceOf = ({ usage, contentTypes }: Workflow, text: Text) => {
  const count = documentsOf(usage);
  if (count > 0) return text('workflows.delete.documents', { count });
  return text(contentTypes.length > 0 ? 'workflows.delete.types' : 'workflows.delete.unused');
};

const InTheWay = ({ workflow, onClose }: { workflow: Workflow; onClose: () => void }) => {
  const text = useText();
  const { webhooks } = workflow.usage;
  return (
    <ModalFrame
      title={text('workflows.delete.blocked', { name: workflow.name })}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{text('common.close')}</Button>
        </>
      }
    >
      <Flex direction="column" alignItems="stretch" gap={4}>
        <Typography>{text('workflows.delete.webhooks', { count: webhooks.length })}</Typography>
        <WebhookNames webhooks={webhooks} />
      </Flex>
    </ModalFrame>
  );
};

export const DeleteWorkflow = ({ workflow, onClose }: Props) => {
  const text = useText();
  const removeWorkflow = useCall(workflows.remove);
  const notice = useNotice();
  const isBlocked = workflow !== null && workflow.usage.webhooks.length > 0;
  const remove = async () => {
    if (!workflow) return;
    const hasDocuments = documentsOf(workflow.usage) > 0;
    try {
      await removeWorkflow({ id: workflow.id, ...(hasDocuments ? { moveTo: PUBLICATION } : {}) });
      notice.done(text('common.deleted', { name: workflow.name }));
    } catch (error) {
      notice.failed(error);
    }
  };
  if (isBlocked) return <InTheWay workflow={workflow} onClose={onClose} />;
  return (
    <ConfirmDelete
      name={workflow?.name ?? null}
      consequence={workflow ? consequenceOf(workflow, text) : ''}
      onConfirm={remove}
      onClose={onClose}
    />
  );
};
