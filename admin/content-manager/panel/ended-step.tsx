/** What became of the last command or check. Stays until the next, or until it is closed. */
import { Box, Flex, IconButton, Typography } from '@strapi/design-system';
import { Cross } from '@strapi/icons';
import type { Verdict } from '../../../server/contract/document';
import { sentenceOf } from '../../services/problem';
import { useText } from '../../translations/use-text';
import { heard, telling } from '../../domain/judged';
import { VerdictList } from '../verdict-list';
import { titleOf, toneOf } from './ended';
import type { Ended } from './use-command';

/** Of a check, everybody's word; else only of those who had something to say. */
const shownVerdicts = ({ outcome }: Ended): Verdict[] => {
  if (outcome.kind === 'failed') return [];
  return outcome.kind === 'checked' ? heard(outcome.verdicts) : telling(outcome.verdicts);
};

export const EndedStep = ({ ended, onClose }: { ended: Ended; onClose: () => void }) => {
  const text = useText();
  const { step, outcome } = ended;
  const verdicts = shownVerdicts(ended);
  const tone = toneOf(outcome);
  const title = text(titleOf(outcome), { command: step.name });
  // That it ran without a word is told by the notice and by the state.
  if (outcome.kind === 'moved' && verdicts.length === 0) return null;
  return (
    <Box
      role={tone === 'danger' ? 'alert' : 'status'}
      background={`${tone}100`}
      borderColor={`${tone}200`}
      hasRadius
      padding={3}
    >
      <Flex direction="column" alignItems="stretch" gap={3}>
        <Flex justifyContent="space-between" alignItems="flex-start" gap={2}>
          <Typography variant="pi" fontWeight="bold" style={{ overflowWrap: 'anywhere' }}>
            {title}
          </Typography>
          <IconButton variant="ghost" size="XS" label={text('common.close')} onClick={onClose}>
            <Cross />
          </IconButton>
        </Flex>
        {outcome.kind === 'failed' && (
          <Typography variant="pi" style={{ overflowWrap: 'anywhere' }}>
            {sentenceOf(outcome.problem, text)}
          </Typography>
        )}
        {outcome.kind === 'checked' && verdicts.length === 0 && (
          <Typography variant="pi">{text('document.nobodyAsked')}</Typography>
        )}
        {verdicts.length > 0 && <VerdictList label={title} verdicts={verdicts} />}
      </Flex>
    </Box>
  );
};
