/** What a submit or validation webhook hangs on: named for people, and known to be gone when it is. */
import type { ContentTypeInfo } from '../../../server/contract/content-type';
import type { WorkflowChoice } from '../../../server/contract/workflow';
import type { Draft, Place } from './draft';

export type CommandChoice = WorkflowChoice['commands'][number];
export type StateChoice = WorkflowChoice['states'][number];

export const workflowOf = (
  workflows: readonly WorkflowChoice[],
  id: string | null,
): WorkflowChoice | undefined => workflows.find((workflow) => workflow.id === id);

const nameIn = (things: readonly { key: string; name: string }[], key: string) =>
  things.find((thing) => thing.key === key)?.name;

/** The states that a command leads from, by name; empty: from every one of several. */
const sources = ({ from }: CommandChoice, { states }: WorkflowChoice): string[] => {
  const isAny = states.length > 1 && states.every(({ key }) => from.includes(key));
  return isAny ? [] : from.map((key) => nameIn(states, key) ?? key);
};

/** "Draft, Rejected → In review". */
export const moveOf = (
  command: CommandChoice,
  { workflow, anyState }: { workflow: WorkflowChoice; anyState: string },
): string => {
  const from = sources(command, workflow).join(', ') || anyState;
  return `${from} → ${nameIn(workflow.states, command.to) ?? command.to}`;
};

/** A part of a place by its name, or by its key where it is gone. */
export type PlacePart = { name: string; isGone: boolean };
export type NamedPlace = {
  workflow: PlacePart | null;
  state: PlacePart | null;
  command: PlacePart | null;
};

type Things = readonly { key: string; name: string }[];

const partOf = (key: string | null, things: Things | undefined): PlacePart | null => {
  if (key === null) return null;
  const name = things && nameIn(things, key);
  return { name: name ?? key, isGone: things !== undefined && name === undefined };
};

/** `workflows` is undefined while nobody knows which there are: then nothing is said to be gone. */
export const namedPlace = (
  { workflow: id, state, command }: Place,
  workflows: readonly WorkflowChoice[] | undefined,
): NamedPlace => {
  const workflow = workflows && workflowOf(workflows, id);
  return {
    workflow: partOf(
      id,
      workflows?.map((one) => ({ key: one.id, name: one.name })),
    ),
    state: partOf(state, workflow?.states),
    command: partOf(command, workflow?.commands),
  };
};

/** Whether enough is chosen to know when it is called. */
export const isPlaced = ({ workflow, state, command }: Place) =>
  workflow !== null && (state !== null || command !== null);

/** A place in one workflow means nothing in another, nor do content types that the other does not have. */
export const inWorkflow = (
  workflow: WorkflowChoice,
  { contentTypes }: Pick<Draft, 'contentTypes'>,
): Place & Pick<Draft, 'contentTypes'> => ({
  workflow: workflow.id,
  state: null,
  command: null,
  contentTypes: contentTypes.filter((uid) => workflow.contentTypes.includes(uid)),
});

/** Those a webhook can be about: of an event webhook all, of the others those of their workflow. */
export const typesFor = (
  types: ContentTypeInfo[],
  workflow: WorkflowChoice | undefined,
): ContentTypeInfo[] =>
  workflow ? types.filter(({ uid }) => workflow.contentTypes.includes(uid)) : types;
