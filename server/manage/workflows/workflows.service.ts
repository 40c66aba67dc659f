/** Workflows: created, changed, listed and deleted by administrators, and safely so while documents are in them. */
import type { Core } from '@strapi/strapi';
import type { Knex } from 'knex';
import { PLUGIN_ID } from '../../contract/names';
import type { Page, Paging, SearchQuery } from '../../contract/api';
import {
  PUBLICATION,
  type Workflow,
  type WorkflowSettings,
  type WorkflowUsage,
} from '../../contract/workflow';
import type { Audit } from '../../store/audit/audit.service';
import { changedFields } from '../../store/audit/changed-fields';
import type { Saved } from '../../store/last-change';
import type { Tables } from '../../store/tables.service';
import { checkNone, refused, type Change } from '../../strapi/errors';
import type { Schemas } from '../../strapi/model/schema.service';
import { WORKFLOW_UID, type Flows } from '../../workflow/definition/flows.service';
import {
  isFinalIn,
  type Approving,
  type Notes,
  type StateUpkeep,
} from '../../workflow/state/upkeep.service';
import {
  approvesUnmoved,
  leavingProblems,
  leavingTypes,
  newlyFinal,
  problemsOf,
  removed,
  staysInitial,
  withRoleIds,
  type Surroundings,
} from '../../workflow/definition/check-workflow';
import { usedBy, workflowOfRow, type WorkflowRow } from '../../workflow/definition/flow';
import type { Resources } from '../resource.service';

const WEBHOOK_UID = `plugin::${PLUGIN_ID}.webhook`;

type Options = {
  strapi: Core.Strapi;
  schemas: Schemas;
  tables: Tables;
  upkeep: StateUpkeep;
  approving: Approving;
  flows: Pick<Flows, 'roles'>;
  audit: Audit;
  resources: Resources;
  onChange(): void;
};

type BoundWebhook = WorkflowUsage['webhooks'][number] & { documentId: string };
type Prepared = { settings: WorkflowSettings; data: { name: string }; notes: Notes };

export const createWorkflows = (options: Options) => {
  const { strapi, schemas, tables, upkeep, resources, onChange } = options;
  const workflows = resources.of<WorkflowRow>({
    uid: WORKFLOW_UID,
    key: 'documentId',
    subject: 'workflow',
    sortable: ['name', 'createdAt', 'updatedAt'],
  });
  const { noteApproved, reshape } = createReshape({ ...options, usageOf });

  async function usageOf({ documentId: id, contentTypes }: WorkflowRow): Promise<WorkflowUsage> {
    const known = (contentTypes ?? []).filter((uid) => schemas.watched(uid));
    const bound: Promise<BoundWebhook[]> = strapi.db.query(WEBHOOK_UID).findMany({
      select: ['documentId', 'name', 'kind', 'state', 'command'],
      where: { workflow: id },
      orderBy: { id: 'asc' },
    });
    const [counts, found] = await Promise.all([upkeep.counts(id, known), bound]);
    return {
      ...usedBy(counts),
      webhooks: found.map(({ documentId, name, kind, state, command }) => ({
        id: documentId,
        name,
        kind,
        state: state ?? null,
        command: command ?? null,
      })),
    };
  }

  async function answered(row: WorkflowRow): Promise<Workflow> {
    return workflowOfRow(row, await usageOf(row));
  }

  async function find(id: string): Promise<Workflow> {
    return answered(await workflows.find(id));
  }

  async function list({ search }: SearchQuery, paging: Paging): Promise<Page<Workflow>> {
    const where = search ? { name: { $containsi: search } } : {};
    return workflows.list(where, paging, (found) => Promise.all(found.map(answered)));
  }

  async function surroundings(id: string | null): Promise<Surroundings> {
    const all: WorkflowRow[] = await workflows.rows().findMany({ orderBy: { id: 'asc' } });
    const taken = all
      .filter(({ documentId }) => documentId !== id)
      .flatMap(({ name, contentTypes }) => (contentTypes ?? []).map((uid) => [uid, name] as const));
    return {
      contentTypes: (await schemas.all()).contentTypes,
      roles: await options.flows.roles(),
      taken: new Map(taken),
    };
  }

  async function dataOf(settings: WorkflowSettings, id: string | null) {
    const around = await surroundings(id);
    checkNone(problemsOf(settings, around));
    const { moveTo, ...data } = settings;
    return { ...data, commands: withRoleIds(settings.commands, around.roles) };
  }

  async function create(settings: WorkflowSettings): Promise<Workflow> {
    const id = await workflows.create(await dataOf(settings, null));
    onChange();
    return find(id);
  }

  async function update(
    id: string,
    { settings, version }: Change<WorkflowSettings>,
  ): Promise<Workflow> {
    await workflows.update(
      { id, version },
      {
        prepare: async (row) => {
          const data = await dataOf(settings, id);
          const before = { ...row, contentTypes: row.contentTypes ?? [] };
          const notes = await noteApproved(row, settings);
          return { data, notes, fields: changedFields(before, data) };
        },
        write: ({ data, notes }, row) => reshape(row, { settings, data, notes }),
      },
    );
    onChange();
    return find(id);
  }

  async function remove(
    id: string,
    { moveTo }: { moveTo?: typeof PUBLICATION | undefined } = {},
  ): Promise<Workflow> {
    const workflow = await find(id);
    checkRemovable(workflow, moveTo);
    await tables.transaction(async (trx) => {
      await upkeep.forgetWorkflow(id, trx);
      await workflows.remove(workflow);
    });
    onChange();
    return workflow;
  }

  return { list, find, create, update, remove };
};

