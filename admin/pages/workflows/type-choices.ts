/** Which content types a workflow may be given: each type has one workflow at most. */
import type { ContentTypeInfo } from '../../../server/contract/content-type';
import { PUBLICATION, type WorkflowChoice } from '../../../server/contract/workflow';

export type TypeChoice = {
  value: string;
  label: string;
  /** The name of the other workflow that it has; null if it is free, or ours. */
  takenBy: string | null;
  /** Without draft and publish: it can have states, but none that publishes. */
  isUnpublishable: boolean;
};

type Own = {
  /** Of the workflow that is edited; null: it is new. */
  id: string | null;
  /** What is chosen now stays free to be taken away, even where another has it meanwhile. */
  chosen: readonly string[];
};

/** Two types of the same name are told apart by their uid. */
const labelOf = ({ uid, displayName }: ContentTypeInfo, types: readonly ContentTypeInfo[]) =>
  types.some((other) => other.displayName === displayName && other.uid !== uid)
    ? `${displayName} (${uid})`
    : displayName;

export const typeChoices = (
  types: readonly ContentTypeInfo[],
  workflows: readonly WorkflowChoice[],
  { id, chosen }: Own,
): TypeChoice[] => {
  const others = workflows.filter((other) => other.id !== id && other.id !== PUBLICATION);
  // Nobody can run a command on a hidden type, so the server refuses it.
  const offered = types.filter(({ uid, isHidden }) => !isHidden || chosen.includes(uid));
  return offered.map((type) => {
    const owner = others.find(({ contentTypes }) => contentTypes.includes(type.uid));
    return {
      value: type.uid,
      label: labelOf(type, types),
      takenBy: owner && !chosen.includes(type.uid) ? owner.name : null,
      isUnpublishable: !type.hasDraftAndPublish,
    };
  });
};
