/** Builds every part once and gives each the parts it needs. The only file that knows them all. */
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
import { configOf } from './config/index';
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
import { createReplications } from './manage/replications/replications.service';
import { createSchedules } from './manage/schedules/schedules.service';
import { createWorkflows } from './manage/workflows/workflows.service';
import { createMeter } from './observe/meter';
import { createSender } from './send/http/send.service';
import { createOutbox } from './store/outbox/outbox.service';
import { createTables } from './store/outbox/tables.service';
import { createBackground } from './send/background.service';
import { createAsSentTo } from './match/as-sent-to';
import { createReplication } from './replication/replication.service';
import { createSchedule } from './schedule/schedule.service';
import { createSchemas } from './strapi/model/schema.service';
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

type Ground = ReturnType<typeof buildGround>;

/** What makes a request of an event, and sends it. */
const buildSending = (strapi: Core.Strapi, ground: Ground) => {
  const { config, version, sight, clock, eventTime, outbox } = ground;
  const sender = createSender({ network: config.network });
  const limits = config.delivery;
  const sending = createAuthorizedSending({ sender, clock, version, timeout: limits.timeout });
  const attempt = sight.attempt(createAttempt({ ...ground, sending, limits }));
  const announce = sight.announce(createAnnounce(outbox, eventTime));
  return { sender, limits, sending, attempt, announce };
};

/** What happens to a change, from its capture to its recorded attempts; and workflows, schedules and replications. */
const buildCorridor = (strapi: Core.Strapi, ground: Ground) => {
  const { config, sight, clock, eventTime, meter, secrets } = ground;
  const { schemas, reading, outbox, health, actor, audit, saving, live } = ground;
  const sending = buildSending(strapi, ground);
  const { sender, attempt, announce } = sending;

  const onChange = () => {
    active.forget();
    dispatcher.wake();
  };
  const managing = { strapi, secrets, clock, audit, saving, onChange };
  const authorizations = createAuthorizations({ ...managing, checkUrl: sender.checkUrl });
  const active = createActive({ strapi, secrets, authorizations, health });
  const check = createCheck({
    contentTypes: schemas.all,
    typesAt: schemas.fieldTypes,
    authorizationProblem: authorizations.problemAt,
    checkUrl: sender.checkUrl,
    workflows: async () => (await workflow.choices.choices()).workflows,
  });
  const webhooks = createWebhooks({ ...managing, check, health, outbox });
  const bookkeeping = createBookkeeping({
    ...ground,
    active: active.hearing,
    disable: webhooks.disable,
    forget: active.forget,
    announce,
  });
  const delivering = createSendingHalf({
    ...ground,
    strapi,
    jobs: createJobs({ outbox }),
    attempt,
    bookkeeping: sight.bookkeeping(bookkeeping),
    active,
    webhookNames: webhooks.names,
  });
  const { dispatcher } = delivering;
  const recorder = namingScreens(
    createRecorder({
      ...ground,
      strapi,
      active,
      handover: dispatcher,
      typesAt: schemas.fieldTypes,
      // Workflows record events, and events tell the state in their workflow.
      stateOfEvent: (event, trx) => workflow.stateOfEvent(event, trx),
    }),
    { contentTypes: config.screens.contentTypes, live },
  );
  const { saves, ...capture } = createCapture({ strapi, schemas, recorder, actor });
  const recording = { strapi, schemas, reading, recorder, clock, eventTime, actor };
  const workflow = createWorkflowWing({
    ...recording,
    saves,
    outbox,
    health,
    attempt,
    config: config.validation,
    active: active.hearing,
    announce,
    meter,
  });
  const schedule = createSchedule({ ...recording, audit, live });
  const replication = createReplication({ ...recording, ...managing, config });
  return {
    ...{ sending, managing, authorizations, active, webhooks, delivering, capture, recording },
    ...{ workflow, schedule, replication },
  };
};

/** What administrators and editors call. */
const buildManagement = (
  strapi: Core.Strapi,
  { ground, corridor }: { ground: Ground; corridor: ReturnType<typeof buildCorridor> },
) => {
  const { config, version, clock, eventTime, schemas, reading, outbox, saving, audit } = ground;
  const { sending, managing, authorizations, active, webhooks, delivering } = corridor;
  const { recording, workflow, schedule, replication } = corridor;
  const { choices } = workflow.choices;
  const preview = createPreview({
    ...ground,
    strapi,
    workflows: async () => (await choices()).workflows,
    signing: createPreviewSigning(active),
  });
  const testing = { runTest: createTestSlots(), active, clock, eventTime };
  return {
    choices,
    conceal: createConcealing({ outbox, schemas, reading }),
    deliveries: createDeliveries({
      ...ground,
      ...delivering,
      webhooks,
      mayDispatch: config.engine.dispatch,
    }),
    documentsOf: createDocuments({ outbox, schemas, reading, titles: schedule.titles }),
    preview,
    replications: createReplications({ ...managing, ...replication }),
    schedules: createSchedules({
      ...recording,
      ...schedule,
      saving,
      locales: workflow.locales,
      onChange: schedule.scheduleRunner.wake,
    }),
    searched: createSearching({ strapi, schemas, reading }),
    statistics: createStatistics({ ...ground, ...delivering, strapi, webhooks }),
    trial: createTrial({
      ...testing,
      webhooks,
      attempt: sending.attempt,
      outbox,
      preview,
      validationTimeout: config.validation.timeout,
    }),
    trying: createTrying({ ...testing, ...sending, authorizations, version }),
    workflows: createWorkflows({
      ...workflow,
      strapi,
      schemas,
      saving,
      trail: audit.of('workflow'),
      webhookTrail: audit.of('webhook'),
      onChange: () => {
        workflow.rules.forget();
        managing.onChange();
      },
    }),
  };
};

const build = (strapi: Core.Strapi) => {
  const ground = buildGround(strapi);
  const corridor = buildCorridor(strapi, ground);
  const { capture, delivering, authorizations, webhooks, sending } = corridor;
  return {
    ...ground,
    ...corridor.workflow,
    ...corridor.schedule,
    ...capture,
    ...delivering,
    authorizations,
    webhooks,
    sender: sending.sender,
    replication: corridor.replication,
    ...buildManagement(strapi, { ground, corridor }),
    renewSecrets: createRenewal(strapi, ground.secrets),
    keepEndUsers: createKeepingEndUsers({ strapi, schemas: ground.schemas }),
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
