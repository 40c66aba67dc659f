/** Starts the receiver's process and reads its recorded requests. */
import { fork, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Arrival, Message, Question } from './receiver-process';

const PROGRAM = path.join(__dirname, 'receiver-process.ts');
const PAUSE_MS = 5;

export type BenchReceiver = {
  url: string;
  /** Returns and forgets all requests since the last call. */
  take(): Promise<Arrival[]>;
  /** Waits until at least `count` requests have arrived. Rejects after `timeoutMs`. */
  until(count: number, timeoutMs?: number): Promise<void>;
  stop(): void;
};

const requester = (child: ChildProcess) => {
  const waiting = new Map<number, (value: unknown) => void>();
  let nextId = 1;
  child.on('message', (message: Message) => {
    if (message.kind !== 'answer') return;
    waiting.get(message.id)?.(message.value);
    waiting.delete(message.id);
  });
  return <T>(ask: Question['ask']): Promise<T> => {
    const id = nextId++;
    return new Promise((resolve) => {
      waiting.set(id, resolve as (value: unknown) => void);
      child.send({ id, ask } satisfies Question);
    });
  };
};

const listening = (child: ChildProcess): Promise<number> =>
  new Promise((resolve, reject) => {
    child.on('message', (message: Message) => {
      if (message.kind === 'listening') resolve(message.port);
    });
    child.once('exit', (code) => reject(new Error(`The receiver ended with code ${code}.`)));
  });

export const startReceiver = async (): Promise<BenchReceiver> => {
  const child = fork(PROGRAM);
  const ask = requester(child);
  const port = await listening(child);
  const until = async (count: number, timeoutMs = 30_000) => {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const here = await ask<number>('count');
      if (here >= count) return;
      if (performance.now() > deadline) {
        throw new Error(`The receiver got ${here} of ${count} requests in ${timeoutMs} ms.`);
      }
      await sleep(PAUSE_MS);
    }
  };
  return {
    url: `http://127.0.0.1:${port}/hook`,
    take: () => ask<Arrival[]>('take'),
    until,
    stop: () => void child.kill(),
  };
};
