/** Builds every part once and gives each the parts it needs. The only file that knows them all. */
import type { Core } from '@strapi/strapi';
import pluginPackage from '../package.json';
import { createReading } from './strapi/permissions/reading.service';
import { createAudit } from './store/audit.service';
import {
  AUTHORIZATION_UID,
  createAuthorizations,
} from './manage/authorizations/authorizations.service';
import { createAuthorizationCheck } from './manage/authorizations/check.service';
import { currentActor } from './strapi/requests.service';
import { createDocumentCapture } from './capture/documents.service';
import { createModelWatch } from './capture/model-watch.service';
import { createLive, createReader } from './capture/reader.service';
import { createRowCapture } from './capture/rows.service';
import { createSaves } from './capture/saves.service';
import { createEventTimes } from './store/outbox/events.service';
import { createRecorder } from './capture/recorder.service';
import { configOf } from './config/index';
import { PLUGIN_ID } from './contract/names';
import { createAttempt, createBackground } from './deliver/attempt.service';
import { createAttemptRecorder, createAnnounce } from './deliver/record.service';
import { createClock } from './strapi/clock.service';
import { HealthStore } from './deliver/health.service';
import { createDelivering } from './deliver/deliver.service';
import { createDeliveries } from './manage/deliveries/deliveries.service';
import { createReadableDeliveries } from './manage/deliveries/readable.service';
import { createReplications } from './manage/replications/replications.service';
import { createSchedules } from './manage/schedules/schedules.service';
import { createWorkflows } from './manage/workflows/workflows.service';
import { createMeter } from './observe/metrics';
import { createSender } from './send/http/send.service';
import { createSending } from './send/task.service';
import { SendingThread } from './send/thread/thread.service';
import { createChanges } from './store/changes.service';
import { createFresh } from './store/fresh.service';
import { createOutbox } from './store/outbox/outbox.service';
import { WEBHOOK_UID } from './store/webhook-record';
import { readTime } from './store/dialect';
import { createTraffic } from './strapi/traffic.service';
import { createTables } from './store/tables.service';
import { createAsSentTo } from './match/matching';
import { createReplication } from './replication/replication.service';
import { createSchedule } from './schedule/schedule.service';
import { createSchemas } from './strapi/model/schema.service';
import { FLOW_UIDS } from './workflow/definition/flows.service';
import { createWorkflowParts } from './workflow/workflow.service';
import { createInstrumentation } from './observe/instrumentation.service';
import { createRenewal, createSecrets } from './store/secrets/secrets.service';
import { createResources } from './manage/resource.service';
import { createStatistics } from './observe/statistics.service';
import { createActive } from './match/active.service';
import { createWebhookPreview } from './manage/webhooks/preview.service';
import { createTestSlots, createWebhookTest } from './manage/webhooks/test.service';
import { createWebhooks } from './manage/webhooks/webhooks.service';

