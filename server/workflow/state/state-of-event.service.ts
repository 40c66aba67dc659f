/** The state of an event's document in its workflow, in the transaction that stores the event. */
import type { Knex } from 'knex';
import type { StateOfEvent } from '../../capture/recorder.service';
import type { Flows } from '../definition/flows.service';
import type { Flow } from '../definition/flow';
import type { Place } from '../../strapi/model/place';
import { rowState, type FindStanding } from './standing.service';
import type { States } from './states.service';

type Options = { flows: Flows; states: States; findStanding: FindStanding };

export const createStateOfEvent = ({ flows, states, findStanding }: Options): StateOfEvent => {
  /** A deleted document has left its state behind for the rest of the transaction. */
  const lastState = async (flow: Flow, place: Place, trx: Knex.Transaction): Promise<string> =>
    rowState(flow, await states.find(place, { trx })).key;

  return async ({ uid, documentId, locale, status }, trx) => {
    const flow = uid === null ? null : await flows.flowOf(uid);
    if (!flow || uid === null || documentId === null) return null;
    const place = { uid, documentId, locale };
    const found = await findStanding(flow, place, { trx });
    if (found) return { workflow: flow.id, state: found.state.key };
    const gone = flow.kind === 'publication' ? status : await lastState(flow, place, trx);
    return { workflow: flow.id, state: gone ?? flow.initialState };
  };
};
