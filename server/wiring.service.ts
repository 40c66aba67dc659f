/** Builds every part once and gives each the parts it needs. The only file that knows them all. */
import type { Core } from '@strapi/strapi';
import pluginPackage from '../package.json';
import { createReading } from './strapi/permissions/reading.service';
import { createAudit } from './store/audit.service';
import { createAuthorizations } from './manage/authorizations/authorizations.service';
import { createAuthorizationCheck } from './manage/authorizations/check.service';
import { createAuthorizedSending } from './send/credentials/authorized-sending.service';
import { createActor } from './strapi/actor.service';
import { createDocumentCapture } from './capture/documents.service';
import { createModelWatch } from './capture/model-watch.service';
import { createLive, createReader } from './capture/reader.service';
import { createRowCapture } from './capture/rows.service';
import { createSaves } from './capture/saves.service';
import { createEventTimes } from './store/outbox/events.service';
import { createRecorder, type Recorder } from './capture/recorder.service';
import { configOf } from './config/index';
import { PLUGIN_ID } from './contract/names';
import { createAttempt } from './deliver/attempt.service';
import { createBookkeeping, createAnnounce } from './deliver/record.service';
import { createClock } from './strapi/clock.service';
import { createHealth } from './deliver/health.service';
import { createDelivering } from './deliver/deliver.service';
import { createDeliveries } from './manage/deliveries/deliveries.service';
import { createReadableDeliveries } from './manage/deliveries/readable.service';
import { createReplications } from './manage/replications/replications.service';
import { createSchedules } from './manage/schedules/schedules.service';
import { createWorkflows } from './manage/workflows/workflows.service';
import { createMeter } from './observe/metrics';
import { createSender } from './send/http/send.service';
import { createOutbox } from './store/outbox/outbox.service';
import { readTime } from './store/dialect';
import { createTables } from './store/tables.service';
import { createBackground } from './send/background.service';
import { createAsSentTo } from './match/end-users';
import { createReplication } from './replication/replication.service';
import { createSchedule } from './schedule/schedule.service';
import { createSchemas } from './strapi/model/schema.service';
import { createWorkflowParts } from './workflow/workflow.service';
import { createInstrumentation } from './observe/instrumentation.service';
import { createRenewal, createSecrets } from './store/secrets/secrets.service';
import { createResources } from './manage/resource.service';
import { createStatistics } from './observe/statistics.service';
import { createActive } from './match/active.service';
import { createWebhookPreview } from './manage/webhooks/preview.service';
import { createWebhookCheck } from './manage/webhooks/settings.service';
import { createTestSlots, createWebhookTest } from './manage/webhooks/test.service';
import { createWebhooks } from './manage/webhooks/webhooks.service';

/** What every other room needs, and what needs none of them. */
const buildGround = (strapi: Core.Strapi) => {
  const config = configOf(strapi.config.get(`plugin::${PLUGIN_ID}`));
  const { version } = pluginPackage;
  const instrumentation = createInstrumentation({ strapi, config, version });
  const clock = createClock(() => readTime(strapi.db));
  const eventTime = createEventTimes(clock.now);
  const schemas = createSchemas(strapi);
  const actor = createActor(strapi);
  const audit = createAudit({ strapi, clock, actor });
  return {
    actor,
    live: createLive(strapi),
    audit,
    resources: createResources({ strapi, clock, actor, audit }),
    config,
    version,
    instrumentation,
    clock,
    eventTime,
    meter: createMeter(),
    secrets: createSecrets({ strapi, previousKeys: config.secrets.previousKeys }),
    schemas,
    reading: createReading({ strapi, schemas }),
    background: createBackground(strapi, schemas),
    asSentTo: createAsSentTo(schemas),
    outbox: instrumentation.outbox(createOutbox(createTables(strapi), eventTime)),
    health: createHealth(strapi, config.delivery.disableAfter),
  };
};

type Ground = ReturnType<typeof buildGround>;

/** What makes a request of an event, and sends it. */
const buildSending = (strapi: Core.Strapi, ground: Ground) => {
  const { config, version, instrumentation, clock, eventTime, outbox } = ground;
  const sender = createSender({ network: config.network });
  const limits = config.delivery;
  const sending = createAuthorizedSending({ sender, clock, version, timeout: limits.timeout });
  const attempt = instrumentation.attempt(createAttempt({ ...ground, sending, limits }));
  const announce = instrumentation.announce(createAnnounce(outbox, eventTime));
  return { sender, limits, sending, attempt, announce };
};

