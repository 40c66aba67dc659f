/** The coloured word for the state of a schedule, and what went wrong with it. */
import type { ListedSchedule, Schedule } from '../../../server/contract/schedule';
import { Badge, type BadgeVariant } from '../../components/badge';
import { inOwnWords } from '../../services/own-words';
import { useText } from '../../translations/use-text';

const VARIANT: Record<Schedule['state'], BadgeVariant> = {
  scheduled: 'primary',
  done: 'success',
  failed: 'danger',
  cancelled: 'neutral',
};

export const ScheduleState = ({ state }: Pick<Schedule, 'state'>) => {
  const text = useText();
  return <Badge variant={VARIANT[state]}>{text(`schedule.state.${state}`)}</Badge>;
};

/** What went wrong, as far as the reader may see it; null if nothing did. */
export const useScheduleError = ({ error, isErrorHidden }: ListedSchedule): string | null => {
  const text = useText();
  if (isErrorHidden) return text('schedule.errorHidden');
  return error && inOwnWords(error, text);
};
