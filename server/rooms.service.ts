/** The house: every room built once, each given just the rooms it needs. The only place that knows them all. */
import type { Core } from '@strapi/strapi';
import pluginPackage from '../package.json';
import { createAuthorizations } from './authorizations/authorizations.service';
import { createActor } from './capture/actor.service';
import { createDocumentCapture } from './capture/documents.service';
import { createReader } from './capture/reader.service';
import { createRowCapture } from './capture/rows.service';
import { createSaves } from './capture/saves.service';
import { createRecorder } from './capture/recorder.service';
import { configOf } from './config/schema';
import { PLUGIN_ID } from './contract/names';
import { createAttempt } from './delivery/attempt.service';
import { createBookkeeping } from './delivery/bookkeeping.service';
import { createClock } from './delivery/clock.service';
import { Dispatcher } from './delivery/dispatcher.service';
import { createHealth } from './delivery/health.service';
import { createJobs } from './delivery/jobs.service';
import { noticeEvent } from './delivery/notice.service';
import { createPruner } from './delivery/pruner.service';
import { createDeliveries } from './deliveries/deliveries.service';
import { createSender } from './network/send.service';
import { createOutbox } from './outbox/outbox.service';
import { createTables } from './outbox/tables.service';
import { createSchemas } from './schema/schema.service';
import { createSecrets } from './secrets/secrets.service';
import { createActive } from './webhooks/active.service';
import { createCheck } from './webhooks/check-webhook.service';
import { createPreview } from './webhooks/preview.service';
import { createTrial } from './webhooks/trial.service';
import { createWebhooks } from './webhooks/webhooks.service';

const build = (strapi: Core.Strapi) => {
  const config = configOf(strapi.config.get(`plugin::${PLUGIN_ID}`));
  const { version } = pluginPackage;

  const clock = createClock(strapi);
  const secrets = createSecrets(strapi);
  const schemas = createSchemas(strapi);
  const outbox = createOutbox(createTables(strapi));
  const health = createHealth(strapi, config.delivery.disableAfter);
  const sender = createSender({ network: config.network });
  const attempt = createAttempt({ sender, clock, version, limits: config.delivery });

  const onChange = () => {
    active.forget();
    dispatcher.wake();
  };
  const authorizations = createAuthorizations({ strapi, secrets, onChange });
  const active = createActive({ strapi, secrets, authorizations });
  const check = createCheck({
    contentTypes: schemas.all,
    authorizationExists: authorizations.exists,
    checkUrl: sender.checkUrl,
  });
  const webhooks = createWebhooks({ strapi, secrets, check, health, outbox, clock, onChange });

  const bookkeeping = createBookkeeping({
    outbox,
    health,
    clock,
    active: active.active,
    disable: webhooks.disable,
    forget: active.forget,
    noticeEvent,
  });
  const dispatcher = new Dispatcher({
    config: config.delivery,
    outbox,
    attempt,
    jobs: createJobs({ outbox, infoOf: schemas.infoOf }),
    clock,
    bookkeeping,
    active: active.active,
    healthOf: health.all,
    log: strapi.log,
  });
  clock.onTurn(() => dispatcher.wake());

  const deliveries = createDeliveries({
    outbox,
    webhooks,
    health,
    clock,
    dispatcher,
    engine: config.engine.driver,
  });
  const preview = createPreview({ strapi, schemas, clock, version });
  const trial = createTrial({ active, attempt, outbox, preview });
  const pruner = createPruner({
    outbox,
    clock,
    webhooks: webhooks.names,
    retentionDays: config.delivery.retentionDays,
    log: strapi.log,
  });

  const actor = createActor(strapi);
  const recorder = createRecorder({ strapi, active, outbox, clock, handover: dispatcher });
  const reader = createReader(strapi, schemas);
  const saves = createSaves(strapi, reader);
  const captureDocument = createDocumentCapture({
    strapi,
    schemas,
    reader,
    saves,
    recorder,
    actor,
  });
  const captureRows = createRowCapture({ strapi, schemas, reader, saves, recorder, actor });

  return {
    authorizations,
    captureDocument,
    captureRows,
    clock,
    deliveries,
    dispatcher,
    preview,
    pruner,
    schemas,
    sender,
    trial,
    webhooks,
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
