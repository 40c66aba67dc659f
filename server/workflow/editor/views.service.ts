/** What an editor sees of documents: state, commands, history. */
import type { Knex } from 'knex';
import type { DocumentStates, DocumentWorkflow } from '../../contract/document';
import type { WorkflowCommand } from '../../contract/workflow';
import type { Clock } from '../../strapi/clock.service';
import type { Deciding } from '../verdict/deciding.service';
import { commandsFrom, shown, type Flow } from '../sources/flow';
import type { History } from '../state/history.service';
import type { Tables } from '../../store/tables.service';
import type { Place } from '../../strapi/model/place';
import type { Rules } from '../sources/rules.service';
import type { ReviewWorkflows } from '../sources/review-workflows.service';
import { rowState, type StandingOf } from '../state/standing.service';
import type { Locks } from '../state/locks.service';
import type { States } from '../state/states.service';

type Options = {
  tables: Tables;
  states: States;
  locks: Locks;
  history: History;
  standing: StandingOf;
  rules: Rules;
  deciding: Deciding;
  reviewWorkflows: ReviewWorkflows;
  clock: Clock;
};

/** Who looks, and what they may do. */
export type Viewer = {
  mayRun(command: WorkflowCommand, flow: Flow): boolean;
  mayBypass: boolean;
};

type Page = Pick<Place, 'uid' | 'locale'> & { documentIds: readonly string[] };

const NONE: DocumentWorkflow = {
  workflow: null,
  state: null,
  commands: [],
  history: [],
  states: [],
  isValidated: false,
  mayBypass: false,
  busy: null,
};

const answerOf = ({ key, name, to, comment }: WorkflowCommand) => ({ key, name, to, comment });

export const createViews = (options: Options) => {
  const { tables, states, locks, history, standing, rules, deciding, clock } = options;

  const one = async (place: Place, viewer: Viewer): Promise<DocumentWorkflow> => {
    const flow = await rules.flowOf(place.uid);
    if (!flow) return NONE;
    const isValidated = await deciding.isBound(flow.id, 'validation');
    return tables.transaction(async (trx) => {
      const { state, row } = await standing(flow, place, { trx });
      return {
        workflow: { id: flow.id, name: flow.name },
        state: shown(state),
        commands: commandsFrom(flow, state.key)
          .filter((command) => viewer.mayRun(command, flow))
          .map(answerOf),
        history: await history.list(place, trx),
        states: flow.states.map(shown),
        isValidated,
        mayBypass: viewer.mayBypass && flow.kind === 'own' && !state.final,
        busy: locks.holder(place, row, clock.now()),
      };
    });
  };

  const statesOf = async (
    flow: Flow,
    { uid, locale, documentIds }: Page,
    trx: Knex.Transaction,
  ): Promise<DocumentStates['documents']> => {
    if (flow.kind === 'own') {
      const rows = await states.ofDocuments({ uid, locale }, documentIds, trx);
      const known = new Map(rows.map((row) => [row.document, row]));
      return Object.fromEntries(
        documentIds.map((id) => [id, shown(rowState(flow, known.get(id) ?? null))]),
      );
    }
    if (flow.kind === 'publication') return {};
    const keys = await options.reviewWorkflows.stateKeys({ uid, locale }, documentIds, flow);
    return Object.fromEntries(
      flow.states.flatMap((state) =>
        (keys.get(state.key) ?? []).map((id) => [id, shown(state)] as const),
      ),
    );
  };

  /** The states of a page of a list. */
  const many = async (
    where: Pick<Place, 'uid' | 'locale'>,
    documentIds: readonly string[],
    viewer: Viewer,
  ): Promise<DocumentStates> => {
    const flow = await rules.flowOf(where.uid);
    if (!flow) return { workflow: null, states: [], commands: [], documents: {} };
    return {
      workflow: { id: flow.id, name: flow.name },
      states: flow.states.map(shown),
      commands: flow.commands
        .filter((command) => viewer.mayRun(command, flow))
        .map((command) => ({ ...answerOf(command), from: command.from })),
      documents: await tables.transaction((trx) => statesOf(flow, { ...where, documentIds }, trx)),
    };
  };

  return { one, many };
};

export type Views = ReturnType<typeof createViews>;
