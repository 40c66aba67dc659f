/** A workflow as it governs documents, wherever it comes from: drawn by an administrator, licensed, or publication. */
import type { StateAnswer } from '../../contract/document';
import type { NamedState } from '../../contract/event';
import {
  PUBLICATION,
  type WorkflowCommand,
  type WorkflowGraph,
  type WorkflowState,
} from '../../contract/workflow';

export type FlowKind = 'own' | 'publication' | 'review';
export type Flow = WorkflowGraph & { id: string; kind: FlowKind };

const state = (key: string, name: string, final: boolean): WorkflowState => ({
  key,
  name,
  color: final ? '#328048' : '#4945ff',
  final,
  onEnter: null,
});

const command = (key: string, name: string, way: { from: string[]; to: string }) => ({
  key,
  name,
  ...way,
  roles: [],
  comment: 'optional' as const,
});

/** Of every draft-and-publish type without a workflow of its own. Each command is an action of Strapi. */
export const PUBLICATION_FLOW: Flow = {
  id: PUBLICATION,
  kind: 'publication',
  name: 'Publication',
  initialState: 'draft',
  states: [state('draft', 'Draft', false), state('published', 'Published', true)],
  commands: [
    command('publish', 'Publish', { from: ['draft', 'published'], to: 'published' }),
    command('unpublish', 'Unpublish', { from: ['published'], to: 'draft' }),
    command('discard', 'Discard changes', { from: ['published'], to: 'published' }),
  ],
};

export const stateOf = (flow: Flow, key: string): WorkflowState | undefined =>
  flow.states.find((one) => one.key === key);

export const initialOf = (flow: Flow): WorkflowState =>
  stateOf(flow, flow.initialState) ?? (flow.states[0] as WorkflowState);

export const commandOf = (flow: Flow, key: string): WorkflowCommand | undefined =>
  flow.commands.find((one) => one.key === key);

export const commandsFrom = (flow: Flow, key: string): WorkflowCommand[] =>
  flow.commands.filter(({ from }) => from.includes(key));

export const named = ({ key, name, final }: NamedState): NamedState => ({ key, name, final });

export const shown = ({ key, name, color, final }: WorkflowState): StateAnswer => ({
  key,
  name,
  color,
  final,
});
