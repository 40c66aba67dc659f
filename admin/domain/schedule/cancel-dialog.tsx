/** Asks before a schedule is cancelled, and cancels it. */
import type { ListedSchedule } from '../../../server/contract/schedule';
import { ConfirmDialog } from '../../components/confirm-dialog';
import { useNotice } from '../../components/use-notice';
import { schedules } from '../../services/schedules';
import { useCall } from '../../services/use-load';
import { useText } from '../../translations/use-text';

type Props = {
  /** Null: the dialog is closed. */
  schedule: ListedSchedule | null;
  onClose: () => void;
};

export const CancelDialog = ({ schedule, onClose }: Props) => {
  const text = useText();
  const cancel = useCall(schedules.cancel);
  const notice = useNotice();
  const confirm = async () => {
    if (!schedule) return;
    try {
      await cancel(schedule.id);
      notice.done(text('schedule.cancelled'));
    } catch (error) {
      notice.failed(error);
    }
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
