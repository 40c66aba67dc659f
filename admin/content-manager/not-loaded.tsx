/** What a panel beside a document shows where its request failed. */
import { Button, Flex, Typography } from '@strapi/design-system';
import { ArrowClockwise } from '@strapi/icons';
import type { Problem } from '../services/problem';
import { sentenceOf } from '../services/problem';
import { useText } from '../translations/use-text';

export const NotLoaded = ({ problem, onRetry }: { problem: Problem; onRetry: () => void }) => {
  const text = useText();
  return (
    <Flex role="alert" direction="column" alignItems="flex-start" gap={2}>
      <Typography variant="pi" textColor="danger600">
        {sentenceOf(problem, text)}
      </Typography>
      <Button size="S" variant="tertiary" startIcon={<ArrowClockwise />} onClick={onRetry}>
        {text('common.retry')}
      </Button>
    </Flex>
  );
};