export type Workflows = ReturnType<typeof createWorkflows>;

type ReshapeOptions = Omit<Options, 'choices' | 'onChange'> & {
  usageOf(row: WorkflowRow): Promise<WorkflowUsage>;
};

/** Changes a workflow that is in use: its documents and webhooks go where the settings say, or the change is refused. */
function createReshape(options: ReshapeOptions) {
  const { strapi, schemas, tables, upkeep, approving, audit, resources, usageOf } = options;
  const webhooks = () => strapi.db.query(WEBHOOK_UID);
  const webhookTrail = audit.of('webhook');

  /** Content types that are taken out lose their states, so the settings must say that this is meant. */
  async function leavingOf(row: WorkflowRow, settings: WorkflowSettings): Promise<string[]> {
    const leaving = leavingTypes({ contentTypes: row.contentTypes ?? [] }, settings);
    const problems = leavingProblems(leaving, settings, {
      usage: await usageOf(row),
      nameOf: (uid) => schemas.watched(uid)?.model.info?.displayName ?? uid,
    });
    checkNone(problems);
    return leaving;
  }

  /** Where the documents and webhooks of removed states and commands go. Throws if they have nowhere to go. */
  async function movesOf(row: WorkflowRow, settings: WorkflowSettings, trx: Knex.Transaction) {
    const usage = await usageOf(row);
    const { initialState } = row;
    if (approvesUnmoved(row, settings)) {
      const unmoved = await approving.unmovedOf(row.contentTypes ?? [], trx);
      usage.documents[initialState] = (usage.documents[initialState] ?? 0) + unmoved;
    }
    const moves = removed(row, settings, usage);
    checkNone(moves.problems);
    return moves;
  }

  /** Before the transaction of the change, which would take long otherwise: reads what becomes approved. Throws if refused. */
  async function noteApproved(stored: WorkflowRow, settings: WorkflowSettings): Promise<Notes> {
    const { row, states } = await tables.transaction(async (trx) => {
      const left = without(stored, await leavingOf(stored, settings));
      return { row: left, states: (await movesOf(left, settings, trx)).states };
    });
    const staysFinal = staysInitial(row, settings, states) && isFinalIn(row);
    const becomeFinal = newlyFinal(row, settings, states).map(({ from }) => from);
    return approving.note(stored.documentId, {
      states: staysFinal ? [...becomeFinal, row.initialState] : becomeFinal,
      unmovedOf: staysFinal ? (row.contentTypes ?? []) : [],
    });
  }

  /** In the transaction of the change, in which the usage is counted again. */
  function reshape(stored: WorkflowRow, { settings, data, notes }: Prepared) {
    const id = stored.documentId;
    return tables.transaction(async (trx) => {
      const leaving = await leavingOf(stored, settings);
      await upkeep.forgetTypes(id, leaving, trx);
      const row = without(stored, leaving);
      const { states, commands } = await movesOf(row, settings, trx);
      const how = { notes, trx };
      if (staysInitial(row, settings, states)) await approving.keepInitial(row, how);
      for (const way of newlyFinal(row, settings, states)) await approving.approve(id, way, how);
      for (const [from, to] of states) await upkeep.moveAll(id, { from, to }, trx);
      await moveWebhooks(id, 'state', states);
      await moveWebhooks(id, 'command', commands);
      await strapi.db.query(WORKFLOW_UID).update({ where: { documentId: id }, data });
    });
  }

  async function moveWebhooks(
    id: string,
    part: 'state' | 'command',
    moves: ReadonlyMap<string, string>,
  ) {
    for (const [from, to] of moves) {
      const found: Saved[] = await webhooks().findMany({ where: { workflow: id, [part]: from } });
      for (const webhook of found) {
        const change = { where: { id: webhook.id }, data: { [part]: to } };
        await webhookTrail.recorded('changed', () => webhooks().update(change), [part]);
        await resources.stamp(WEBHOOK_UID, webhook);
      }
    }
  }

  return { noteApproved, reshape };
}

const without = (row: WorkflowRow, leaving: readonly string[]): WorkflowRow => ({
  ...row,
  contentTypes: (row.contentTypes ?? []).filter((uid) => !leaving.includes(uid)),
});

function checkRemovable({ name, usage }: Workflow, moveTo: typeof PUBLICATION | undefined): void {
  if (usage.webhooks.length > 0) {
    const webhooks = usage.webhooks.map((webhook) => `"${webhook.name}"`).join(', ');
    throw refused('workflow-in-use', { name, webhooks });
  }
  const count = Object.values(usage.documents).reduce((sum, one) => sum + one, 0);
  if (count === 0 || moveTo !== undefined) return;
  const code = count === 1 ? 'workflow-holds-document' : 'workflow-holds-documents';
  throw refused(code, { name, count, moveTo: PUBLICATION });
}
