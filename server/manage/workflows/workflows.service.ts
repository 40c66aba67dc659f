/** Workflows: drawn, changed, listed and deleted by administrators, and safely so while documents are in them. */
import type { Core } from '@strapi/strapi';
import type { Page, Paging, SearchQuery } from '../../contract/api';
import {
  PUBLICATION,
  type Workflow,
  type WorkflowSettings,
  type WorkflowUsage,
} from '../../contract/workflow';
import { invalid, notFound, type Change, errors } from '../../strapi/errors';
import { orderOf, pageOf, changedFields } from '../../store/settings';
import type { Schemas } from '../../strapi/model/schema.service';
import type { Approving } from '../../workflow/state/approving.service';
import {
  problemsOf,
  withRoleIds,
  type Surroundings,
} from '../../workflow/workflows/check-workflow';
import type { Tables } from '../../store/tables.service';
import type { Saving } from '../saving.service';
import { WORKFLOW_UID } from '../../workflow/sources/rules.service';
import type { StateUpkeep } from '../../workflow/state/state-upkeep.service';
import type { Trail } from '../../store/audit.service';
import { createReshape, WEBHOOK_UID } from './reshaping.service';
import type { Choices } from '../../workflow/workflows/workflow-choices.service';
import { answerOf, usedBy, type WorkflowRow } from '../../workflow/workflows/workflow-record';

const SORTABLE = ['name', 'createdAt', 'updatedAt'];

type Options = {
  strapi: Core.Strapi;
  schemas: Schemas;
  tables: Tables;
  upkeep: StateUpkeep;
  approving: Approving;
  choices: Choices;
  trail: Trail;
  /** Of the webhooks, which a change of their workflow may change too. */
  webhookTrail: Trail;
  saving: Saving;
  onChange(): void;
};

type BoundWebhook = WorkflowUsage['webhooks'][number] & { documentId: string };

function checkRemovable({ name, usage }: Workflow, moveTo: typeof PUBLICATION | undefined): void {
  if (usage.webhooks.length > 0) {
    const names = usage.webhooks.map((webhook) => `"${webhook.name}"`).join(', ');
    throw new errors.ApplicationError(
      `The workflow "${name}" is used by ${names}. Delete these webhooks first, or set them to another workflow.`,
    );
  }
  const count = Object.values(usage.documents).reduce((sum, one) => sum + one, 0);
  if (count > 0 && moveTo === undefined)
    throw new errors.ApplicationError(
      `${count} ${count === 1 ? 'document has' : 'documents have'} a state of the workflow "${name}". Without it they are published as before, whatever their state was. If that is meant, add "moveTo=${PUBLICATION}".`,
    );
}

export const createWorkflows = (options: Options) => {
  const { strapi, schemas, tables, upkeep, trail, onChange } = options;
  const rows = () => strapi.db.query(WORKFLOW_UID);
  const webhooks = () => strapi.db.query(WEBHOOK_UID);
  const saving = options.saving.of<WorkflowRow>({
    uid: WORKFLOW_UID,
    key: 'documentId',
    what: 'workflow',
  });

  const rowOf = async (id: string): Promise<WorkflowRow> => {
    const row = await rows().findOne({ where: { documentId: id } });
    if (!row) throw notFound('workflow');
    return row;
  };

  const all = async (): Promise<WorkflowRow[]> => rows().findMany({ orderBy: { id: 'asc' } });

  const webhooksOf = async (id: string): Promise<BoundWebhook[]> =>
    webhooks().findMany({
      select: ['documentId', 'name', 'kind', 'state', 'command'],
      where: { workflow: id },
      orderBy: { id: 'asc' },
    });

  const usageOf = async ({ documentId: id, contentTypes }: WorkflowRow): Promise<WorkflowUsage> => {
    const known = (contentTypes ?? []).filter((uid) => schemas.watched(uid));
    const [counts, webhooks] = await Promise.all([upkeep.counts(id, known), webhooksOf(id)]);
    return {
      ...usedBy(counts),
      webhooks: webhooks.map(({ documentId, name, kind, state, command }) => ({
        id: documentId,
        name,
        kind,
        state: state ?? null,
        command: command ?? null,
      })),
    };
  };

  const { prepare, reshape } = createReshape({ ...options, usageOf });

  const answered = async (row: WorkflowRow): Promise<Workflow> => answerOf(row, await usageOf(row));

  const find = async (id: string): Promise<Workflow> => answered(await rowOf(id));

  const list = async (query: SearchQuery, paging: Paging): Promise<Page<Workflow>> => {
    const page = await rows().findPage({
      where: query.search ? { name: { $containsi: query.search } } : {},
      orderBy: orderOf(paging.sort ?? 'name:asc', SORTABLE),
      page: paging.page,
      pageSize: paging.pageSize,
    });
    const data = await Promise.all((page.results as WorkflowRow[]).map(answered));
    return pageOf(data, { paging, total: page.pagination.total });
  };

  const surroundings = async (id: string | null): Promise<Surroundings> => {
    const others = (await all()).filter(({ documentId }) => documentId !== id);
    return {
      contentTypes: (await schemas.all()).contentTypes,
      roles: await options.choices.roles(),
      taken: new Map(
        others.flatMap(({ name, contentTypes }) =>
          (contentTypes ?? []).map((uid) => [uid, name] as const),
        ),
      ),
    };
  };

  const dataOf = async (settings: WorkflowSettings, id: string | null) => {
    const around = await surroundings(id);
    const problems = problemsOf(settings, around);
    if (problems.length > 0) throw invalid(problems);
    const { moveTo, ...data } = settings;
    return { ...data, commands: withRoleIds(settings.commands, around.roles) };
  };

  const create = async (settings: WorkflowSettings): Promise<Workflow> => {
    const data = await dataOf(settings, null);
    const { documentId } = await trail.recorded(
      'created',
      () => rows().create({ data }) as Promise<WorkflowRow>,
    );
    onChange();
    return find(documentId);
  };

  const update = async (
    id: string,
    { settings, version }: Change<WorkflowSettings>,
  ): Promise<Workflow> => {
    await saving.change(
      { id, version },
      {
        prepare: async (row) => {
          const data = await dataOf(settings, id);
          const before = { ...row, contentTypes: row.contentTypes ?? [] };
          return {
            data,
            notes: await prepare(row, settings),
            fields: changedFields(before, data),
          };
        },
        write: ({ fields, ...prepared }, row) =>
          trail.recorded('changed', () => reshape(row, { settings, ...prepared }), fields),
      },
    );
    onChange();
    return find(id);
  };

  const remove = async (
    id: string,
    { moveTo }: { moveTo?: typeof PUBLICATION | undefined },
  ): Promise<Workflow> => {
    const workflow = await find(id);
    checkRemovable(workflow, moveTo);
    await tables.transaction(async (trx) => {
      await upkeep.forgetWorkflow(id, trx);
      await trail.recorded(
        'deleted',
        () => rows().delete({ where: { documentId: id } }) as Promise<WorkflowRow | null>,
      );
    });
    onChange();
    return workflow;
  };

  return { list, find, create, update, remove };
};

export type Workflows = ReturnType<typeof createWorkflows>;
