/** The last run of a replication, live while it runs; running it, and cancelling what runs. */
import { Button, Flex, Link, Typography } from '@strapi/design-system';
import { Cross, Play } from '@strapi/icons';
import { NavLink } from 'react-router-dom';
import type { EventName } from '../../../../server/contract/catalogue';
import type { Replication, RunState } from '../../../../server/contract/replication';
import { usePermissions } from '../../../services/permissions';
import { SectionBox } from '../../../components/section-box';
import { TimeAgo } from '../../../components/time-ago';
import { pathTo } from '../../../paths';
import { useText } from '../../../translations/use-text';
import { RunStateLine } from '../run-state';
import { ConfirmRun, isRunning, useRunning } from '../running';

/** The delivery log is narrowed to one event. */
const EVENT: Record<RunState, EventName> = {
  running: 'replication.started',
  completed: 'replication.completed',
  failed: 'replication.failed',
  cancelled: 'replication.failed',
};

type Props = { replication: Replication; isDirty: boolean };

export const LastRunSection = ({ replication, isDirty }: Props) => {
  const text = useText();
  const { may } = usePermissions();
  const running = useRunning();
  const { lastRun } = replication;
  const at = lastRun && (lastRun.finishedAt ?? lastRun.startedAt);
  const isUnderWay = isRunning(replication);
  const action = isUnderWay ? (
    <Button
      variant="danger-light"
      startIcon={<Cross />}
      disabled={lastRun?.isEnding}
      onClick={() => running.cancel(replication)}
    >
      {text('replications.cancel')}
    </Button>
  ) : (
    <Button
      variant="secondary"
      startIcon={<Play />}
      disabled={isDirty}
      onClick={() => running.ask(replication)}
    >
      {text('replications.run')}
    </Button>
  );
  return (
    <SectionBox
      title={text('replications.lastRun')}
      description={text(isDirty ? 'replications.saveFirst' : 'replications.replaces')}
      action={may('replication.run') && action}
    >
      {lastRun ? (
        <Flex direction="column" alignItems="flex-start" gap={2}>
          <RunStateLine run={lastRun} />
          {/* Anew for each moment: it keeps the time at which it was first shown. */}
          <TimeAgo key={at} at={at} variant="pi" />
          {may('delivery.read') && (
            <Link tag={NavLink} to={`${pathTo('deliveries')}?event=${EVENT[lastRun.state]}`}>
              {text('replications.deliveries')}
            </Link>
          )}
        </Flex>
      ) : (
        <Typography textColor="neutral600">{text('replications.never')}</Typography>
      )}
      <ConfirmRun {...running} />
    </SectionBox>
  );
};
