/** One command on the chosen documents: asks for their states, runs it on those that it leads on from, then refreshes the list. */
import * as React from 'react';
import {
  MAX_STATES_ASKED,
  type CommandAnswer,
  type StateAnswer,
} from '../../../server/contract/document';
import {
  useGetDocumentStatesQuery,
  useRefreshTypeMutation,
  useRunCommandMutation,
} from '../../services/documents';
import { outcomeOf } from '../outcome';
import { runOnAll, type Progress, type Result } from './bulk-run';
import type { Chosen } from './chosen';

export type BulkCommand = CommandAnswer & { from: string[] };
export type States = Record<string, StateAnswer>;

/** Where the chosen documents are now; what is beyond one request's measure is tried without asking first. */
export const useStates = ({ uid, locale, documents }: Chosen) => {
  const documentIds = documents.slice(0, MAX_STATES_ASKED).map(({ documentId }) => documentId);
  const { currentData, isFetching } = useGetDocumentStatesQuery(
    { uid, locale, documentIds },
    { refetchOnMountOrArgChange: true },
  );
  return { states: currentData?.documents ?? {}, isLoading: isFetching };
};

const waitingFor = ({ documents }: Chosen): Record<string, Progress> =>
  Object.fromEntries(documents.map(({ documentId }) => [documentId, { kind: 'waiting' }]));

export const useBulkRun = (chosen: Chosen, states: States) => {
  const [send] = useRunCommandMutation();
  const [refresh] = useRefreshTypeMutation();
  const [progress, setProgress] = React.useState<Record<string, Progress> | null>(null);
  const [isRunning, setRunning] = React.useState(false);
  const [isCancelling, setCancelling] = React.useState(false);
  const isCancelled = React.useRef(false);
  React.useEffect(
    () => () => {
      isCancelled.current = true;
    },
    [],
  );

  const runOne = async (documentId: string, command: BulkCommand, comment: string) => {
    const state = states[documentId];
    if (state && !command.from.includes(state.key)) return { kind: 'notPossible', state } as const;
    const { uid, locale } = chosen;
    const input = { comment: command.comment === 'none' ? null : comment || null };
    const answer = await send({
      ...{ uid, locale, documentId, input },
      command: command.key,
      isOneOfMany: true,
    });
    return outcomeOf(answer, false) as Result;
  };

  const start = async (command: BulkCommand, comment: string) => {
    isCancelled.current = false;
    setRunning(true);
    setProgress(waitingFor(chosen));
    await runOnAll({
      documentIds: chosen.documents.map(({ documentId }) => documentId),
      run: (documentId) => runOne(documentId, command, comment),
      isCancelled: () => isCancelled.current,
      onProgress: (documentId, now) => setProgress((all) => ({ ...all, [documentId]: now })),
    });
    setRunning(false);
    void refresh(chosen.uid);
  };
  const cancel = () => {
    isCancelled.current = true;
    setCancelling(true);
  };
  return { progress, isRunning, isCancelling, start, cancel };
};
