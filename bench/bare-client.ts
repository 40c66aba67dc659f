/**
 * Measures the bare HTTP client: the same requests from the same process to the same receiver, with the concurrency of one
 * webhook, but without any reads, signatures, records or decisions.
 */
import type { App } from '../tests/support/strapi';
import type { BenchReceiver } from './receiver';

export type BareTask = { url: string; body: string; headers: Record<string, string> };

/** Runs inside Strapi. Returns how long `count` requests took (ms). */
const sendAll = async (_: unknown, task: BareTask & { count: number; concurrency: number }) => {
  const { Agent } = require('undici');
  const { origin, pathname } = new URL(task.url);
  const agent = new Agent({ connections: task.concurrency });
  const request = {
    origin,
    path: pathname,
    method: 'POST',
    headers: task.headers,
    body: task.body,
  };
  let left = task.count;
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      const { body } = await agent.request(request);
      await body.dump();
    }
  };
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: task.concurrency }, worker));
  const ms = performance.now() - startedAt;
  await agent.close();
  return ms;
};

const CONCURRENCY = 16;

/** Requests per second. */
export const bareRate = async (
  app: App,
  receiver: BenchReceiver,
  { count, ...task }: BareTask & { count: number },
): Promise<number> => {
  const ms = await app.run(sendAll, { ...task, count, concurrency: CONCURRENCY });
  await receiver.take();
  return (count * 1000) / ms;
};

/** Runs inside Strapi: the request of the first attempt in the log. */
export const sentRequest = async (strapi: any): Promise<BareTask> => {
  const row = await strapi.db
    .connection('workflow_webhooks_attempts')
    .whereNotNull('body')
    .orderBy('id')
    .first();
  const { url, headers } = JSON.parse(row.request);
  return { url, headers, body: row.body };
};
