/** The panel of a saved document: loads its place in the workflow, and says when that fails. */
import { Button, Flex, Loader, Typography } from '@strapi/design-system';
import { ArrowClockwise } from '@strapi/icons';
import type { Problem } from '../../api/problem';
import { sentenceOf } from '../../api/problem-sentence';
import { useText } from '../../translations/use-text';
import type { Place } from '../document-api';
import { DocumentPlace } from './document-place';
import { useDocumentWorkflow } from './use-document-workflow';

const NotLoaded = ({ problem, onRetry }: { problem: Problem; onRetry: () => void }) => {
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

export const SavedDocument = ({ place }: { place: Place }) => {
  const text = useText();
  const { data, problem, refresh } = useDocumentWorkflow(place);
  if (problem) return <NotLoaded problem={problem} onRetry={refresh} />;
  return data ? (
    <DocumentPlace place={place} document={data} />
  ) : (
    <Loader small>{text('common.loading')}</Loader>
  );
};
