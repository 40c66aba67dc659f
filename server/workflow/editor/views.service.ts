/** The workflow of documents as editors see it (state, commands, history), and as the project's own code uses it. */
import type { Knex } from 'knex';
import type { CommandResult, DocumentStates, DocumentWorkflow } from '../../contract/document';
import type { WorkflowCommand } from '../../contract/workflow';
import type { Place } from '../../strapi/model/content-model';
import type { Wish } from '../command/commands.service';
import { commandsFrom, shown, stateOf, type Flow } from '../definition/flow';
import { rowState } from '../state/states.service';
import type { CommandParts } from '../workflow.service';

/** The permissions of the person who looks. */
type Viewer = {
  mayRun(command: WorkflowCommand, flow: Flow): boolean;
  mayBypass: boolean;
};

const NO_WORKFLOW: DocumentWorkflow = {
  workflow: null,
  state: null,
  commands: [],
  history: [],
  states: [],
  isValidated: false,
  mayBypass: false,
  busy: null,
};

export function createViews(options: CommandParts) {
  const { tables, states, locks, history, currentState, flows, validations, clock } = options;

  async function one(place: Place, viewer: Viewer): Promise<DocumentWorkflow> {
    const flow = await flows.flowOf(place.uid);
    if (!flow) return NO_WORKFLOW;
    const isValidated = await validations.isBound(flow.id, 'validation');
    return tables.transaction(async (trx) => {
      const { state, row } = await currentState(flow, place, { trx });
      return {
        workflow: { id: flow.id, name: flow.name },
        state: shown(state),
        commands: commandsFrom(flow, state.key)
          .filter((command) => viewer.mayRun(command, flow))
          .map(({ key, name, to, comment }) => ({ key, name, to, comment })),
        history: await history.list(place, trx),
        states: flow.states.map(shown),
        isValidated,
        mayBypass: viewer.mayBypass && flow.kind === 'own' && !state.final,
        busy: locks.holder(place, row, clock.now()),
      };
    });
  }

  /** The states of the documents on a page of a list. */
  async function many(
    where: Pick<Place, 'uid' | 'locale'>,
    documentIds: readonly string[],
    viewer: Viewer,
  ): Promise<DocumentStates> {
    const flow = await flows.flowOf(where.uid);
    if (!flow) return { workflow: null, states: [], commands: [], documents: {} };
    return {
      workflow: { id: flow.id, name: flow.name },
      states: flow.states.map(shown),
      commands: flow.commands
        .filter((command) => viewer.mayRun(command, flow))
        .map(({ key, name, from, to, comment }) => ({ key, name, to, comment, from })),
      documents: await tables.transaction((trx) => statesOf(flow, { ...where, documentIds }, trx)),
    };
  }

  async function statesOf(
    flow: Flow,
    page: Pick<Place, 'uid' | 'locale'> & { documentIds: readonly string[] },
    trx: Knex.Transaction,
  ): Promise<DocumentStates['documents']> {
    const { documentIds, ...where } = page;
    switch (flow.kind) {
      case 'own': {
        const rows = await states.ofDocuments(where, documentIds, trx);
        const known = new Map(rows.map((row) => [row.document, row]));
        return Object.fromEntries(
          documentIds.map((id) => [id, shown(rowState(flow, known.get(id) ?? null))]),
        );
      }
      case 'publication':
        return {};
      case 'review': {
        const keys = await options.reviewWorkflows.stateKeys(where, documentIds, flow);
        return Object.fromEntries(
          [...keys].flatMap(([id, key]) => {
            const state = stateOf(flow, key);
            return state ? [[id, shown(state)] as const] : [];
          }),
        );
      }
    }
  }

  return { one, many };
}

export type Views = ReturnType<typeof createViews>;

type ProjectCodeOptions = Pick<CommandParts, 'commands' | 'locales' | 'actor'> & { views: Views };
/** Without a `locale`, the default one is used, or none if the type is not localized. */
type Where = { uid: string; documentId: string; locale?: string | null };

/** The service for a project's own code: `strapi.plugin('workflow-webhooks').service('workflows')`. */
export function projectCode({ commands, views, locales, actor }: ProjectCodeOptions) {
  const mayRun = () => true;

  async function placeOf({ uid, documentId, locale }: Where): Promise<Place> {
    return { uid, documentId, locale: await locales.one(uid, locale) };
  }

  return {
    /** State, commands and history, as the editor's panel shows them. Throws if there is no such document. */
    find: async (where: Where): Promise<DocumentWorkflow> =>
      views.one(await placeOf(where), { mayRun, mayBypass: true }),

    /**
     * Runs a command, whatever its roles: the code decides who may. Its validations are called. Throws Strapi's typed
     * errors; a refusal is a ValidationError with `details.verdicts`.
     */
    run: async (where: Where, wish: Wish): Promise<CommandResult> =>
      commands.run(await placeOf(where), wish, { actor: actor(), mayRun }),

    /** Publishes past the workflow, for imports and seeds; the history keeps the reason. */
    bypass: async (where: Where, reason: string): Promise<CommandResult> =>
      commands.bypass(await placeOf(where), reason, actor()),
  };
}
