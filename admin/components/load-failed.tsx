/** What a page shows that could not be loaded, with the way to try again. */
import { Button, EmptyStateLayout } from '@strapi/design-system';
import { ArrowClockwise, WarningCircle } from '@strapi/icons';
import type { Problem } from '../services/problem';
import { sentenceOf } from '../services/problem';
import { useText } from '../translations/use-text';

type Props = { problem: Problem; onRetry: () => void };

export const LoadFailed = ({ problem, onRetry }: Props) => {
  const text = useText();
  return (
    <EmptyStateLayout
      icon={<WarningCircle width="6rem" height="6rem" fill="danger600" />}
      content={sentenceOf(problem, text)}
      action={
        <Button variant="secondary" startIcon={<ArrowClockwise />} onClick={onRetry}>
          {text('common.retry')}
        </Button>
      }
      hasRadius
      shadow="tableShadow"
    />
  );
};
