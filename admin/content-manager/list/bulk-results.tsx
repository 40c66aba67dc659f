/** How far a command on many documents is, and what became of each. */
import { Box, Flex, Loader, Typography } from '@strapi/design-system';
import { CheckCircle, Clock, CrossCircle, Minus, WarningCircle } from '@strapi/icons';
import { sentenceOf } from '../../services/problem';
import { useText } from '../../translations/use-text';
import { FoldedVerdicts } from '../folded-verdicts';
import { telling } from '../../domain/judged';
import { StateBadge } from '../../domain/state-badge';
import { VerdictList } from '../verdict-list';
import { isEnded, tally, wordFor, type Progress } from './bulk-run';
import type { ChosenDocument } from './chosen';
import { ProgressLine } from './progress-line';

const WAITING: Progress = { kind: 'waiting' };

const Mark = ({ progress }: { progress: Progress }) => {
  const text = useText();
  const kind = wordFor(progress);
  switch (kind) {
    case 'moved':
      return <CheckCircle aria-hidden fill="success600" />;
    case 'refused':
      return <CrossCircle aria-hidden fill="danger600" />;
    case 'failed':
      return <WarningCircle aria-hidden fill="danger600" />;
    case 'running':
      return <Loader small>{text('common.loading')}</Loader>;
    case 'notPossible':
    case 'cancelled':
      return <Minus aria-hidden fill="neutral500" />;
    case 'waiting':
      return <Clock aria-hidden fill="neutral500" />;
    default:
      return kind satisfies never;
  }
};

const Details = ({ progress }: { progress: Progress }) => {
  const text = useText();
  if (progress.kind === 'failed') {
    return (
      <Typography variant="pi" textColor="danger600" style={{ overflowWrap: 'anywhere' }}>
        {sentenceOf(progress.problem, text)}
      </Typography>
    );
  }
  if (progress.kind === 'moved') return <FoldedVerdicts verdicts={telling(progress.verdicts)} />;
  return progress.kind === 'refused' ? (
    <VerdictList label={text('document.result.refused')} verdicts={telling(progress.verdicts)} />
  ) : null;
};

const Line = ({ document, progress }: { document: ChosenDocument; progress: Progress }) => {
  const text = useText();
  const state =
    progress.kind === 'moved' || progress.kind === 'notPossible' ? progress.state : null;
  return (
    <Flex tag="li" gap={3} alignItems="flex-start" paddingTop={2} paddingBottom={2}>
      <Flex shrink={0} width="2rem" justifyContent="center" paddingTop="0.2rem">
        <Mark progress={progress} />
      </Flex>
      <Flex direction="column" alignItems="stretch" gap={1} flex="1" minWidth={0}>
        <Flex gap={2} wrap="wrap">
          <Typography fontWeight="bold" style={{ overflowWrap: 'anywhere' }}>
            {document.title}
          </Typography>
          <Typography textColor="neutral600">
            {text(`document.result.${wordFor(progress)}`)}
          </Typography>
          {state && <StateBadge state={state} />}
        </Flex>
        <Details progress={progress} />
      </Flex>
    </Flex>
  );
};

type Props = { documents: ChosenDocument[]; progress: Record<string, Progress> };

export const BulkResults = ({ documents, progress }: Props) => {
  const text = useText();
  const all = documents.map(({ documentId }) => progress[documentId] ?? WAITING);
  const total = all.length;
  const ended = all.filter(isEnded).length;
  const soFar = text('document.bulkProgress', { ended, total });
  const counts = tally(all).map(({ kind, count }) => text(`document.count.${kind}`, { count }));
  return (
    <Flex direction="column" alignItems="stretch" gap={4}>
      <ProgressLine ended={ended} total={total} label={soFar} />
      <Typography role="status" textColor="neutral800">
        {[soFar, ...counts].join(' · ')}
      </Typography>
      <Box tag="ul" aria-label={text('document.bulkResults')}>
        {documents.map((document) => (
          <Line
            key={document.documentId}
            document={document}
            progress={progress[document.documentId] ?? WAITING}
          />
        ))}
      </Box>
    </Flex>
  );
};
