/** Builds the parts of schedules, and runs due steps every second while this process sends. */
import type { Core } from '@strapi/strapi';
import type { Live } from '../capture/reader.service';
import type { Recorder } from '../capture/recorder.service';
import type { Actor } from '../contract/event';
import type { Audit } from '../store/audit.service';
import { joinTransaction, rowsOf, type InTransaction } from '../strapi/database.service';
import { SCHEDULE_UID } from '../store/models';
import type { Clock } from '../strapi/clock.service';
import type { Schemas } from '../strapi/model/schema.service';
import { createTitles, type Reading } from '../strapi/permissions/reading.service';
import { cancelWithDocument, createScheduleNotices } from './notices.service';
import type { ScheduleRow } from './plan';
import { createScheduleSteps } from './steps.service';

const EVERY_MS = 1_000;

type Options = {
  strapi: Core.Strapi;
  schemas: Schemas;
  reading: Reading;
  recorder: Recorder;
  live: Live;
  clock: Clock;
  audit: Audit;
  actor(): Actor;
};

export const createSchedule = (options: Options) => {
  const { strapi, clock, actor } = options;
  const notices = createScheduleNotices(options);
  const rows = rowsOf<ScheduleRow>(strapi, SCHEDULE_UID);
  const transaction: InTransaction = (work) => joinTransaction(strapi, work);
  const steps = createScheduleSteps({ strapi, clock, rows, notices, transaction });
  const scheduleRunner = createRunner(steps.runDue, strapi.log);
  clock.onTurn(scheduleRunner.wake);
  return {
    notices,
    transaction,
    scheduleRunner,
    settleSchedule: steps.settleWithin,
    cancelSchedules: cancelWithDocument({ rows, notices, transaction, actor }),
    titles: createTitles(options),
  };
};

/** One run at a time. */
function createRunner(
  runDue: (isWanted: () => boolean) => Promise<void>,
  log: { error(message: string): void },
) {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | null = null;

  const run = (): void => {
    running ??= runDue(() => timer !== undefined)
      .catch((error: Error) =>
        log.error(
          `workflow-webhooks: schedules are looked at again after an error: ${error.stack}`,
        ),
      )
      .finally(() => {
        running = null;
      });
  };

  return {
    start: () => {
      timer ??= setInterval(run, EVERY_MS);
      run();
    },
    /** Does nothing in a process that runs no schedules. */
    wake: () => {
      if (timer) run();
    },
    stop: async () => {
      clearInterval(timer);
      timer = undefined;
      await running;
    },
  };
}
