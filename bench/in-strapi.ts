/** Functions that run inside a Strapi, except for the writes: CPU time, the dispatcher, and the outbox. */
import type { WebhookInput } from '../server/contract/webhook';
import type { App } from '../tests/support/strapi';

const cpuSoFar = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** The CPU time that the app's process has used so far (ms). */
export const cpuOf = (app: App): Promise<number> => app.run(cpuSoFar);

const waitUntilRecorded = async (strapi: any, pauseMs: number) => {
  const knex = strapi.db.connection;
  for (;;) {
    const open = await knex('workflow_webhooks_deliveries').whereNot('state', 'delivered').first();
    if (!open) return Number(process.hrtime.bigint()) / 1e6;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
};

/** Waits until every delivery is recorded as delivered; returns the time of that (ms of the monotonic clock). */
export const recorded = (app: App, pauseMs: number): Promise<number> =>
  app.run(waitUntilRecorded, pauseMs);

const ID = 'workflow-webhooks';

const stop = (strapi: any, id: string) => strapi.plugin(id).service('dispatcher').stop();

/** Stops sending; open deliveries stay in the database. */
export const stopDispatcher = (app: App): Promise<void> => app.run(stop, ID);

const start = async (strapi: any, id: string) => {
  const startedAt = Number(process.hrtime.bigint()) / 1e6;
  await strapi.plugin(id).service('dispatcher').start();
  return startedAt;
};

/** Returns the time of the start (ms of the monotonic clock). */
export const startDispatcher = (app: App): Promise<number> => app.run(start, ID);

type Contents = { uid: string; data: object; count: number };

const createAll = (strapi: any, { uid, data, count }: Contents) =>
  strapi.db.transaction(async () => {
    for (let index = 0; index < count; index += 1)
      await strapi.documents(uid).create({ data: { ...data, title: `bench-${index}` } });
  });

/** Writes in one transaction, for sections that measure the result and not the speed of writes. */
export const writeAtOnce = (app: App, contents: Contents): Promise<void> =>
  app.run(createAll, contents);

const setAllBack = async (strapi: any) => {
  const knex = strapi.db.connection;
  await knex('workflow_webhooks_attempts').delete();
  await knex('workflow_webhooks_deliveries').update({
    state: 'pending',
    attempt_count: 0,
    claim_id: null,
    delivered_at: null,
    due_at: knex.ref('created_at'),
  });
  const counted = await knex('workflow_webhooks_deliveries').count({ total: '*' }).first();
  return Number(counted.total);
};

/** Resets every delivery to pending without attempts. Returns the number of deliveries. */
export const setBack = (app: App): Promise<number> => app.run(setAllBack);

type WebhookWish = Partial<WebhookInput>;

/** Creates a webhook as a user would: in the default format, signed. Returns its id. */
export async function addWebhook(app: App, wish: WebhookWish): Promise<string> {
  return saveWebhook(app, { method: 'POST', path: '/webhooks' }, wish);
}

type Copies = { id: string; count: number };

/** Runs inside Strapi: copies the row of a webhook. */
const copyRow = async (strapi: any, { id, count }: Copies): Promise<void> => {
  const { randomBytes } = require('node:crypto');
  const rows = strapi.db.query('plugin::workflow-webhooks.webhook');
  const { id: _, ...row } = await rows.findOne({ where: { documentId: id } });
  const most = 50;
  for (let first = 0; first < count; first += most) {
    const data = Array.from({ length: Math.min(most, count - first) }, (_none, at) => ({
      ...row,
      documentId: `w${randomBytes(12).toString('hex').slice(1)}`,
      name: `bench ${first + at}`,
    }));
    await rows.createMany({ data });
  }
};

/**
 * Creates as many webhooks as rows: after each change by the API the plugin reads all webhooks again, so a thousand calls
 * would take minutes. One such change at the end makes the plugin forget what it knew.
 */
export async function addWebhooks(app: App, count: number, wish: WebhookWish): Promise<void> {
  if (count === 0) return;
  const id = await addWebhook(app, wish);
  await app.run(copyRow, { id, count: count - 1 } satisfies Copies);
  await changeWebhook(app, id, wish);
}

export async function changeWebhook(app: App, id: string, wish: WebhookWish): Promise<void> {
  await saveWebhook(app, { method: 'PUT', path: `/webhooks/${id}` }, wish);
}

async function saveWebhook(
  app: App,
  { method, path }: { method: string; path: string },
  wish: WebhookWish,
): Promise<string> {
  const webhook = { name: 'bench', events: ['entry.create'], signing: 'standard', ...wish };
  const answer = await app.request(method, `/workflow-webhooks${path}`, webhook);
  if (answer.status >= 300)
    throw new Error(`The webhook could not be saved: ${JSON.stringify(answer.body)}`);
  return answer.body.data.id;
}
