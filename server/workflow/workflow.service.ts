/** Builds the parts of workflows once, in order, and gives each the parts that it needs. */
import type { Core } from '@strapi/strapi';
import type { Recorder } from '../capture/recorder.service';
import type { Saves } from '../capture/saves.service';
import type { Config } from '../config/index';
import type { Actor } from '../contract/event';
import type { Announce } from '../deliver/record.service';
import type { Attempter } from '../deliver/attempt.service';
import type { HealthStore } from '../deliver/health.service';
import type { ActiveWebhook } from '../match/active.service';
import type { Fresh } from '../store/fresh.service';
import type { EventTimes } from '../store/outbox/events.service';
import type { Outbox } from '../store/outbox/outbox.service';
import { createTables } from '../store/tables.service';
import type { Clock } from '../strapi/clock.service';
import { createLocales, type Schemas } from '../strapi/model/schema.service';
import type { Reading } from '../strapi/permissions/reading.service';
import { createCommands } from './command/commands.service';
import { createHistory, createMoves, createPasses } from './command/moves.service';
import { createFlows, createReviewWorkflows } from './definition/flows.service';
import { createAccess, createShownVerdicts } from './editor/access.service';
import { createViews } from './editor/views.service';
import {
  createContentManagerActions,
  createListFilter,
} from './gate/content-manager-actions.service';
import { createGate } from './gate/gate.service';
import { createEdits } from './gate/own-gate.service';
import { createPublications } from './gate/publication.service';
import { createClearances, createRowGuard } from './gate/row-guard.service';
import { createDrafts } from './state/drafts.service';
import { createCurrentStates, createLocks, createStates } from './state/states.service';
import { createApproving, createStateUpkeep } from './state/upkeep.service';
import {
  createDetachedWrites,
  createStoreCalls,
  type Meter,
} from './validation/call-records.service';
import { createValidations } from './validation/calls.service';

export type WorkflowOptions = {
  strapi: Core.Strapi;
  schemas: Schemas;
  fresh: Fresh;
  reading: Reading;
  recorder: Recorder;
  saves: Saves;
  outbox: Outbox;
  health: HealthStore;
  clock: Clock;
  eventTime: EventTimes;
  attempt: Attempter;
  config: Config['validation'];
  active(): Promise<readonly ActiveWebhook[]>;
  actor(): Actor;
  announce: Announce;
  meter: Meter;
};

export function createWorkflowParts(options: WorkflowOptions) {
  const parts = buildCommands(buildState(options));
  const { commands, flows, locales, stateOfEvent, tables, upkeep } = parts;
  const editing = {
    access: createAccess(parts),
    shownVerdicts: createShownVerdicts(parts),
    listFilter: createListFilter(parts),
  };
  const gating = {
    ...parts,
    ...editing,
    clearances: createClearances(locales),
    edits: createEdits(parts),
    publications: createPublications(parts),
  };
  return {
    ...{ commands, flows, locales, stateOfEvent, tables, upkeep },
    ...editing,
    approving: createApproving(parts),
    views: createViews(parts),
    gate: createGate(gating),
    guardRows: createRowGuard(gating),
    contentManagerAction: createContentManagerActions(gating),
  };
}

/** Each step adds its parts to those that it was given. */
export type StateParts = ReturnType<typeof buildState>;
export type ValidationParts = ReturnType<typeof buildValidation>;
export type CommandParts = ReturnType<typeof buildCommands>;

function buildState(options: WorkflowOptions) {
  const { strapi, schemas, fresh } = options;
  const tables = createTables(strapi);
  const states = createStates(tables);
  const drafts = createDrafts(options);
  const reviewWorkflows = createReviewWorkflows(options);
  const flows = createFlows({ strapi, schemas, fresh, reviewWorkflows });
  return {
    ...options,
    ...{ tables, states, drafts, reviewWorkflows, flows },
    ...createCurrentStates({ states, drafts, flows, reviewWorkflows }),
    locks: createLocks(tables),
    upkeep: createStateUpkeep(tables),
    locales: createLocales(schemas),
  };
}

function buildValidation(parts: StateParts) {
  return {
    ...parts,
    detached: createDetachedWrites(parts.strapi),
    storeCalls: createStoreCalls(parts.tables),
    validations: createValidations(parts),
  };
}

function buildCommands(state: StateParts) {
  const parts = buildValidation(state);
  const history = createHistory(parts.tables);
  const passes = createPasses();
  const moves = createMoves({ ...parts, history, passes });
  return { ...parts, history, passes, moves, commands: createCommands({ ...parts, moves }) };
}
