/** The runs of a replication: when, by whom or what, how long, what they copied, and why they failed. */
import { Typography } from '@strapi/design-system';
import { useIntl } from 'react-intl';
import type { ReplicationRun } from '../../../../server/contract/replication';
import { GrowingList } from '../../../lists/growing-list';
import { SectionBox } from '../../../components/section-box';
import { useDuration } from '../../../components/use-duration';
import { replications } from '../../../services/replications';
import { useText } from '../../../translations/use-text';
import { RunOutcome } from '../run-state';

const useFacts = () => {
  const text = useText();
  const duration = useDuration();
  const { formatDate } = useIntl();
  return ({ startedAt, finishedAt, trigger }: ReplicationRun) =>
    [
      formatDate(startedAt, { dateStyle: 'medium', timeStyle: 'medium' }),
      text(`replications.trigger.${trigger}`),
      finishedAt && duration(Date.parse(finishedAt) - Date.parse(startedAt)),
    ]
      .filter(Boolean)
      .join(' · ');
};

const Run = ({ run }: { run: ReplicationRun }) => {
  const facts = useFacts();
  const { formatNumber } = useIntl();
  const counts = Object.entries(run.counts).map(([uid, count]) => `${uid} ${formatNumber(count)}`);
  return (
    <>
      <RunOutcome run={run} />
      {counts.length > 0 && (
        <Typography variant="pi" textColor="neutral600" style={{ overflowWrap: 'anywhere' }}>
          {counts.join(' · ')}
        </Typography>
      )}
      <Typography variant="pi" textColor="neutral600">
        {facts(run)}
      </Typography>
    </>
  );
};

export const RunsSection = ({ id }: { id: string }) => {
  const text = useText();
  return (
    <SectionBox title={text('replications.runs')} description={text('replications.runs.about')}>
      <GrowingList list={replications.runs} of={{ id }} none={text('replications.never')}>
        {(run) => <Run run={run} />}
      </GrowingList>
    </SectionBox>
  );
};
