/** Workflows: created, changed, listed and deleted by administrators, and safely so while documents are in them. */
import type { Knex } from 'knex';
import type { SearchQuery } from '../../contract/api';
import {
  PUBLICATION,
  type Workflow,
  type WorkflowSettings,
  type WorkflowUsage,
} from '../../contract/workflow';
import type { Audit } from '../../store/audit.service';
import { changedFields, type Saved } from '../../store/settings';
import type { Tables } from '../../store/tables.service';
import { WEBHOOK_UID, type WebhookRow } from '../../store/webhook-record';
import { rowsOf } from '../../strapi/database.service';
import { checkNone, refused } from '../../strapi/errors';
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
import type { Managing } from '../resource.service';

type Options = Omit<Managing, 'secrets' | 'clock'> & {
  schemas: Schemas;
  tables: Tables;
  upkeep: StateUpkeep;
  approving: Approving;
  flows: Pick<Flows, 'roles'>;
  audit: Audit;
};

export const createWorkflows = (options: Options) => {
  const { strapi, schemas, tables, upkeep, approving, resources } = options;
  const webhooks = rowsOf<WebhookRow & Saved>(strapi, WEBHOOK_UID);
  const webhookTrail = options.audit.of('webhook');
  const { rows, remove, ...actions } = resources.of({
    uid: WORKFLOW_UID,
    key: 'documentId',
    subject: 'workflow',
    sortable: ['name', 'createdAt', 'updatedAt'],
    whereOf: ({ search }: SearchQuery) => (search ? { name: { $containsi: search } } : {}),
    show,
    prepare,
    write: reshape,
    onChange: options.onChange,
  });

  function show(found: WorkflowRow[]): Promise<Workflow[]> {
    return Promise.all(found.map(async (row) => workflowOfRow(row, await usageOf(row))));
  }

  async function usageOf({ documentId: id, contentTypes }: WorkflowRow): Promise<WorkflowUsage> {
    const known = (contentTypes ?? []).filter((uid) => schemas.watched(uid));
    const bound = webhooks.findMany({
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

  async function surroundings(id: string | undefined): Promise<Surroundings> {
    const all = await rows.findMany({ orderBy: { id: 'asc' } });
    const taken = all
      .filter(({ documentId }) => documentId !== id)
      .flatMap(({ name, contentTypes }) => (contentTypes ?? []).map((uid) => [uid, name] as const));
    return {
      contentTypes: (await schemas.all()).contentTypes,
      roles: await options.flows.roles(),
      taken: new Map(taken),
    };
  }

  async function prepare(settings: WorkflowSettings, stored: WorkflowRow | null) {
    const around = await surroundings(stored?.documentId);
    checkNone(problemsOf(settings, around));
    const { moveTo, ...columns } = settings;
    const data = { ...columns, commands: withRoleIds(settings.commands, around.roles) };
    const notes: Notes = stored ? await noteApproved(stored, settings) : new Map();
    const before = { ...stored, contentTypes: stored?.contentTypes ?? [] };
    return { settings, data, notes, fields: changedFields(before, data) };
  }

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

  /**
   * Changes a workflow that is in use: its documents and webhooks go where the settings say, or the change is refused. The
   * usage is counted again, in the transaction of the change.
   */
  function reshape(
    { settings, data, notes }: Awaited<ReturnType<typeof prepare>>,
    stored: WorkflowRow,
  ) {
    const id = stored.documentId;
    return tables.transaction(async (trx) => {
      const leaving = await leavingOf(stored, settings);
      await upkeep.forgetTypes(id, leaving, trx);
      const row = without(stored, leaving);
      const { states, commands } = await movesOf(row, settings, trx);
      if (staysInitial(row, settings, states)) await approving.keepInitial(row, notes);
      for (const way of newlyFinal(row, settings, states)) await approving.approve(id, way, notes);
      for (const [from, to] of states) await upkeep.moveAll(id, { from, to }, trx);
      await moveWebhooks(id, 'state', states);
      await moveWebhooks(id, 'command', commands);
      await rows.updateMany({ where: { documentId: id }, data });
    });
  }

  async function moveWebhooks(
    id: string,
    part: 'state' | 'command',
    moves: ReadonlyMap<string, string>,
  ) {
    for (const [from, to] of moves) {
      for (const webhook of await webhooks.findMany({ where: { workflow: id, [part]: from } })) {
        const change = { where: { id: webhook.id }, data: { [part]: to } };
        await webhookTrail.recorded('changed', () => webhooks.update(change), [part]);
        await resources.stamp(WEBHOOK_UID, webhook);
      }
    }
  }

  return {
    ...actions,
    remove: (id: string, { moveTo }: { moveTo?: typeof PUBLICATION | undefined } = {}) =>
      remove(id, (workflow) => {
        checkRemovable(workflow, moveTo);
        return tables.transaction((trx) => upkeep.forgetTypes(id, null, trx));
      }),
  };
};

export type Workflows = ReturnType<typeof createWorkflows>;

function without(row: WorkflowRow, leaving: readonly string[]): WorkflowRow {
  return {
    ...row,
    contentTypes: (row.contentTypes ?? []).filter((uid) => !leaving.includes(uid)),
  };
}

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
