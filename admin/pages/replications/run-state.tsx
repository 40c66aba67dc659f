/** What a run has come to: its state, its stage and count while it runs, and why it failed. */
import { Badge, Flex, Typography, type BadgeProps } from '@strapi/design-system';
import type { ReplicationRun, RunState } from '../../../server/contract/replication';
import { useText } from '../../translations/use-text';

const VARIANT: Record<RunState, NonNullable<BadgeProps['variant']>> = {
  running: 'primary',
  completed: 'success',
  failed: 'danger',
  cancelled: 'neutral',
};

export const useRunLine = () => {
  const text = useText();
  return ({ state, progress, counts, error, isEnding }: ReplicationRun): string => {
    if (isEnding) return text('replications.ending');
    if (state === 'running')
      return progress.stage === 'start'
        ? text('replications.stage.start')
        : text('replications.progress', {
            stage: text(`replications.stage.${progress.stage}`),
            count: progress.count,
          });
    if (state === 'completed')
      return text('replications.copied', {
        count: Object.values(counts).reduce((sum, count) => sum + count, 0),
      });
    return error ?? '';
  };
};

export const RunBadge = ({ state }: { state: RunState }) => {
  const text = useText();
  return <Badge variant={VARIANT[state]}>{text(`replications.state.${state}`)}</Badge>;
};

/** Read out as it changes, as long as it runs. */
export const RunStateLine = ({ run }: { run: ReplicationRun }) => {
  const line = useRunLine();
  return (
    <Flex direction="column" alignItems="flex-start" gap={1} role="status" maxWidth="40rem">
      <RunBadge state={run.state} />
      <Typography
        variant="pi"
        textColor={run.state === 'failed' ? 'danger600' : 'neutral600'}
        style={{ whiteSpace: 'normal', overflowWrap: 'anywhere' }}
      >
        {line(run)}
      </Typography>
    </Flex>
  );
};
