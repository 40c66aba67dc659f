/** One step of a document's history, with what the validations said folded away. */
import type * as React from 'react';
import { Box, Flex, Typography } from '@strapi/design-system';
import type { HistoryEntry as Entry, HistoryOutcome } from '../../../server/contract/document';
import { TimeAgo } from '../../components/time-ago';
import { Badge, type BadgeVariant } from '../../components/badge';
import { useText } from '../../translations/use-text';
import { FoldedVerdicts } from '../folded-verdicts';
import { heard } from '../../domain/judged';
import { isRefused } from './ended';

const VARIANT: Record<HistoryOutcome, BadgeVariant> = {
  moved: 'success',
  refused: 'danger',
  bypassed: 'warning',
  reset: 'neutral',
};

const Small = ({ children }: { children: React.ReactNode }) => (
  <Typography variant="pi" textColor="neutral600" style={{ overflowWrap: 'anywhere' }}>
    {children}
  </Typography>
);

/** What was done: the command's name of then, or what happened without one. */
const useDeed = () => {
  const text = useText();
  return ({ outcome, command, commandName }: Entry) => {
    if (outcome === 'reset') return text('document.deed.reset');
    if (outcome === 'bypassed') return text('document.deed.bypassed');
    return commandName ?? command ?? text(`document.outcome.${outcome}`);
  };
};

export const HistoryEntry = ({ entry }: { entry: Entry }) => {
  const text = useText();
  const deedOf = useDeed();
  const { actor, outcome, fromName, toName, comment } = entry;
  // Nobody refused it: an answer was missing or unreadable.
  const isUndecided = outcome === 'refused' && !isRefused(entry.verdicts);
  return (
    <Flex tag="li" direction="column" alignItems="flex-start" gap={1}>
      <Flex gap={2} justifyContent="space-between" alignItems="flex-start" width="100%">
        <Typography variant="pi" fontWeight="bold" style={{ overflowWrap: 'anywhere' }}>
          {deedOf(entry)}
        </Typography>
        <Badge size="S" shrink={0} variant={isUndecided ? 'warning' : VARIANT[outcome]}>
          {text(isUndecided ? 'document.outcome.notRun' : `document.outcome.${outcome}`)}
        </Badge>
      </Flex>
      <Small>{text('document.fromTo', { from: fromName, to: toName })}</Small>
      <Flex gap={1} wrap="wrap">
        <Small>{actor.name ?? text(`document.actor.${actor.type}`)}</Small>
        <Small>·</Small>
        <TimeAgo at={entry.at} variant="pi" textColor="neutral600" />
      </Flex>
      {comment && (
        <Box background="neutral100" hasRadius padding={2} width="100%">
          <Typography variant="pi" style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>
            {comment}
          </Typography>
        </Box>
      )}
      <FoldedVerdicts verdicts={heard(entry.verdicts)} />
    </Flex>
  );
};
