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
import { createGate, createReviewGate } from './gate/gate.service';
import { createEdits, createOwnGate } from './gate/own-gate.service';
import {
  createPublicationGate,
  createPublicationValidator,
  createRequestMoves,
} from './gate/publication-gate.service';
import { createClearances, createRowGuard } from './gate/row-guard.service';
import { createDrafts } from './state/drafts.service';
import {
  createCurrentStates,
  createLocks,
  createStateOfEvent,
  createStates,
} from './state/states.service';
import { createApproving, createStateUpkeep } from './state/upkeep.service';
import {
  createCallLog,
  createDetachedWrites,
  createValidationRecords,
  type Meter,
} from './validation/call-records.service';
import { createValidations } from './validation/calls.service';

export type WorkflowOptions = {
  strapi: Core.Strapi;
  schemas: Schemas;
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
  const parts = buildGate(buildCommands(buildValidation(buildState(options))));
  const { access, commands, contentManagerAction, flows, gate, guardRows, listFilter } = parts;
  const { locales, shownVerdicts, stateOfEvent, tables, upkeep } = parts;
  return {
    ...{ access, commands, contentManagerAction, flows, gate, guardRows, listFilter },
    ...{ locales, shownVerdicts, stateOfEvent, tables, upkeep },
    approving: createApproving(parts),
    views: createViews(parts),
  };
}

/** This and each further step adds its parts to those that it was given. */
export type StateParts = ReturnType<typeof buildState>;
export type ValidationParts = ReturnType<typeof buildValidation>;
export type CommandParts = ReturnType<typeof buildCommands>;

function buildState(options: WorkflowOptions) {
  const { strapi, schemas } = options;
  const tables = createTables(strapi);
  const states = createStates(tables);
  const drafts = createDrafts(options);
  const reviewWorkflows = createReviewWorkflows(strapi, schemas);
  const flows = createFlows({ strapi, schemas, reviewWorkflows });
  const { currentState, findCurrentState } = createCurrentStates({
    states,
    drafts,
    reviewWorkflows,
  });
  return {
    ...options,
    tables,
    states,
    locks: createLocks(tables),
    upkeep: createStateUpkeep(tables),
    drafts,
    locales: createLocales(schemas),
    reviewWorkflows,
    flows,
    currentState,
    stateOfEvent: createStateOfEvent({ flows, states, findCurrentState }),
  };
}

function buildValidation(parts: StateParts) {
  const detached = createDetachedWrites(parts.strapi);
  return {
    ...parts,
    detached,
    callLog: createCallLog(parts.tables, detached),
    validations: createValidations({ ...parts, records: createValidationRecords(parts) }),
  };
}

function buildCommands(parts: ValidationParts) {
  const history = createHistory(parts.tables);
  const passes = createPasses();
  const moves = createMoves({ ...parts, history, passes });
  return { ...parts, history, passes, moves, commands: createCommands({ ...parts, moves }) };
}

function buildGate(parts: CommandParts) {
  const clearances = createClearances(parts.locales);
  const edits = createEdits(parts);
  const publication = createPublicationValidator(parts);
  const requestMoves = createRequestMoves(parts.strapi);
  const access = createAccess(parts);
  const shownVerdicts = createShownVerdicts(parts);
  const listFilter = createListFilter(parts);
  const gate = createGate({
    ...parts,
    clearances,
    edits,
    ownGate: createOwnGate({ ...parts, edits }),
    publicationGate: createPublicationGate({ ...parts, publication, requestMoves }),
    reviewGate: createReviewGate(parts),
  });
  return {
    ...parts,
    access,
    shownVerdicts,
    listFilter,
    gate,
    guardRows: createRowGuard({ ...parts, clearances, edits }),
    contentManagerAction: createContentManagerActions({
      ...parts,
      access,
      shownVerdicts,
      listFilter,
      publication,
      requestMoves,
    }),
  };
}
