/** The workflow wing of the house: its rooms built once, each given just what it needs. */
import type { Core } from '@strapi/strapi';
import type { EventTimes } from '../store/event-time';
import type { Recorder } from '../capture/recorder.service';
import type { Saves } from '../capture/saves.service';
import type { Config } from '../config/schema';
import type { Actor } from '../contract/event';
import type { Announce } from '../deliver/announcing.service';
import type { Attempter } from '../deliver/attempt.service';
import type { Clock } from '../strapi/clock.service';
import type { HealthBook } from '../deliver/health.service';
import type { Outbox } from '../store/outbox/outbox.service';
import type { Schemas } from '../strapi/model/schema.service';
import type { ActiveWebhook } from '../match/active';
import type { Reading } from '../strapi/permissions/reading.service';
import { createAccess } from './editor/access.service';
import {
  createCallLog,
  createDetachedWrites,
  createValidationRecords,
} from './validation/call-records.service';
import { createAnswers } from './gate/answers.service';
import { createApproving, createStateUpkeep } from './state/upkeep.service';
import { createValidations } from './validation/calls.service';
import { createCommands } from './command/commands.service';
import { createDoors } from './gate/doors.service';
import { createDrafts } from './state/drafts.service';
import { createEdits } from './state/edits.service';
import { createGate } from './gate/gate.service';
import { createHistory } from './state/history.service';
import { createListFilter } from './gate/list-filter.service';
import { createLocales } from '../strapi/documents.service';
import { createMoves } from './command/moves.service';
import { createOwnGate } from './gate/own-gate.service';
import { createOwnTables } from '../store/own-tables.service';
import { createPasses } from './command/passes.service';
import { createPublicationGate } from './gate/publication-gate.service';
import { createPublication } from './gate/publication.service';
import { createRefusing } from './command/refusing.service';
import { createReviewGate } from './gate/review-gate.service';
import { createRowGuard } from './gate/row-guard.service';
import { createFlows, createReviewWorkflows } from './definition/flows.service';
import {
  createCurrentStates,
  createLocks,
  createStates,
  createStateOfEvent,
} from './state/states.service';
import { createShownVerdicts } from './editor/shown-verdicts.service';
import { createViews } from './editor/views.service';
import { createClearances } from './gate/clearances.service';

type Options = {
  strapi: Core.Strapi;
  schemas: Schemas;
  reading: Reading;
  recorder: Recorder;
  saves: Saves;
  outbox: Outbox;
  health: HealthBook;
  clock: Clock;
  eventTime: EventTimes;
  attempt: Attempter;
  config: Config['validation'];
  active(): Promise<readonly ActiveWebhook[]>;
  actor(): Actor;
  announce: Announce;
  meter: Parameters<typeof createValidationRecords>[0]['meter'];
};

export const createWorkflowWing = (options: Options) => {
  const { strapi, schemas, recorder, clock, config, actor } = options;
  const tables = createOwnTables(strapi);
  const states = createStates(tables);
  const locks = createLocks(tables);
  const upkeep = createStateUpkeep(tables);
  const history = createHistory(tables);
  const drafts = createDrafts(options);
  const locales = createLocales(schemas);
  const passes = createPasses();
  const clearances = createClearances(locales);
  const reviewWorkflows = createReviewWorkflows(strapi);
  const flows = createFlows({ strapi, schemas, reviewWorkflows });
  const { currentState, findCurrentState } = createCurrentStates({
    states,
    drafts,
    reviewWorkflows,
  });

  const records = createValidationRecords(options);
  const validations = createValidations({ ...options, records });

  const moves = createMoves({
    strapi,
    tables,
    states,
    locks,
    history,
    currentState,
    passes,
    recorder,
    reviewWorkflows,
    clock,
  });
  const detached = createDetachedWrites(strapi);
  const refusing = createRefusing({ moves, detached });
  const callLog = createCallLog(tables, detached);
  const place = { tables, states, locks, drafts, history, currentState };
  const document = { ...place, schemas, flows, validations, moves };
  const commands = createCommands({
    ...document,
    strapi,
    upkeep,
    refusing,
    detached,
    clock,
    budget: config.budget,
  });
  const views = createViews({ ...document, reviewWorkflows, clock });
  const edits = createEdits({ ...document, upkeep, actor });
  const approving = createApproving({
    schemas,
    tables,
    drafts,
  });

  const answers = createAnswers(strapi);
  const publication = createPublication({ ...document, locales, refusing, callLog, actor });
  const gate = createGate({
    schemas,
    flows,
    passes,
    clearances,
    edits,
    ownGate: createOwnGate({ ...document, edits, locales }),
    publicationGate: createPublicationGate({ ...document, publication, answers, callLog }),
    reviewGate: createReviewGate({
      ...document,
      locales,
      reviewWorkflows,
      refusing,
      callLog,
      actor,
    }),
  });

  const access = createAccess({ strapi, schemas, flows });
  const shownVerdicts = createShownVerdicts(options);
  const listFilter = createListFilter({ strapi, flows, locales, states });

  return {
    access,
    commands,
    atDoor: createDoors({
      strapi,
      schemas,
      reading: options.reading,
      access,
      shownVerdicts,
      locales,
      flows,
      publication,
      answers,
      callLog,
      listFilter,
    }),
    gate,
    guardRows: createRowGuard({ ...document, strapi, clearances, saves: options.saves, edits }),
    listFilter,
    locales,
    shownVerdicts,
    stateOfEvent: createStateOfEvent({ flows, states, findCurrentState }),
    views,
    approving,
    flows,
    tables,
    upkeep,
  };
};
