/** The panel of a saved document: loads its place in the workflow, and says when that fails. */
import { Loader } from '@strapi/design-system';
import { useText } from '../../translations/use-text';
import type { Place } from '../../services/documents';
import { NotLoaded } from '../not-loaded';
import { DocumentPlace } from './document-place';
import { useDocumentWorkflow } from './use-document-workflow';

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
