/** A document's place in its workflow: loaded, kept fresh, and watched while somebody runs a command on it. */
import type { DocumentWorkflow } from '../../../server/contract/document';
import type { Problem } from '../../services/problem';
import { useAutoRefresh } from '../../services/use-auto-refresh';
import { useGetDocumentWorkflowQuery, type Place } from '../../services/documents';
import { problemOf } from '../../services/problem';

const WHILE_BUSY_MS = 3000;

export type DocumentLoad = {
  /** Kept while it is loaded anew, so that the panel does not flicker. */
  data: DocumentWorkflow | undefined;
  problem: Problem | null;
  isLoading: boolean;
  refresh: () => void;
};

export const useDocumentWorkflow = (place: Place): DocumentLoad => {
  const { currentData, error, isFetching, refetch } = useGetDocumentWorkflowQuery(place, {
    refetchOnMountOrArgChange: true,
  });
  const isWanted = Boolean(currentData?.busy) && !isFetching;
  useAutoRefresh({ isWanted, refresh: refetch, every: WHILE_BUSY_MS });
  return {
    data: currentData,
    problem: error && !isFetching ? problemOf(error) : null,
    isLoading: isFetching,
    refresh: refetch,
  };
};
