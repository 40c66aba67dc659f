/** Workflows, and what their form offers for choice. */
import type { Workflow, WorkflowChoices, WorkflowInput } from '../../server/contract/workflow';
import { dataOf, get, reading } from './api';
import { path } from './query';
import { resource } from './resource';

const NAME = 'workflows';

export const workflows = {
  /** Removed with `moveTo: 'publication'`, its documents lose their states. */
  ...resource<Workflow, WorkflowInput>({ name: NAME, tag: 'workflow', stale: ['webhook'] }),
  choices: reading<WorkflowChoices>('workflows.choices', {
    request: () => get(path(NAME, 'choices')),
    result: dataOf,
    tags: ['workflow'],
  }),
};
