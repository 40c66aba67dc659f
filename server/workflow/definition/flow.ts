/** A workflow as it governs documents, and a move of a document in it. Pure. */
import type { Happening } from '../../capture/events';
import type { VALIDATION } from '../../contract/catalogue';
import type { StateAnswer, Verdict } from '../../contract/document';
import type { Actor, FieldChange, NamedState, WorkflowFacts } from '../../contract/event';
import {
  PUBLICATION,
  type Workflow,
  type WorkflowChoice,
  type WorkflowCommand,
  type WorkflowGraph,
  type WorkflowState,
  type WorkflowUsage,
} from '../../contract/workflow';
import {
  hasDraftAndPublish,
  type ContentModel,
  type Place,
} from '../../strapi/model/content-model';

type FlowKind = 'own' | 'publication' | 'review';
export type Flow = WorkflowGraph & { id: string; kind: FlowKind };

/** Governs every type with draft & publish that has no workflow of its own. Each command is an action of Strapi. */
export const PUBLICATION_FLOW: Flow = {
  id: PUBLICATION,
  kind: 'publication',
  name: 'Publication',
  initialState: 'draft',
  states: [
    publicationState('draft', 'Draft', false),
    publicationState('published', 'Published', true),
  ],
  commands: [
    publicationCommand('publish', 'Publish', { from: ['draft', 'published'], to: 'published' }),
    publicationCommand('unpublish', 'Unpublish', { from: ['published'], to: 'draft' }),
    publicationCommand('discard', 'Discard changes', { from: ['published'], to: 'published' }),
  ],
};

function publicationState(key: string, name: string, final: boolean): WorkflowState {
  return { key, name, color: final ? '#328048' : '#4945ff', final, onEnter: null };
}

function publicationCommand(
  key: string,
  name: string,
  way: { from: string[]; to: string },
): WorkflowCommand {
  return { key, name, ...way, roles: [], comment: 'optional' };
}

export function stateOf(flow: Flow, key: string): WorkflowState | undefined {
  return flow.states.find((one) => one.key === key);
}

export function initialOf(flow: Flow): WorkflowState {
  return stateOf(flow, flow.initialState) ?? (flow.states[0] as WorkflowState);
}

export function commandOf(flow: Flow, key: string): WorkflowCommand | undefined {
  return flow.commands.find((one) => one.key === key);
}

export function commandsFrom(flow: Flow, key: string): WorkflowCommand[] {
  return flow.commands.filter(({ from }) => from.includes(key));
}

export function named({ key, name, final }: NamedState): NamedState {
  return { key, name, final };
}

export function shown({ key, name, color, final }: WorkflowState): StateAnswer {
  return { key, name, color, final };
}

type Row = Record<string, unknown>;

/** `command` is null if no command ran: an edit put the document back, or somebody bypassed the workflow. */
export type Move = {
  flow: Flow;
  place: Place;
  model: ContentModel;
  command: WorkflowCommand | null;
  from: WorkflowState;
  to: WorkflowState;
  comment: string | null;
  actor: Actor;
  /** The content that is moved. */
  entry: Row | null;
  /** The published content that it would replace. */
  previous: Row | null;
  changes: FieldChange[];
};

/** The part of a move that does not depend on the content. */
export type Way = Pick<Move, 'flow' | 'command' | 'from' | 'to' | 'comment' | 'actor'>;

/** A move as the event that endpoints receive. */
export function happeningOf(
  move: Move,
  name: 'workflow.transition' | 'workflow.refused' | typeof VALIDATION,
  { dryRun = false, verdicts }: { dryRun?: boolean; verdicts?: Verdict[] } = {},
): Happening {
  const { flow, place, model, command, entry, previous, changes, actor } = move;
  return {
    name,
    uid: model.uid,
    model: model.modelName,
    documentId: place.documentId === '' ? null : place.documentId,
    locale: place.locale,
    status: hasDraftAndPublish(model) ? 'draft' : 'published',
    entry,
    previous,
    changes,
    actor,
    transition: {
      workflow: { id: flow.id, name: flow.name },
      command: command && { key: command.key, name: command.name },
      from: named(move.from),
      to: named(move.to),
      comment: move.comment,
      dryRun,
      ...(verdicts ? { verdicts } : {}),
    },
  };
}

/** A workflow as it is stored. */
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

export function flowOfRow(row: WorkflowRow): Flow {
  const { documentId: id, name, initialState, states, commands } = row;
  return { id, kind: 'own', name, initialState, states, commands };
}

export function workflowOfRow(row: WorkflowRow, usage: WorkflowUsage): Workflow {
  const { documentId: id, name, initialState, states, commands, createdAt, updatedAt } = row;
  const contentTypes = row.contentTypes ?? [];
  return { id, name, contentTypes, initialState, states, commands, usage, createdAt, updatedAt };
}

/** How many documents of a type are in a state. */
export type StateCount = { uid: string; state: string; total: number };

export function usedBy(
  counts: readonly StateCount[],
): Pick<WorkflowUsage, 'documents' | 'contentTypes'> {
  return { documents: summedBy(counts, 'state'), contentTypes: summedBy(counts, 'uid') };
}

function summedBy(counts: readonly StateCount[], part: 'uid' | 'state') {
  const sums: Record<string, number> = {};
  for (const count of counts) sums[count[part]] = (sums[count[part]] ?? 0) + count.total;
  return sums;
}

const UNKNOWN_STATE: NamedState = { key: 'draft', name: 'Draft', final: false };

/**
 * The transition that a webhook bound to a state or command would receive, for a test and a preview. Undefined if the
 * workflow is unknown: the caller then uses a made-up one.
 */
export function sampleTransition(
  workflow: WorkflowChoice | undefined,
  { state, command }: { state: string | null; command: string | null },
): WorkflowFacts | undefined {
  if (!workflow) return undefined;
  const stateNamed = (key: string | undefined): NamedState | undefined => {
    const found = workflow.states.find((one) => one.key === key);
    return found && named(found);
  };
  const ran =
    workflow.commands.find(({ key }) => key === command) ??
    workflow.commands.find(({ to }) => to === state);
  return {
    workflow: { id: workflow.id, name: workflow.name },
    command: ran ? { key: ran.key, name: ran.name } : null,
    from: stateNamed(ran?.from[0]) ?? stateNamed(workflow.states[0]?.key) ?? UNKNOWN_STATE,
    to: stateNamed(ran?.to ?? state ?? undefined) ?? null,
    comment: 'A sample comment.',
    dryRun: true,
  };
}
