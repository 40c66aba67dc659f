/** The workflow wing of the house: its rooms built once, each given just what it needs. */
import type { Core } from '@strapi/strapi';
import type { EventTimes } from '../store/outbox/events.service';
import type { Recorder } from '../capture/recorder.service';
import type { Saves } from '../capture/saves.service';
import type { Config } from '../config/index';
import type { Actor } from '../contract/event';
import type { Announce } from '../deliver/record.service';
import type { Attempter } from '../deliver/attempt.service';
import type { Clock } from '../strapi/clock.service';
import type { HealthBook } from '../deliver/health.service';
import type { Outbox } from '../store/outbox/outbox.service';
import type { Schemas } from '../strapi/model/schema.service';
import type { ActiveWebhook } from '../match/active';
import type { Reading } from '../strapi/permissions/reading.service';
import { createAccess } from './editor/access.service';
import { createAfterwards } from './command/afterwards.service';
import { createAnswers } from './gate/answers.service';
import { createApproving } from './state/approving.service';
import { createAskedLog } from './verdict/asked-log.service';
import { createAsking } from './verdict/asking.service';
import { createCommands } from './command/commands.service';
import { createDeciding } from './verdict/deciding.service';
import { createDoors } from './gate/doors.service';
import { createDrafts } from './state/drafts.service';
import { createEdits } from './state/edits.service';
import { createGate } from './gate/gate.service';
import { createHistory } from './state/history.service';
import { createListFilter } from './gate/list-filter.service';
import { createLocales } from './sources/locales.service';
import { createMoves } from './command/moves.service';
import { createOwnGate } from './gate/own-gate.service';
import { createTables } from '../store/tables.service';
import { createPieces } from './state/pieces.service';
import { createPasses } from './command/passes.service';
import { createPublicationGate } from './gate/publication-gate.service';
import { createPublication } from './gate/publication.service';
import { createRefusing } from './command/refusing.service';
import { createReviewGate } from './gate/review-gate.service';
import { createRowGuard } from './gate/row-guard.service';
import { createRules } from './sources/rules.service';
import { createReviewWorkflows } from './sources/review-workflows.service';
import { createStanding } from './state/standing.service';
import { createStateUpkeep } from './state/state-upkeep.service';
import { createLocks } from './state/locks.service';
import { createStateOfEvent } from './state/state-of-event.service';
import { createStates } from './state/states.service';
import { createAfterCommit } from '../store/transaction.service';
import { createValidationBook } from './verdict/validation-book.service';
import { createShownVerdicts } from './editor/shown-verdicts.service';
import { createViews } from './editor/views.service';
import { createClearances } from './gate/clearances.service';
import { createChoices } from './workflows/workflow-choices.service';

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
  meter: Parameters<typeof createValidationBook>[0]['meter'];
};

export const createWorkflowWing = (options: Options) => {
  const { strapi, schemas, recorder, clock, config, actor } = options;
  const tables = createTables(strapi);
  const states = createStates(tables);
  const locks = createLocks(states, tables.database);
  const upkeep = createStateUpkeep(tables);
  const history = createHistory(tables);
  const drafts = createDrafts(strapi, schemas, options.reading);
  const locales = createLocales(schemas);
  const passes = createPasses();
  const clearances = createClearances(locales);
  const reviewWorkflows = createReviewWorkflows(strapi);
  const rules = createRules({ strapi, schemas, reviewWorkflows });
  const choices = createChoices({ strapi, schemas, reviewWorkflows });
  const { standing, findStanding } = createStanding({ states, drafts, reviewWorkflows });

  const book = createValidationBook({ ...options, afterCommit: createAfterCommit(strapi) });
  const asking = createAsking({
    attempt: options.attempt,
    clock,
    book,
    defaultTimeout: config.timeout,
  });
  const deciding = createDeciding({
    active: options.active,
    asking,
    eventTime: options.eventTime,
    budget: config.budget,
    isInTransaction: () => strapi.db.inTransaction(),
    typesAt: schemas.fieldTypes,
  });

  const moves = createMoves({
    strapi,
    tables,
    states,
    locks,
    history,
    standing,
    passes,
    recorder,
    reviewWorkflows,
    clock,
  });
  const afterwards = createAfterwards(strapi);
  const refusing = createRefusing({ moves, afterwards });
  const askedLog = createAskedLog({ tables, afterwards });
  const place = { tables, states, locks, drafts, history, standing };
  const document = { ...place, schemas, rules, deciding, moves };
  const commands = createCommands({
    ...document,
    strapi,
    upkeep,
    refusing,
    afterwards,
    clock,
    budget: config.budget,
  });
  const views = createViews({ ...document, reviewWorkflows, clock });
  const edits = createEdits({ ...document, upkeep, actor });
  const approving = createApproving({
    schemas,
    tables,
    drafts,
    pieces: createPieces(tables),
  });

  const answers = createAnswers(strapi);
  const publication = createPublication({ ...document, locales, refusing, askedLog, actor });
  const gate = createGate({
    schemas,
    rules,
    passes,
    clearances,
    edits,
    ownGate: createOwnGate({ ...document, edits, locales }),
    publicationGate: createPublicationGate({ ...document, publication, answers, askedLog }),
    reviewGate: createReviewGate({
      ...document,
      locales,
      reviewWorkflows,
      refusing,
      askedLog,
      actor,
    }),
  });

  const access = createAccess({ strapi, schemas, rules });
  const shownVerdicts = createShownVerdicts(options);
  const listFilter = createListFilter({ strapi, rules, locales, states });

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
      rules,
      publication,
      answers,
      askedLog,
      listFilter,
    }),
    gate,
    guardRows: createRowGuard({ ...document, strapi, clearances, saves: options.saves, edits }),
    listFilter,
    locales,
    shownVerdicts,
    stateOfEvent: createStateOfEvent({ rules, states, findStanding }),
    views,
    approving,
    choices,
    rules,
    tables,
    upkeep,
  };
};
