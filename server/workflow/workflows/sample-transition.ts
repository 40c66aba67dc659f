/** What a webhook would be told or asked of the workflow it hangs on, for a test and a preview. Pure. */
import type { NamedState, WorkflowFacts } from '../../contract/event';
import type { WorkflowChoice } from '../../contract/workflow';

type Bound = { state: string | null; command: string | null };

const UNKNOWN: NamedState = { key: 'draft', name: 'Draft', final: false };

/** Undefined where the workflow is not known: a made-up one then stands in its place. */
export const sampleTransition = (
  workflow: WorkflowChoice | undefined,
  { state, command }: Bound,
): WorkflowFacts | undefined => {
  if (!workflow) return undefined;
  const named = (key: string | undefined): NamedState | undefined => {
    const found = workflow.states.find((one) => one.key === key);
    return found && { key: found.key, name: found.name, final: found.final };
  };
  const ran =
    workflow.commands.find(({ key }) => key === command) ??
    workflow.commands.find(({ to }) => to === state);
  return {
    workflow: { id: workflow.id, name: workflow.name },
    command: ran ? { key: ran.key, name: ran.name } : null,
    from: named(ran?.from[0]) ?? named(workflow.states[0]?.key) ?? UNKNOWN,
    to: named(ran?.to ?? state ?? undefined) ?? null,
    comment: 'A sample comment.',
    dryRun: true,
  };
};
