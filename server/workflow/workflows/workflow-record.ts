/** A workflow as it is stored, as it is answered, and as it governs documents. Pure. */
import type {
  Workflow,
  WorkflowCommand,
  WorkflowState,
  WorkflowUsage,
} from '../../contract/workflow';
import type { Flow } from '../sources/flow';

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
