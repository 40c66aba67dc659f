import { searchQuerySchema } from '../../contract/api';
import {
  workflowDeleteSchema,
  workflowInputSchema,
  type WorkflowChoices,
} from '../../contract/workflow';
import { parse } from '../../strapi/errors';
import { checkMayChoose, idOf, one, resourceActions, type Context } from '../answers';
import type { Workflows } from './workflows.service';

type Parts = { choices(): Promise<WorkflowChoices>; workflows: Workflows };

export default (parts: () => Parts) => {
  const workflows = () => parts().workflows;
  return {
    ...resourceActions(workflows, { query: searchQuerySchema, settings: workflowInputSchema }),
    async choices(context: Context) {
      checkMayChoose(context);
      one(context, await parts().choices());
    },
    async delete(context: Context) {
      const choice = parse(workflowDeleteSchema, context.query);
      one(context, await workflows().remove(idOf(context), choice));
    },
  };
};
