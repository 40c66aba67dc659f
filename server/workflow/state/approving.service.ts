/** What documents stand for when the workflow itself is changed under them. */
import type { Knex } from 'knex';
import { hasDraftAndPublish } from '../../schema/content-model';
import type { Schemas } from '../../schema/schema.service';
import type { Drafts } from './drafts.service';
import type { StateUpkeep } from './state-upkeep.service';
import type { States } from './states.service';
import type { WorkflowRow } from '../workflows/workflow-record';

type Options = { schemas: Schemas; drafts: Drafts; states: States; upkeep: StateUpkeep };

export const createApproving = ({ schemas, drafts, states, upkeep }: Options) => {
  /**
   * Notes what a final state approves, of all documents that come to stand in one: each as it is now, since what is
   * edited later was not approved.
   */
  const approve = async (
    workflow: string,
    { from, to }: { from: string; to: string },
    trx: Knex.Transaction,
  ): Promise<void> => {
    for (const place of await upkeep.placesIn(workflow, from, trx)) {
      const draft = await drafts.read(place, { trx });
      const approval = { approved_state: to, fingerprint: draft?.fingerprint ?? null };
      await states.put(place, { workflow, state: to, ...approval }, trx);
    }
  };

  /** Content types that are gone have no documents. */
  const watched = (uids: readonly string[]) =>
    uids.flatMap((uid) => {
      const model = schemas.watched(uid)?.model;
      return model ? [{ uid, isDraftAndPublish: hasDraftAndPublish(model) }] : [];
    });

  /** How many documents of these types never moved. */
  const unmovedOf = async (uids: readonly string[], trx: Knex.Transaction): Promise<number> => {
    let sum = 0;
    for (const { uid, isDraftAndPublish } of watched(uids))
      sum += await upkeep.countUnmoved(uid, { trx, isDraftAndPublish });
    return sum;
  };

  /** Documents that never moved have no row, and stand where the workflow starts: they stay there. */
  const keepInitial = async (row: WorkflowRow, trx: Knex.Transaction): Promise<void> => {
    const { documentId: workflow, initialState: state } = row;
    for (const { uid, isDraftAndPublish } of watched(row.contentTypes ?? []))
      await upkeep.settleAll(uid, { workflow, state }, { trx, isDraftAndPublish });
    const isFinal = row.states.some(({ key, final }) => key === state && final);
    if (isFinal) await approve(workflow, { from: state, to: state }, trx);
  };

  return { approve, keepInitial, unmovedOf };
};

export type Approving = ReturnType<typeof createApproving>;
