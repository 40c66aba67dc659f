/** Runs a transfer in a worker process: starts it, receives its reports, cancels it, and waits for its end. */
import { fork, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Core } from '@strapi/strapi';
import type { RunProgress } from '../contract/replication';
import { sentence } from '../contract/sentences';
import { masked } from '../send/mask';
import type { Ending } from './job';
import type { TransferOrder, TransferReport } from './transfer';

/** From dist/server as well as from server/replication. */
const SCRIPT = path.resolve(
  path.dirname(fileURLToPath(import.meta.url)),
  '../../server/cli/replication-process.js',
);

/** After a cancellation the engine has this long to undo its work at the destination, before the process is killed. */
const GRACE_MS = 10_000;
/** Characters of output that the log repeats. */
const TAIL = 4_000;
const CA_VARIABLE = 'NODE_EXTRA_CA_CERTS';

const BROKEN = sentence('replication-process-ended');

export type WorkerWatch = {
  /** Aborting it ends the run: as failed if there is a reason, otherwise as cancelled. */
  signal: AbortSignal;
  onProgress(progress: RunProgress): void;
};

export function createRunWorker({ strapi, ca }: { strapi: Core.Strapi; ca: string | null }) {
  return async (order: TransferOrder, { signal, onProgress }: WorkerWatch): Promise<Ending> => {
    const { env, remove } = await writeAuthorities({ ca });
    const child = spawn(strapi, env);
    const lastReport = receive(child, {
      onReport: (report) => onProgress(report.progress),
      onError: (message) =>
        strapi.log.error(`workflow-webhooks: ${masked(message, [order.token])}`),
    });
    const [appDir, distDir] = [strapi.dirs.app.root, strapi.dirs.dist.root];
    // Over the channel between the two, so that no list of processes shows the token.
    child.send({ kind: 'order', appDir, distDir, order }, () => undefined);
    const forget = cancelOn(signal, child);
    const report = await lastReport;
    forget();
    await remove();
    const ending = endingOfProcess(report, signal);
    // The destination may repeat the token that it was sent.
    return ending.state === 'completed'
      ? ending
      : { ...ending, error: masked(ending.error, [order.token]) };
  };
}

export type RunWorker = ReturnType<typeof createRunWorker>;

/** Returns a function that stops waiting for the process to obey. */
function cancelOn(signal: AbortSignal, child: ChildProcess): () => void {
  let timer: NodeJS.Timeout | undefined;
  const cancel = () => {
    timer = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
    if (child.connected) child.send({ kind: 'cancel' }, () => undefined);
  };
  if (signal.aborted) cancel();
  else signal.addEventListener('abort', cancel);
  return () => {
    clearTimeout(timer);
    signal.removeEventListener('abort', cancel);
  };
}

function spawn(strapi: Core.Strapi, env: object): ChildProcess {
  return fork(SCRIPT, [], {
    cwd: strapi.dirs.app.root,
    env: { ...process.env, ...env },
    // The port of a debugger is already taken by this process.
    execArgv: process.execArgv.filter((argument) => !argument.startsWith('--inspect')),
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
}

type Listeners = { onReport(report: TransferReport): void; onError(message: string): void };

/** Resolves when the process has ended: its last report, or null if it sent none. */
function receive(
  child: ChildProcess,
  { onReport, onError }: Listeners,
): Promise<TransferReport | null> {
  let tail = '';
  const keep = (chunk: Buffer) => (tail = (tail + String(chunk)).slice(-TAIL));
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  let last: TransferReport | null = null;
  child.on('message', (message) => {
    const report = message as TransferReport;
    onReport(report);
    if (report.kind !== 'progress') last = report;
  });
  return new Promise((resolve) => {
    child.once('error', (error) => {
      onError(`a replication did not start: ${error.message}`);
      resolve(null);
    });
    child.once('close', (code, signal) => {
      if (!last) onError(`the process of a replication ended (${signal ?? code}): ${tail}`);
      resolve(last);
    });
  });
}

function endingOfProcess(report: TransferReport | null, { reason }: AbortSignal): Ending {
  if (report?.kind === 'completed') return { state: 'completed', tallied: report.tallied };
  if (typeof reason === 'string') return { state: 'failed', error: reason };
  return { state: 'failed', error: report?.kind === 'failed' ? report.error : BROKEN };
}

/**
 * Node takes further certificate authorities only from a file. Returns the addition to the environment of the process,
 * and a function that removes the file.
 */
export async function writeAuthorities({
  ca,
  env = process.env,
}: {
  ca: string | null;
  env?: NodeJS.ProcessEnv;
}) {
  if (ca === null) return { env: {}, remove: async () => undefined };
  const folder = await mkdtemp(path.join(tmpdir(), 'workflow-webhooks-'));
  const file = path.join(folder, 'ca.pem');
  const own = env[CA_VARIABLE];
  // Node too ignores a file that it cannot read, and warns when the server starts.
  const others = own ? await readFile(own, 'utf8').catch(() => null) : null;
  await writeFile(file, others === null ? ca : `${ca}\n${others}`);
  return {
    env: { [CA_VARIABLE]: file },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
