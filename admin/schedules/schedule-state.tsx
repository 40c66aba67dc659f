/** The coloured word for the state of a schedule. */
import { Badge, type BadgeProps } from '@strapi/design-system';
import type { Schedule } from '../../server/contract/schedule';
import { useText } from '../translations/use-text';

const VARIANT: Record<Schedule['state'], NonNullable<BadgeProps['variant']>> = {
  scheduled: 'primary',
  done: 'success',
  failed: 'danger',
  cancelled: 'neutral',
};

export const ScheduleState = ({ state }: Pick<Schedule, 'state'>) => {
  const text = useText();
  return <Badge variant={VARIANT[state]}>{text(`schedule.state.${state}`)}</Badge>;
};
