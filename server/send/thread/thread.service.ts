/**
 * Sends in a thread of its own, so that TLS, signatures, bodies and answers take no time from Strapi's event loop. The thread
 * starts with the first task. If it dies, a new one starts and gets what the old one held.
 */
import { AsyncResource } from 'node:async_hooks';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { AuthorizationSettings } from '../../contract/authorization';
import { sentence } from '../../contract/sentences';
import { inBatches, timerNow } from '../../strapi/clock.service';
import type { TokenAnswer } from '../credentials/kind';
import type { SenderOptions } from '../http/send.service';
import { resultOf, type Sending, type SendTask, type TaskResult } from '../task.service';

/** What the thread is started with. `timeout`: the deadline of a call for a token (ms). `root`: the folder of the app. */
export type ThreadData = {
  root: string;
  network: SenderOptions['network'];
  version: string;
  timeout: number;
};

export type Work =
  | { id: number; kind: 'task'; task: SendTask; signalId: number | null }
  | { id: number; kind: 'token'; authorization: AuthorizationSettings };

/** `clockOffset`: how far the database's clock is ahead of this machine's timer (ms). */
export type ToThread =
  { kind: 'work'; works: Work[]; clockOffset: number } | { kind: 'abort'; signalId: number };

export type Done =
  | { id: number; kind: 'task'; result: TaskResult }
  | { id: number; kind: 'token'; answer: TokenAnswer | null };

/** Beside `dist/server`. */
const FILE = path.join(path.dirname(fileURLToPath(import.meta.url)), '../sending-thread/index.js');

/** A task that was in the thread when it died so often is reported as failed: it may be what kills the thread. */
const MOST_DEATHS = 3;

type Options = ThreadData & {
  clock: { now(): number };
  log: { error(line: string): void };
};

type Held = {
  work: Work;
  signal?: AbortSignal | undefined;
  deaths: number;
  done(done: Done): void;
};

export class SendingThread implements Sending {
  // A task comes from inside an editor's request. Without this, the thread would belong to that request's async context.
  private readonly outside = new AsyncResource('workflow-webhooks.sending');
  private readonly held = new Map<number, Held>();
  private readonly signalIds = new WeakMap<AbortSignal, number>();
  private worker: Worker | null = null;
  private nextId = 1;
  private isClosed = false;
  private readonly post = inBatches<Work>((works) => this.postNow(works));

  constructor(private readonly options: Options) {}

  async run(task: SendTask, signal?: AbortSignal): Promise<TaskResult> {
    if (this.isClosed || signal?.aborted) return stopped(task);
    const signalId = signal ? this.signalIdOf(signal) : null;
    const done = await this.hold({ id: this.nextId++, kind: 'task', task, signalId }, signal);
    return (done as Extract<Done, { kind: 'task' }>).result;
  }

  async fetchToken(authorization: AuthorizationSettings): Promise<TokenAnswer | null> {
    const done = await this.hold({ id: this.nextId++, kind: 'token', authorization });
    return (done as Extract<Done, { kind: 'token' }>).answer;
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await this.worker?.terminate();
    for (const held of [...this.held.values()]) this.finish(endOf(held.work, STOPPED));
  }

  /** One listener for each signal: many tasks share one, and each would cost a listener here and a signal there. */
  private signalIdOf(signal: AbortSignal): number {
    const known = this.signalIds.get(signal);
    if (known !== undefined) return known;
    const signalId = this.nextId++;
    this.signalIds.set(signal, signalId);
    const abort = () => this.worker?.postMessage({ kind: 'abort', signalId } satisfies ToThread);
    signal.addEventListener('abort', abort, { once: true });
    return signalId;
  }

  private hold(work: Work, signal?: AbortSignal): Promise<Done> {
    return new Promise((done) => {
      this.held.set(work.id, { work, signal, deaths: 0, done });
      this.post(work);
    });
  }

  private finish(done: Done): void {
    const held = this.held.get(done.id);
    this.held.delete(done.id);
    held?.done(done);
  }

  private postNow(works: Work[]): void {
    const isOver = ({ id }: Work) => this.isClosed || this.held.get(id)?.signal?.aborted;
    for (const work of works.filter(isOver)) this.finish(endOf(work, STOPPED));
    // When a thread dies, work that was not passed on yet is added a second time. The set keeps it once.
    const wanted = [...new Set(works)].filter((work) => !isOver(work));
    if (wanted.length === 0) return;
    const clockOffset = this.options.clock.now() - timerNow();
    try {
      this.worker ??= this.outside.runInAsyncScope(this.start, this);
    } catch (error) {
      // Node's permission model can forbid threads.
      return this.onDeath(error as Error);
    }
    this.worker.postMessage({ kind: 'work', works: wanted, clockOffset } satisfies ToThread);
  }

  private start(): Worker {
    const { root, network, version, timeout } = this.options;
    const workerData: ThreadData = { root, network, version, timeout };
    const worker = new Worker(FILE, { name: 'workflow-webhooks', workerData });
    let reason = new Error('It ended by itself.');
    worker.on('message', (batch: Done[]) => batch.forEach((done) => this.finish(done)));
    worker.on('error', (error) => (reason = error as Error));
    worker.on('exit', () => {
      if (worker === this.worker) this.onDeath(reason);
    });
    // Requests under way do not keep the process alive: the dispatcher waits for them when it stops.
    worker.unref();
    return worker;
  }

  private onDeath(reason: Error): void {
    this.worker = null;
    if (this.isClosed) return;
    this.options.log.error(
      `workflow-webhooks: the sending thread died. Another one starts, and sends again what was under way. ${reason.message}`,
    );
    for (const held of [...this.held.values()]) {
      held.deaths += 1;
      if (held.deaths < MOST_DEATHS) this.post(held.work);
      else this.finish(endOf(held.work, failedBy(reason)));
    }
  }
}

type End = { reason: 'aborted' | 'connection'; message: string };

const STOPPED: End = { reason: 'aborted', message: sentence('call-stopped') };

function failedBy({ message }: Error): End {
  return { reason: 'connection', message: sentence('sending-thread-ended', { message }) };
}

function stopped(task: SendTask): TaskResult {
  return resultOf(task, { outcome: { kind: 'failed', ...STOPPED, ms: 0 }, body: '' });
}

function endOf(work: Work, end: End): Done {
  const { id } = work;
  if (work.kind === 'token')
    return { id, kind: 'token', answer: { kind: 'denied', message: end.message, isFinal: false } };
  const outcome = { kind: 'failed', ...end, ms: 0 } as const;
  return { id, kind: 'task', result: resultOf(work.task, { outcome, body: '' }) };
}
