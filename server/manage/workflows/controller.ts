import { pagingSchema, searchQuerySchema } from '../../contract/api';
import {
  workflowDeleteSchema,
  workflowInputSchema,
  type WorkflowChoices,
} from '../../contract/workflow';
import { parse, parseChange } from '../../strapi/errors';
import { checkMayChoose, created, idOf, one, type Context } from '../answers';
import type { Workflows } from './workflows.service';

type Parts = { choices(): Promise<WorkflowChoices>; workflows: Workflows };

export default (parts: () => Parts) => {
  const workflows = () => parts().workflows;
  return {
    async find(context: Context) {
      const { query } = context;
      context.body = await workflows().list(
        parse(searchQuerySchema, query),
        parse(pagingSchema, query),
      );
    },
    async choices(context: Context) {
      checkMayChoose(context);
      one(context, await parts().choices());
    },
    async findOne(context: Context) {
      one(context, await workflows().find(idOf(context)));
    },
    async create(context: Context) {
      created(context, await workflows().create(parse(workflowInputSchema, context.request.body)));
    },
    async update(context: Context) {
      const change = parseChange(workflowInputSchema, context.request.body);
      one(context, await workflows().update(idOf(context), change));
    },
    async delete(context: Context) {
      const choice = parse(workflowDeleteSchema, context.query);
      one(context, await workflows().remove(idOf(context), choice));
    },
  };
};
