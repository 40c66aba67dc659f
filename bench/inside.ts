/** What is asked of a running app besides writing: each function is sent to Strapi's process and runs there. */
import type { App } from '../tests/support/strapi';

const cpuSoFar = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** Milliseconds of CPU that the app's process has used so far. */
export const cpuOf = (app: App): Promise<number> => app.run(cpuSoFar);

const waitUntilRecorded = async (strapi: any, pauseMs: number) => {
  const knex = strapi.db.connection;
  for (;;) {
    const open = await knex('workflow_webhooks_deliveries').whereNot('state', 'delivered').first();
    if (!open) return Number(process.hrtime.bigint()) / 1e6;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
};

/** Waits until every delivery is recorded as delivered; answers when that was (ms of the monotonic clock). */
export const recorded = (app: App, pauseMs: number): Promise<number> =>
  app.run(waitUntilRecorded, pauseMs);
