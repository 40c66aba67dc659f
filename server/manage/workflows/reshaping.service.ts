/** Writes a workflow that documents and webhooks are in: what is in use goes where the change says, or the change is refused. */
import type { Core } from '@strapi/strapi';
import type { Knex } from 'knex';
import type { Trail } from '../../store/audit.service';
import { PLUGIN_ID } from '../../contract/names';
import type { WorkflowSettings, WorkflowUsage } from '../../contract/workflow';
import { invalid } from '../../strapi/errors';
import type { Schemas } from '../../strapi/model/schema.service';
import type { Saved } from '../../store/settings';
import type { Tables } from '../../store/tables.service';
import type { Saving } from '../saving.service';
import { WORKFLOW_UID } from '../../workflow/sources/rules.service';
import { isFinalIn, type Approving, type Notes } from '../../workflow/state/approving.service';
import type { StateUpkeep } from '../../workflow/state/state-upkeep.service';
import {
  approvesUnmoved,
  leavingProblems,
  leavingTypes,
  newlyFinal,
  removed,
  staysInitial,
} from '../../workflow/workflows/check-workflow';
import type { WorkflowRow } from '../../workflow/workflows/workflow-record';

export const WEBHOOK_UID = `plugin::${PLUGIN_ID}.webhook`;

type Options = {
  strapi: Core.Strapi;
  schemas: Schemas;
  tables: Tables;
  upkeep: StateUpkeep;
  approving: Approving;
  /** Of the webhooks, which a change of their workflow may change too. */
  webhookTrail: Trail;
  saving: Saving;
  usageOf(row: WorkflowRow): Promise<WorkflowUsage>;
};

export const createReshape = (options: Options) => {
  const { strapi, schemas, tables, upkeep, approving, webhookTrail, saving, usageOf } = options;
  const rows = () => strapi.db.query(WORKFLOW_UID);
  const webhooks = () => strapi.db.query(WEBHOOK_UID);

  const moveWebhooks = async (
    id: string,
    which: 'state' | 'command',
    moved: ReadonlyMap<string, string>,
  ) => {
    for (const [from, to] of moved) {
      const found: Saved[] = await webhooks().findMany({ where: { workflow: id, [which]: from } });
      for (const webhook of found) {
        const change = { where: { id: webhook.id }, data: { [which]: to } };
        await webhookTrail.recorded('changed', () => webhooks().update(change), [which]);
        await saving.stamp(WEBHOOK_UID, webhook);
      }
    }
  };

  /** Content types that are taken out lose their states, which has to be meant. */
  const leavingOf = async (row: WorkflowRow, settings: WorkflowSettings): Promise<string[]> => {
    const leaving = leavingTypes({ contentTypes: row.contentTypes ?? [] }, settings);
    const problems = leavingProblems(leaving, settings, {
      usage: await usageOf(row),
      nameOf: (uid) => schemas.watched(uid)?.model.info?.displayName ?? uid,
    });
    if (problems.length > 0) throw invalid(problems);
    return leaving;
  };

  const without = (row: WorkflowRow, leaving: readonly string[]): WorkflowRow => ({
    ...row,
    contentTypes: (row.contentTypes ?? []).filter((uid) => !leaving.includes(uid)),
  });

  /** What stands in the way of removing states and commands, and where their documents and webhooks go. */
  const moves = async (row: WorkflowRow, settings: WorkflowSettings, trx: Knex.Transaction) => {
    const usage = await usageOf(row);
    const { initialState } = row;
    if (approvesUnmoved(row, settings)) {
      const unmoved = await approving.unmovedOf(row.contentTypes ?? [], trx);
      usage.documents[initialState] = (usage.documents[initialState] ?? 0) + unmoved;
    }
    const moved = removed(row, settings, usage);
    if (moved.problems.length > 0) throw invalid(moved.problems);
    return moved;
  };

  /** Before the transaction of the change: the long reading that it would else do. Throws if the change is refused. */
  const prepare = async (stored: WorkflowRow, settings: WorkflowSettings): Promise<Notes> => {
    const { row, states } = await tables.transaction(async (trx) => {
      const left = without(stored, await leavingOf(stored, settings));
      return { row: left, states: (await moves(left, settings, trx)).states };
    });
    const staysFinal = staysInitial(row, settings, states) && isFinalIn(row);
    const becomeFinal = newlyFinal(row, settings, states).map(({ from }) => from);
    return approving.note(stored.documentId, {
      states: staysFinal ? [...becomeFinal, row.initialState] : becomeFinal,
      unmovedOf: staysFinal ? (row.contentTypes ?? []) : [],
    });
  };

  type Change = { settings: WorkflowSettings; data: object; notes: Notes };

  /** In the transaction of the change: what is in use is counted in it too. */
  const reshape = (stored: WorkflowRow, { settings, data, notes }: Change) => {
    const id = stored.documentId;
    return tables.transaction(async (trx) => {
      const leaving = await leavingOf(stored, settings);
      await upkeep.forgetTypes(id, leaving, trx);
      const row = without(stored, leaving);
      const { states, commands } = await moves(row, settings, trx);
      const how = { notes, trx };
      if (staysInitial(row, settings, states)) await approving.keepInitial(row, how);
      for (const way of newlyFinal(row, settings, states)) await approving.approve(id, way, how);
      for (const [from, to] of states) await upkeep.moveAll(id, { from, to }, trx);
      await moveWebhooks(id, 'state', states);
      await moveWebhooks(id, 'command', commands);
      return rows().update({ where: { documentId: id }, data }) as Promise<WorkflowRow>;
    });
  };

  return { prepare, reshape };
};

export type Reshape = ReturnType<typeof createReshape>;
