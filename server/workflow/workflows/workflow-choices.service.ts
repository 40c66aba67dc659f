/** What a webhook can hang on, and whom a command can be kept for: the lists that forms choose from. */
import type { Core } from '@strapi/strapi';
import type { RoleChoice, WorkflowChoice, WorkflowChoices } from '../../contract/workflow';
import type { Schemas } from '../../strapi/model/schema.service';
import { PUBLICATION_FLOW, type Flow } from '../sources/flow';
import { WORKFLOW_UID } from '../sources/rules.service';
import type { ReviewWorkflows } from '../sources/review-workflows.service';
import { flowOfRow, type WorkflowRow } from './workflow-record';

type Options = { strapi: Core.Strapi; schemas: Schemas; reviewWorkflows: ReviewWorkflows };

const choiceOf = (
  { id, name, states, commands }: Flow,
  contentTypes: string[],
): WorkflowChoice => ({
  id,
  name,
  contentTypes,
  states: states.map(({ key, name: title, color, final }) => ({ key, name: title, color, final })),
  commands: commands.map(({ key, name: title, from, to }) => ({ key, name: title, from, to })),
});

export const createChoices = ({ strapi, schemas, reviewWorkflows }: Options) => {
  const roles = async (): Promise<RoleChoice[]> =>
    strapi.db
      .query('admin::role')
      .findMany({ select: ['id', 'code', 'name'], orderBy: { name: 'asc' } });

  /** Every workflow that a webhook can hang on. */
  const choices = async (): Promise<WorkflowChoices> => {
    const own: WorkflowRow[] = await strapi.db
      .query(WORKFLOW_UID)
      .findMany({ orderBy: { id: 'asc' } });
    const governed = new Set(own.flatMap(({ contentTypes }) => contentTypes ?? []));
    const { contentTypes } = await schemas.all();
    const published = contentTypes
      .filter(({ uid, hasDraftAndPublish: has }) => has && !governed.has(uid))
      .map(({ uid }) => uid);
    const review = await reviewWorkflows.all();
    return {
      workflows: [
        ...own.map((row) => choiceOf(flowOfRow(row), row.contentTypes ?? [])),
        ...review.map((flow) => choiceOf(flow, flow.contentTypes)),
        choiceOf(PUBLICATION_FLOW, published),
      ],
      roles: await roles(),
    };
  };

  return { choices, roles };
};

export type Choices = ReturnType<typeof createChoices>;
