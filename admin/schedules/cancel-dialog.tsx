/** Asks before a schedule is cancelled, and cancels it. */
import type { ListedSchedule } from '../../server/contract/schedule';
import { useApi } from '../api/use-api';
import { ConfirmDialog } from '../components/confirm-dialog';
import { useNotice } from '../components/use-notice';
import { useText } from '../translations/use-text';

type Props = {
  /** Null: the dialog is closed. */
  schedule: ListedSchedule | null;
  /** Also after a refusal: what is shown is not what the server has. */
  onDone: () => void;
  onClose: () => void;
};

export const CancelDialog = ({ schedule, onDone, onClose }: Props) => {
  const text = useText();
  const api = useApi();
  const notice = useNotice();
  const confirm = async () => {
    if (!schedule) return;
    try {
      await api.schedules.cancel(schedule.id);
      notice.done(text('schedule.cancelled'));
    } catch (error) {
      notice.failed(error);
    }
    onDone();
  };
  return (
    <ConfirmDialog
      isOpen={schedule !== null}
      title={text('schedule.cancelTitle')}
      confirmLabel={text('schedule.cancel')}
      cancelLabel={text('schedule.keep')}
      onConfirm={confirm}
      onClose={onClose}
    >
      {text('schedule.cancelConsequence')}
    </ConfirmDialog>
  );
};
