/** A workflow as it is stored, as it is answered, and as it governs documents. Pure. */
import type {
  Workflow,
  WorkflowCommand,
  WorkflowState,
  WorkflowUsage,
} from '../../contract/workflow';
import type { Flow } from '../sources/flow';
import type { StateCount } from '../state/state-upkeep.service';

export type WorkflowRow = {
  documentId: string;
  name: string;
  contentTypes: string[] | null;
  initialState: string;
  states: WorkflowState[];
  commands: WorkflowCommand[];
  createdAt: string;
  updatedAt: string;
};

export const flowOfRow = (row: WorkflowRow): Flow => ({
  id: row.documentId,
  kind: 'own',
  name: row.name,
  initialState: row.initialState,
  states: row.states,
  commands: row.commands,
});

const summedBy = (counts: readonly StateCount[], part: 'uid' | 'state') => {
  const sums: Record<string, number> = {};
  for (const count of counts) sums[count[part]] = (sums[count[part]] ?? 0) + count.total;
  return sums;
};

export const usedBy = (
  counts: readonly StateCount[],
): Pick<WorkflowUsage, 'documents' | 'contentTypes'> => ({
  documents: summedBy(counts, 'state'),
  contentTypes: summedBy(counts, 'uid'),
});

export const answerOf = (row: WorkflowRow, usage: WorkflowUsage): Workflow => ({
  id: row.documentId,
  name: row.name,
  contentTypes: row.contentTypes ?? [],
  initialState: row.initialState,
  states: row.states,
  commands: row.commands,
  usage,
  createdAt: row.createdAt,
  updatedAt: row.updatedAt,
});
