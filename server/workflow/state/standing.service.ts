/** Where a document stands now: its workflow, its state, and the content that the state speaks of. */
import type { Knex } from 'knex';
import type { WorkflowState } from '../../contract/workflow';
import { notFound } from '../../strapi/errors';
import type { Draft, Drafts } from './drafts.service';
import { initialOf, stateOf, type Flow } from '../definition/flow';
import type { Place } from '../../strapi/model/place';
import type { ReviewWorkflows } from '../definition/flows.service';
import type { StateRow, States } from './states.service';

export type Standing = {
  flow: Flow;
  state: WorkflowState;
  draft: Draft;
  row: StateRow | null;
};

type How = { trx: Knex.Transaction; lock?: boolean };
type Options = { states: States; drafts: Drafts; reviewWorkflows: ReviewWorkflows };

/** A row of another workflow, or of a state that is gone, says nothing. */
export const rowState = (flow: Flow, row: StateRow | null): WorkflowState =>
  (row?.workflow === flow.id && stateOf(flow, row.state)) || initialOf(flow);

/** Approved is what had this fingerprint. What changed since, by whatever way, is as good as new. */
export const isApproved = (flow: Flow, row: StateRow | null, fingerprint: string): boolean =>
  rowState(flow, row).final && (row === null || row.fingerprint === fingerprint);

export const ownState = (flow: Flow, row: StateRow | null, fingerprint: string): WorkflowState => {
  const state = rowState(flow, row);
  return !state.final || isApproved(flow, row, fingerprint) ? state : initialOf(flow);
};

export const createStanding = ({ states, drafts, reviewWorkflows }: Options) => {
  const stateKey = async (
    flow: Flow,
    { draft, row }: { draft: Draft; row: StateRow | null },
    how: How,
  ) => {
    switch (flow.kind) {
      case 'own':
        return ownState(flow, row, draft.fingerprint).key;
      case 'publication':
        return (await drafts.readPublished(draft.place, how)) ? 'published' : 'draft';
      case 'review':
        return reviewWorkflows.stateKey(draft.place, flow);
    }
  };

  /** Null where there is no such document, or not in this locale. */
  const findStanding = async (flow: Flow, place: Place, how: How): Promise<Standing | null> => {
    const draft = await drafts.read(place, how);
    if (!draft) return null;
    const row = await states.find(place, how);
    const key = await stateKey(flow, { draft, row }, how);
    return { flow, draft, row, state: stateOf(flow, key) ?? initialOf(flow) };
  };

  const standing = async (flow: Flow, place: Place, how: How): Promise<Standing> => {
    const found = await findStanding(flow, place, how);
    if (!found) throw notFound('document');
    return found;
  };

  return { standing, findStanding };
};

type StandingRoom = ReturnType<typeof createStanding>;
export type StandingOf = StandingRoom['standing'];
export type FindStanding = StandingRoom['findStanding'];