/** From top to bottom: a part stands below the parts that it needs, but for the few that it calls later by a closure. */
const buildParts = (strapi: Core.Strapi) => {
  const { version } = pluginPackage;
  const config = configOf(strapi.config.get(`plugin::${PLUGIN_ID}`));
  const limits = config.delivery;
  const instrumentation = createInstrumentation({ strapi, config, version });
  const clock = createClock(() => readTime(strapi.db));
  const eventTime = createEventTimes(clock.now);
  const actor = () => currentActor(strapi);
  const audit = createAudit({ strapi, clock, actor });
  const schemas = createSchemas(strapi);
  const changes = createChanges({ strapi, clock, onChange: () => fresh.forget() });
  const fresh = createFresh({ strapi, version: changes.version });
  const base = {
    ...{ strapi, version, config, limits, clock, eventTime, actor, audit, schemas, changes, fresh },
    secrets: createSecrets({ strapi, previousKeys: config.secrets.previousKeys }),
    meter: createMeter(),
    reading: createReading({ strapi, schemas }),
    live: createLive(strapi),
    background: createBackground(strapi, schemas),
    ...createAsSentTo(schemas),
    outbox: instrumentation.outbox(createOutbox(createTables(strapi), eventTime)),
    health: new HealthStore(strapi, limits.disableAfter),
    resources: createResources({ strapi, clock, actor, audit }),
    traffic: createTraffic(strapi.server.httpServer),
  };

  const { network } = config;
  const sender = createSender({ network });
  const tools = { clock, version, timeout: limits.timeout };
  const sending = config.engine.thread
    ? new SendingThread({ ...tools, root: strapi.dirs.app.root, network, log: strapi.log })
    : createSending({ ...tools, sender });
  const attempt = instrumentation.attempt(createAttempt({ ...base, sending }));
  const announce = instrumentation.announce(createAnnounce(base.outbox, eventTime));

  const onChange = () => dispatcher.wake();
  const workflows = async () => (await workflow.flows.choices()).workflows;
  const { checkUrl } = sender;
  const authorizations = createAuthorizations({ ...base, onChange, checkUrl });
  const active = createActive({ ...base, authorizations });
  const webhooks = createWebhooks({ ...base, onChange, authorizations, checkUrl, workflows });

  const recordAttempts = createAttemptRecorder({
    ...base,
    active: active.recipients,
    disable: webhooks.disable,
    forget: fresh.forget,
    announce,
  });
  const delivering = createDelivering({
    ...base,
    attempt,
    recordAttempts: instrumentation.recordAttempts(recordAttempts),
    active,
    webhookNames: webhooks.names,
  });
  const { dispatcher } = delivering;

  const recorder = createRecorder({
    ...base,
    active,
    handover: dispatcher,
    typesAt: schemas.fieldTypes,
    // Workflows record events, and events name the state of their document.
    stateOfEvent: (event, trx) => workflow.stateOfEvent(event, trx),
    screens: config.screens.contentTypes,
  });
  const whole = createSchemas(strapi, { isWhole: true });
  const reader = createReader(strapi, whole);
  const saves = createSaves(strapi, reader);
  const capturing = { ...base, recorder, whole, reader, saves };

  const workflow = createWorkflowParts({
    ...capturing,
    attempt,
    config: config.validation,
    active: active.recipients,
    announce,
  });
  const schedule = createSchedule({ ...base, recorder });
  const replication = createReplication({
    ...base,
    recorder,
    onReplaced: async () => {
      await changes.record();
      dispatcher.wake();
    },
  });

  const preview = createWebhookPreview({ ...base, active, workflows });
  const testing = { ...base, active, attempt, runTest: createTestSlots() };
  return {
    ...base,
    ...workflow,
    ...schedule,
    ...delivering,
    ...{ authorizations, webhooks, sending, preview, replication },
    captureDocument: createDocumentCapture(capturing),
    captureRows: createRowCapture(capturing),
    modelWatch: createModelWatch({ strapi, recorder }),
    renewSecrets: createRenewal(strapi, base.secrets),
    checkAuthorization: createAuthorizationCheck({ ...testing, sending, authorizations }),
    deliveries: createDeliveries({
      ...base,
      ...delivering,
      webhooks,
      mayDispatch: config.engine.dispatch,
    }),
    readableDeliveries: createReadableDeliveries({ ...base, titles: schedule.titles }),
    replications: createReplications({ ...base, ...replication }),
    schedules: createSchedules({
      ...base,
      ...schedule,
      locales: workflow.locales,
      onChange: schedule.scheduleRunner.wake,
    }),
    statistics: createStatistics({ ...base, ...delivering, webhooks }),
    test: createWebhookTest({
      ...testing,
      webhooks,
      preview,
      validationTimeout: config.validation.timeout,
    }),
    workflows: createWorkflows({ ...base, ...workflow, onChange }),
    observeChanges: () => changes.observe([WEBHOOK_UID, AUTHORIZATION_UID, ...FLOW_UIDS]),
  };
};

type Parts = ReturnType<typeof buildParts>;

const built = new WeakMap<Core.Strapi, Parts>();

/** The database must be connected: from Strapi's bootstrap on. */
export const partsOf = (strapi: Core.Strapi): Parts => {
  const parts = built.get(strapi) ?? buildParts(strapi);
  built.set(strapi, parts);
  return parts;
};
