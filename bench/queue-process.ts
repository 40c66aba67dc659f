/** A process that sends through one of the queues, as an app with that queue would. It has no Strapi, which is in its favour. */
import { createHmac, randomBytes } from 'node:crypto';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import axios from 'axios';
import {
  ENGINES,
  type EngineName,
  type Job,
  type QueueEngine,
  type Servers,
} from './queue-engines';

export type QueueTask =
  | ({ do: 'open'; engine: EngineName; concurrency: number } & Servers)
  | { do: 'fill'; count: number; url: string; body: string }
  | { do: 'drain'; count: number }
  | { do: 'close' };
/** `ms`: the time of a drain, from the start of the workers until the last job is recorded as done. */
export type QueueAnswer = { ms: number; error?: string };

const TIMEOUT_MS = 15_000;
const key = randomBytes(32);
let queue: QueueEngine | null = null;
let client = axios.create();

function clientWith(concurrency: number) {
  const agent = { keepAlive: true, maxSockets: concurrency };
  return axios.create({
    timeout: TIMEOUT_MS,
    maxRedirects: 0,
    httpAgent: new HttpAgent(agent),
    httpsAgent: new HttpsAgent(agent),
  });
}

/** Signed as Standard Webhooks asks. axios throws on an answer that is no success, and the queue retries. */
async function post({ id, url, body }: Job): Promise<void> {
  const timestamp = Math.floor(Date.now() / 1000);
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  await client.post(url, body, {
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': `v1,${signature}`,
    },
  });
}

function opened(): QueueEngine {
  if (queue === null) throw new Error('No queue is open.');
  return queue;
}

async function perform(task: QueueTask): Promise<void> {
  switch (task.do) {
    case 'open':
      client = clientWith(task.concurrency);
      queue = await ENGINES[task.engine](task);
      return;
    case 'fill': {
      const { url, body } = task;
      const jobs = Array.from({ length: task.count }, (_, index) => ({
        id: `msg_${index}`,
        url,
        body,
      }));
      return opened().fill(jobs);
    }
    case 'drain':
      return opened().drain(task.count, post);
    case 'close':
      return opened().close();
  }
}

process.on('message', async (task: QueueTask) => {
  const startedAt = performance.now();
  const error = await perform(task).then(
    () => undefined,
    (failure: Error) => failure.stack ?? String(failure),
  );
  process.send?.({ ms: performance.now() - startedAt, error } satisfies QueueAnswer);
});
process.once('disconnect', () => process.exit());
