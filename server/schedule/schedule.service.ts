/** The wing of schedules: made by editors, run by one instance. */
import type { Core } from '@strapi/strapi';
import type { Reading } from '../strapi/permissions/reading.service';
import { createTitles } from '../strapi/permissions/reading.service';
import type { Audit } from '../store/audit.service';
import type { Live } from '../capture/reader.service';
import type { Recorder } from '../capture/recorder.service';
import type { Actor } from '../contract/event';
import type { Clock } from '../strapi/clock.service';
import type { Schemas } from '../strapi/model/schema.service';
import { createInTransaction } from '../store/transaction.service';
import type { Locales } from '../strapi/locales.service';
import { createNoting } from './noting.service';
import { createRunner } from './runner.service';
import { createRunning } from './running.service';
import { createTelling } from './telling.service';
import { createWithdrawing } from './withdrawing.service';

type Options = {
  strapi: Core.Strapi;
  schemas: Schemas;
  reading: Reading;
  recorder: Recorder;
  live: Live;
  locales: Locales;
  clock: Clock;
  audit: Audit;
  actor(): Actor;
};

export const createScheduleWing = (options: Options) => {
  const { strapi, clock } = options;
  const telling = createTelling(options);
  const noting = createNoting(options);
  const own = { ...options, telling, noting, transaction: createInTransaction(strapi) };
  const running = createRunning(own);
  const runner = createRunner({ runDue: running.runDue, log: strapi.log });
  clock.onTurn(runner.wake);
  return {
    telling,
    noting,
    transaction: own.transaction,
    settleSchedule: running.settleWithin,
    withdrawSchedules: createWithdrawing(own).withdrawWithin,
    scheduleRunner: runner,
    titles: createTitles(options),
  };
};
