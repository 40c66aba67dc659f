/** The sending thread. It holds connections and access tokens, and nothing else outlives a task: no database, no Strapi. */
import { createRequire } from 'node:module';
import path from 'node:path';
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import type * as OpenTelemetry from '@opentelemetry/api';
import { inBatches, timerNow } from '../../strapi/clock.service';
import { createSender } from '../http/send.service';
import { createSending } from '../task.service';
import type { Done, ThreadData, ToThread, Work } from './thread.service';

function serve(port: MessagePort, { root, network, version, timeout }: ThreadData): void {
  let clockOffset = 0;
  const clock = { now: () => Math.round(timerNow() + clockOffset) };
  const sending = createSending({ sender: createSender({ network }), clock, version, timeout });
  const aborters = new Map<number, AbortController>();
  const untraced = createUntraced(root);
  const report = inBatches<Done>((batch) => port.postMessage(batch));

  async function perform(work: Work): Promise<Done> {
    const { id } = work;
    if (work.kind === 'token')
      return { id, kind: 'token', answer: await sending.fetchToken(work.authorization) };
    return { id, kind: 'task', result: await sending.run(work.task, signalOf(work.signalId)) };
  }

  function signalOf(id: number | null): AbortSignal | undefined {
    if (id === null) return undefined;
    const aborter = aborters.get(id) ?? new AbortController();
    aborters.set(id, aborter);
    return aborter.signal;
  }

  port.on('message', (message: ToThread) => {
    if (message.kind === 'abort') return aborters.get(message.signalId)?.abort();
    clockOffset = message.clockOffset;
    for (const work of message.works) void untraced(() => perform(work)).then(report);
  });
}

/**
 * An agent that is loaded with --require runs in this thread too. It must not add a `traceparent` to requests: Strapi's thread
 * makes the spans, and decides what receivers are sent.
 */
function createUntraced(root: string): <T>(work: () => T) => T {
  const api = tracingApi(root);
  if (!api) return (work) => work();
  const suppress = api.createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING');
  return (work) => api.context.with(api.context.active().setValue(suppress, true), work);
}

function tracingApi(root: string): typeof OpenTelemetry | null {
  try {
    return createRequire(path.join(root, 'package.json'))('@opentelemetry/api');
  } catch {
    return null;
  }
}

if (parentPort) serve(parentPort, workerData as ThreadData);
