/** What a run has come to: its state, its stage and count while it runs, and why it failed. */
import { Flex, Typography } from '@strapi/design-system';
import type { ReplicationRun, RunState } from '../../../server/contract/replication';
import { Badge, type BadgeVariant } from '../../components/badge';
import { inOwnWords } from '../../services/own-words';
import { useText } from '../../translations/use-text';

const VARIANT: Record<RunState, BadgeVariant> = {
  running: 'primary',
  completed: 'success',
  failed: 'danger',
  cancelled: 'neutral',
};

const useRunLine = () => {
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
    return error === null ? '' : inOwnWords(error, text);
  };
};

export const RunOutcome = ({ run }: { run: ReplicationRun }) => {
  const text = useText();
  const line = useRunLine();
  return (
    <>
      <Badge variant={VARIANT[run.state]}>{text(`replications.state.${run.state}`)}</Badge>
      <Typography
        variant="pi"
        textColor={run.state === 'failed' ? 'danger600' : 'neutral600'}
        style={{ whiteSpace: 'normal', overflowWrap: 'anywhere' }}
      >
        {line(run)}
      </Typography>
    </>
  );
};

/** Read out as it changes, as long as it runs. */
export const RunStateLine = ({ run }: { run: ReplicationRun }) => (
  <Flex direction="column" alignItems="flex-start" gap={1} role="status" maxWidth="40rem">
    <RunOutcome run={run} />
  </Flex>
);