type Capturing = Pick<Ground, 'schemas' | 'actor'> & { recorder: Recorder };

/** The parts that notice changes, and record their events. */
const buildCapture = (strapi: Core.Strapi, { schemas, recorder, actor }: Capturing) => {
  const whole = createSchemas(strapi, { isWhole: true });
  const reader = createReader(strapi, whole);
  const saves = createSaves(strapi, reader);
  const capturing = { strapi, schemas, recorder, actor, whole, reader, saves };
  return {
    saves,
    captureDocument: createDocumentCapture(capturing),
    captureRows: createRowCapture(capturing),
    modelWatch: createModelWatch({ strapi, recorder }),
  };
};

/** What happens to a change, from its capture to its recorded attempts; and workflows, schedules and replications. */
const buildCorridor = (strapi: Core.Strapi, ground: Ground) => {
  const { config, instrumentation, clock, eventTime, meter, secrets } = ground;
  const { schemas, reading, outbox, health, actor, audit, resources, live } = ground;
  const sending = buildSending(strapi, ground);
  const { sender, attempt, announce } = sending;

  const onChange = () => {
    active.forget();
    dispatcher.wake();
  };
  const managing = { strapi, secrets, clock, audit, resources, onChange };
  const authorizations = createAuthorizations({ ...managing, checkUrl: sender.checkUrl });
  const active = createActive({ strapi, secrets, authorizations, health });
  const check = createWebhookCheck({
    contentTypes: schemas.all,
    typesAt: schemas.fieldTypes,
    authorizationProblem: authorizations.problemAt,
    checkUrl: sender.checkUrl,
    workflows: async () => (await workflow.flows.choices()).workflows,
  });
  const webhooks = createWebhooks({ ...managing, check, health, outbox });
  const bookkeeping = createBookkeeping({
    ...ground,
    active: active.hearing,
    disable: webhooks.disable,
    forget: active.forget,
    announce,
  });
  const delivering = createDelivering({
    ...ground,
    strapi,
    attempt,
    bookkeeping: instrumentation.bookkeeping(bookkeeping),
    active,
    webhookNames: webhooks.names,
  });
  const { dispatcher } = delivering;
  const recorder = createRecorder({
    ...ground,
    strapi,
    active,
    handover: dispatcher,
    typesAt: schemas.fieldTypes,
    // Workflows record events, and events tell the state in their workflow.
    stateOfEvent: (event, trx) => workflow.stateOfEvent(event, trx),
    screens: config.screens.contentTypes,
  });
  const { saves, ...capture } = buildCapture(strapi, { schemas, recorder, actor });
  const recording = { strapi, schemas, reading, recorder, clock, eventTime, actor };
  const workflow = createWorkflowParts({
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
  const { config, version, clock, eventTime, schemas, reading, outbox, resources, audit } = ground;
  const { sending, managing, authorizations, active, webhooks, delivering } = corridor;
  const { recording, workflow, schedule, replication } = corridor;
  const { choices } = workflow.flows;
  const preview = createWebhookPreview({
    ...ground,
    strapi,
    active,
    workflows: async () => (await choices()).workflows,
  });
  const testing = { runTest: createTestSlots(), active, clock, eventTime };
  return {
    choices,
    deliveries: createDeliveries({
      ...ground,
      ...delivering,
      webhooks,
      mayDispatch: config.engine.dispatch,
    }),
    preview,
    readableDeliveries: createReadableDeliveries({
      strapi,
      outbox,
      schemas,
      reading,
      titles: schedule.titles,
    }),
    replications: createReplications({ ...managing, ...replication }),
    schedules: createSchedules({
      ...recording,
      ...schedule,
      resources,
      locales: workflow.locales,
      onChange: schedule.scheduleRunner.wake,
    }),
    statistics: createStatistics({ ...ground, ...delivering, strapi, webhooks }),
    test: createWebhookTest({
      ...testing,
      webhooks,
      attempt: sending.attempt,
      outbox,
      preview,
      validationTimeout: config.validation.timeout,
    }),
    checkAuthorization: createAuthorizationCheck({
      ...testing,
      ...sending,
      authorizations,
      version,
    }),
    workflows: createWorkflows({
      ...workflow,
      strapi,
      schemas,
      audit,
      resources,
      onChange: () => {
        workflow.flows.forget();
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
