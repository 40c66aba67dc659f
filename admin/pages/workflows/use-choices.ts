/** What the form of a workflow offers for choice: content types, what other workflows have of them, and roles. */
import type { ContentTypeInfo } from '../../../server/contract/content-type';
import type { WorkflowChoices } from '../../../server/contract/workflow';
import { contentTypes } from '../../services/catalogue';
import { together, useLoad, type Loaded } from '../../services/use-load';
import { workflows } from '../../services/workflows';

export type Choices = WorkflowChoices & { types: ContentTypeInfo[] };

/** Who may see workflows, but not this, sees them with uids and ids in place of names. */
function unlessForbidden<T>(load: Loaded<T>, otherwise: T): Loaded<T> {
  return load.problem?.status === 403 ? { ...load, data: otherwise, problem: null } : load;
}

export const useTypes = (): Loaded<ContentTypeInfo[]> => {
  const load = unlessForbidden(useLoad(contentTypes, undefined), {
    contentTypes: [],
    locales: [],
    screens: [],
  });
  return { ...load, data: load.data?.contentTypes };
};

export const useChoices = (): Loaded<Choices> => {
  const types = useTypes();
  const choices = unlessForbidden(useLoad(workflows.choices, undefined), {
    workflows: [],
    roles: [],
  });
  return {
    data: choices.data && types.data && { ...choices.data, types: types.data },
    ...together([choices, types]),
  };
};
