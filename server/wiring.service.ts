/** The house: every room built once, each given just the rooms it needs. The only place that knows them all. */
import type { Core } from '@strapi/strapi';
import pluginPackage from '../package.json';
import { createReading } from './strapi/permissions/reading.service';
import { createAudit } from './store/audit/audit.service';
import { createAuthorizations } from './manage/authorizations/authorizations.service';
import { createTrying } from './manage/authorizations/trying.service';
import { createAuthorizedSending } from './send/credentials/authorized-sending.service';
import { createActor } from './strapi/actor.service';
import { createCapture } from './capture/capture.service';
import { createEventTimes } from './store/event-time';
import { createRecorder } from './capture/recorder.service';
import { createLive } from './capture/live.service';
import { namingScreens } from './capture/screens';
import { configOf } from './config/schema';
import { PLUGIN_ID } from './contract/names';
import { createAttempt } from './deliver/attempt.service';
import { createBookkeeping } from './deliver/bookkeeping.service';
import { createClock } from './strapi/clock.service';
import { createHealth } from './deliver/health.service';
import { createJobs } from './deliver/jobs.service';
import { createAnnounce } from './deliver/announcing.service';
import { createSendingHalf } from './deliver/sending-half.service';
import { createConcealing } from './manage/deliveries/concealing.service';
import { createDeliveries } from './manage/deliveries/deliveries.service';
import { createDocuments } from './manage/deliveries/documents.service';
import { createSearching } from './manage/deliveries/searching.service';
import { createMeter } from './observe/meter';
import { createSender } from './send/http/send.service';
import { createOutbox } from './store/outbox/outbox.service';
import { createTables } from './store/outbox/tables.service';
import { createBackground } from './send/background.service';
import { createAsSentTo } from './match/as-sent-to';
import { createReplicationWing } from './replication/replication.service';
import { createScheduleWing } from './schedule/schedule.service';
import { createSchemas } from './strapi/model/schema.service';
import type { StateOfEvent } from './workflow/state/state-of-event.service';
import { createWorkflowWing } from './workflow/workflow.service';
import { createSight } from './observe/sight.service';
import { createRenewal } from './store/secrets/renewal.service';
import { createSecrets } from './store/secrets/secrets.service';
import { createSaving } from './manage/saving.service';
import { createStatistics } from './observe/statistics/statistics.service';
import { createActive } from './match/active.service';
import { createCheck } from './manage/webhooks/check-webhook.service';
import { createKeepingEndUsers } from './manage/webhooks/keeping-end-users.service';
import { createPreviewSigning } from './manage/webhooks/preview-signing.service';
import { createPreview } from './manage/webhooks/preview.service';
import { createTestSlots } from './manage/webhooks/test-slots';
import { createTrial } from './manage/webhooks/trial.service';
import { createWebhooks } from './manage/webhooks/webhooks.service';

/** What every other room needs, and what needs none of them. */
const buildGround = (strapi: Core.Strapi) => {
  const config = configOf(strapi.config.get(`plugin::${PLUGIN_ID}`));
  const { version } = pluginPackage;
  const sight = createSight({ strapi, config, version });
  const clock = createClock(strapi);
  const eventTime = createEventTimes(clock.now);
  const schemas = createSchemas(strapi);
  const actor = createActor(strapi);
  return {
    actor,
    live: createLive(strapi),
    audit: createAudit({ strapi, clock, actor }),
    saving: createSaving({ strapi, clock, actor }),
    config,
    version,
    sight,
    clock,
    eventTime,
    meter: createMeter(),
    secrets: createSecrets({ strapi, previousKeys: config.secrets.previousKeys }),
    schemas,
    reading: createReading({ strapi, schemas }),
    background: createBackground(strapi, schemas),
    asSentTo: createAsSentTo(schemas),
    outbox: sight.outbox(createOutbox(createTables(strapi), eventTime)),
    health: createHealth(strapi, config.delivery.disableAfter),
  };
};

/** What makes a request of an event, and sends it. */
const buildSending = (strapi: Core.Strapi, ground: ReturnType<typeof buildGround>) => {
  const { config, version, sight, clock, eventTime, outbox } = ground;
  const sender = createSender({ network: config.network });
  const limits = config.delivery;
  const sending = createAuthorizedSending({ sender, clock, version, timeout: limits.timeout });
  const attempt = sight.attempt(createAttempt({ ...ground, sending, limits }));
  const announce = sight.announce(createAnnounce(outbox, eventTime));
  return { sender, limits, sending, attempt, announce };
};

