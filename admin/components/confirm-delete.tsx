/** Asks before a webhook or an authorization is deleted. */
import { useText } from '../translations/use-text';
import { ConfirmDialog } from './confirm-dialog';

type Props = {
  /** What is to be deleted; null: the dialog is closed. */
  name: string | null;
  /** What its end means, for example for deliveries that are pending. */
  consequence: string;
  onConfirm: () => Promise<void> | void;
  onClose: () => void;
};

export const ConfirmDelete = ({ name, consequence, onConfirm, onClose }: Props) => {
  const text = useText();
  return (
    <ConfirmDialog
      isOpen={name !== null}
      title={text('delete.title', { name: name ?? '' })}
      confirmLabel={text('common.delete')}
      onConfirm={onConfirm}
      onClose={onClose}
    >
      {consequence}
    </ConfirmDialog>
  );
};
