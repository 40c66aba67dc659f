/**
 * The content manager's list, narrowed to one state. The condition is added where the list is read from the database, as
 * a subquery: thousands of document ids would be more than a statement takes.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Core } from '@strapi/strapi';
import { STATE_FILTER } from '../../contract/document';
import type { Flow } from '../definition/flow';
import type { Locales } from '../../strapi/documents.service';
import type { Flows } from '../definition/flows.service';
import { STAGE_ATTRIBUTE } from '../definition/flows.service';
import type { States } from '../state/states.service';

type Narrowing = { uid: string; locale: string | null; flow: Flow; state: string };
type Context = {
  params: { model?: string };
  query: Record<string, unknown>;
};
type ReadEvent = { model: { uid: string }; params: { where?: unknown } };

type Options = {
  strapi: Core.Strapi;
  flows: Flows;
  locales: Locales;
  states: States;
};

export const createListFilter = ({ strapi, flows, locales, states }: Options) => {
  const current = new AsyncLocalStorage<Narrowing>();

  /** A document without a row, or without a stage, is in the initial state. */
  const conditionOf = ({ uid, locale, flow, state }: Narrowing): object => {
    const isInitial = state === flow.initialState;
    if (flow.kind === 'review') {
      const stages = flow.states.filter(({ key }) => key === state).map(({ key }) => Number(key));
      const inStage = { [STAGE_ATTRIBUTE]: { id: { $in: stages } } };
      const inNone = { [STAGE_ATTRIBUTE]: { id: { $null: true } } };
      return isInitial ? { $or: [inStage, inNone] } : inStage;
    }
    const others = flow.states.map(({ key }) => key).filter((key) => key !== flow.initialState);
    const inside = states.inStates(
      strapi.db.connection.queryBuilder() as never,
      { uid, locale },
      { workflow: flow.id, states: isInitial ? others : [state] },
    );
    return { documentId: isInitial ? { $notIn: inside } : { $in: inside } };
  };

  const narrow = (event: ReadEvent) => {
    const narrowing = current.getStore();
    if (!narrowing || narrowing.uid !== event.model.uid) return;
    const where = event.params.where ? [event.params.where] : [];
    event.params.where = { $and: [...where, conditionOf(narrowing)] };
  };

  const subscribe = () => {
    const subscriber: unknown = { beforeFindMany: narrow, beforeCount: narrow };
    strapi.db.lifecycles.subscribe(
      subscriber as Parameters<typeof strapi.db.lifecycles.subscribe>[0],
    );
  };

  const middleware = async (context: Context, next: () => Promise<unknown>): Promise<unknown> => {
    const { [STATE_FILTER]: state, locale } = context.query;
    delete context.query[STATE_FILTER];
    const uid = context.params.model ?? '';
    const flow = typeof state === 'string' && state !== '' ? await flows.flowOf(uid) : null;
    if (!flow || flow.kind === 'publication') return next();
    const chosen = await locales.one(uid, typeof locale === 'string' ? locale : null);
    return current.run({ uid, locale: chosen, flow, state: state as string }, next);
  };

  return { middleware, subscribe };
};

export type ListFilter = ReturnType<typeof createListFilter>;