const build = (strapi: Core.Strapi) => {
  const ground = buildGround(strapi);
  const { config, version, sight, clock, eventTime, meter, secrets } = ground;
  const { schemas, reading, outbox, health, actor, audit, saving, live } = ground;
  const { sender, limits, sending, attempt, announce } = buildSending(strapi, ground);

  const onChange = () => {
    active.forget();
    dispatcher.wake();
  };
  const managing = { strapi, secrets, clock, audit, saving, onChange };
  const authorizations = createAuthorizations({ ...managing, checkUrl: sender.checkUrl });
  const active = createActive({ strapi, secrets, authorizations, health });
  // The workflow wing comes last, because it is given most of the others.
  const workflows = async () => (await wing.choices()).workflows;
  const stateOfEvent: StateOfEvent = (event, trx) => wing.stateOfEvent(event, trx);
  const check = createCheck({
    contentTypes: schemas.all,
    typesAt: schemas.fieldTypes,
    authorizationProblem: authorizations.problemAt,
    checkUrl: sender.checkUrl,
    workflows,
  });
  const webhooks = createWebhooks({ ...managing, check, health, outbox });

  const bookkeeping = createBookkeeping({
    outbox,
    health,
    clock,
    active: active.hearing,
    disable: webhooks.disable,
    forget: active.forget,
    announce,
    meter,
  });
  const { dispatcher, pruner, engine, worker } = createSendingHalf({
    strapi,
    config,
    outbox,
    jobs: createJobs({ outbox }),
    clock,
    attempt,
    bookkeeping: sight.bookkeeping(bookkeeping),
    active,
    health,
    webhookNames: webhooks.names,
  });

  const deliveries = createDeliveries({
    outbox,
    webhooks,
    health,
    clock,
    dispatcher,
    engine,
    mayDispatch: config.engine.dispatch,
  });
  const testing = { runTest: createTestSlots(), active, clock, eventTime };
  const preview = createPreview({
    ...ground,
    strapi,
    workflows,
    signing: createPreviewSigning(active),
  });
  const trial = createTrial({
    ...testing,
    webhooks,
    attempt,
    outbox,
    preview,
    validationTimeout: config.validation.timeout,
  });
  const trying = createTrying({ ...testing, authorizations, sending, version, limits });
  const recorder = namingScreens(
    createRecorder({
      ...ground,
      strapi,
      active,
      handover: dispatcher,
      typesAt: schemas.fieldTypes,
      stateOfEvent,
    }),
    { contentTypes: config.screens.contentTypes, live },
  );
  const { saves, ...capture } = createCapture({ strapi, schemas, recorder, actor });

  const telling = { strapi, schemas, reading, recorder, clock, eventTime, actor };
  const wing = createWorkflowWing({
    ...telling,
    saves,
    outbox,
    health,
    attempt,
    config: config.validation,
    active: active.hearing,
    announce,
    audit,
    saving,
    meter,
    onChange,
  });
  const schedule = createScheduleWing({ ...telling, audit, saving, live, locales: wing.locales });
  const replication = createReplicationWing({ ...telling, ...managing, config });

  return {
    ...wing,
    ...schedule,
    replication,
    ...capture,
    actor,
    audit,
    authorizations,
    clock,
    conceal: createConcealing({ outbox, schemas, reading }),
    config,
    deliveries,
    documentsOf: createDocuments({ outbox, schemas, reading, titles: schedule.titles }),
    dispatcher,
    health,
    meter,
    preview,
    pruner,
    reading,
    renewSecrets: createRenewal(strapi, secrets),
    keepEndUsers: createKeepingEndUsers({ strapi, schemas }),
    schemas,
    searched: createSearching({ strapi, schemas, reading }),
    sender,
    statistics: createStatistics({ strapi, webhooks, health, clock, dispatcher, config }),
    trial,
    trying,
    webhooks,
    worker,
  };
};

export type Rooms = ReturnType<typeof build>;

const built = new WeakMap<Core.Strapi, Rooms>();

/** The database must be connected: from Strapi's bootstrap on. */
export const roomsOf = (strapi: Core.Strapi): Rooms => {
  const rooms = built.get(strapi) ?? build(strapi);
  built.set(strapi, rooms);
  return rooms;
};
