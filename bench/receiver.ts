/** Starts the receiver's process and reads its recorded requests. */
import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeAuthority } from '../tests/support/authorities';
import type { Arrival, Identity, Message, Question } from './receiver-process';

const PROGRAM = path.join(__dirname, 'receiver-process.ts');
const PAUSE_MS = 5;

export type BenchReceiver = {
  /** HTTPS, as receivers are in production. */
  url: string;
  /** The same receiver over HTTP. */
  plainUrl: string;
  /**
   * Makes a process trust the certificate of the receiver. The option `network.ca` would do so for the plugin only, and
   * Strapi's own webhooks and the queues must trust it too.
   */
  trust: { NODE_EXTRA_CA_CERTS: string };
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

type Ports = { port: number; securePort: number };

function listening(child: ChildProcess, identity: Identity): Promise<Ports> {
  return new Promise((resolve, reject) => {
    child.on('message', (message: Message) => {
      if (message.kind === 'listening') resolve(message);
    });
    child.once('exit', (code) => reject(new Error(`The receiver ended with code ${code}.`)));
    child.send(identity);
  });
}

export const startReceiver = async (): Promise<BenchReceiver> => {
  const folder = mkdtempSync(path.join(tmpdir(), 'workflow-webhooks-receiver-'));
  const authority = makeAuthority('Bench');
  const trusted = path.join(folder, 'authority.pem');
  writeFileSync(trusted, authority.certificate);
  const child = fork(PROGRAM);
  const ask = requester(child);
  const { key, certificate } = authority.issue({ name: 'receiver', hosts: ['127.0.0.1'] });
  const ports = await listening(child, { ask: 'listen', key, certificate });
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
    url: `https://127.0.0.1:${ports.securePort}/hook`,
    plainUrl: `http://127.0.0.1:${ports.port}/hook`,
    trust: { NODE_EXTRA_CA_CERTS: trusted },
    take: () => ask<Arrival[]>('take'),
    until,
    stop: () => {
      child.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
