/** The process of its own in which a replication runs: started, listened to, cancelled, and seen to end. */
import { sentence } from '../contract/sentences';
import { fork, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Core } from '@strapi/strapi';
import type { RunProgress } from '../contract/replication';
import { masked } from '../send/mask';
import { writeAuthorities } from './authorities.service';
import type { Order, Said } from './order';
import type { Ending } from './run';

/** From dist/server as well as from server/replication. */
const SCRIPT = path.resolve(
  path.dirname(fileURLToPath(import.meta.url)),
  '../../server/cli/replication-process.js',
);

/** So long the engine may take to undo what it did at the destination, before it is ended without. */
const GRACE_MS = 10_000;
const TAIL = 4_000;

const BROKEN = sentence('replication-process-ended');

type Options = { strapi: Core.Strapi; ca: string | null };

export type Worker = {
  /** What it came to. Never rejects. */
  ending: Promise<Ending>;
  progress(): RunProgress;
  /** Gives it up; it ends as failed, for the reason if one is given. A run that was cancelled is recorded as cancelled. */
  cancel(reason?: string): void;
};

/** A debugger's port is taken already. */
const execArgv = () => process.execArgv.filter((argument) => !argument.startsWith('--inspect'));

export const createStartWorker = ({ strapi, ca }: Options) => {
  const spawn = (env: object): ChildProcess =>
    fork(SCRIPT, [], {
      cwd: strapi.dirs.app.root,
      env: { ...process.env, ...env },
      execArgv: execArgv(),
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });

  /** Its last words, for the log where it breaks. */
  const tailOf = (child: ChildProcess) => {
    let tail = '';
    const keep = (chunk: Buffer) => (tail = (tail + String(chunk)).slice(-TAIL));
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    return () => tail;
  };

  const listen = (child: ChildProcess, { token }: Order, hear: (said: Said) => void) => {
    const tail = tailOf(child);
    return new Promise<Said | null>((resolve) => {
      let last: Said | null = null;
      child.on('message', (message) => {
        const said = message as Said;
        hear(said);
        if (said.kind !== 'progress') last = said;
      });
      child.once('error', (error) => {
        strapi.log.error(`workflow-webhooks: a replication did not start: ${error.message}`);
        resolve(null);
      });
      child.once('close', (code, signal) => {
        if (!last)
          strapi.log.error(
            `workflow-webhooks: the process of a replication ended (${signal ?? code}): ${masked(tail(), [token])}`,
          );
        resolve(last);
      });
    });
  };

  /** `givenUp` is why this process ended it; a cancellation has no reason of its own. */
  const endingOfProcess = (said: Said | null, givenUp: string | null): Ending => {
    if (said?.kind === 'completed') return { state: 'completed', tallied: said.tallied };
    if (givenUp !== null) return { state: 'failed', error: givenUp };
    return { state: 'failed', error: said?.kind === 'failed' ? said.error : BROKEN };
  };

  /** The order goes over the channel between the two, so that no list of processes shows its token. */
  return async (order: Order): Promise<Worker> => {
    const { env, remove } = await writeAuthorities({ ca });
    const child = spawn(env);
    const { root: appDir } = strapi.dirs.app;
    const { root: distDir } = strapi.dirs.dist;
    let progress: RunProgress = { stage: 'start', count: 0 };
    let isCancelled = false;
    let reason: string | null = null;
    let timer: NodeJS.Timeout | undefined;
    const ended = listen(child, order, (said) => (progress = said.progress));
    child.send({ kind: 'order', appDir, distDir, order }, () => undefined);
    const ending = ended.then(async (said) => {
      clearTimeout(timer);
      await remove();
      const end = endingOfProcess(said, reason);
      // The destination may repeat the token that it was sent.
      return end.state === 'completed' ? end : { ...end, error: masked(end.error, [order.token]) };
    });
    return {
      ending,
      progress: () => progress,
      cancel: (why) => {
        if (isCancelled) return;
        isCancelled = true;
        reason = why ?? null;
        timer = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
        if (child.connected) child.send({ kind: 'cancel' }, () => undefined);
      },
    };
  };
};

export type StartWorker = ReturnType<typeof createStartWorker>;
