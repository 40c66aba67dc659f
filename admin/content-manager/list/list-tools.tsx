/** What a list of documents with a workflow gets beside its search: the filter by state, and the dialog for many. */
import { useParams } from 'react-router-dom';
import { useGetTypeWorkflowQuery } from '../../services/documents';
import { hasOwnStates } from '../../services/own-states';
import { BulkDialog } from './bulk-dialog';
import { useChosen } from './chosen';
import { StateFilter } from './state-filter';

export const ListTools = () => {
  const { slug = '' } = useParams();
  const { currentData } = useGetTypeWorkflowQuery(slug, {
    skip: slug === '',
    refetchOnMountOrArgChange: true,
  });
  const chosen = useChosen();
  if (!currentData || !hasOwnStates(currentData)) return null;
  return (
    <>
      <StateFilter states={currentData.states} />
      {chosen && <BulkDialog chosen={chosen} commands={currentData.commands} />}
    </>
  );
};
