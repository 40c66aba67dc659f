/** Starts the worker process in which a replication runs, receives its reports, cancels it, and waits for its end. */
import { fork, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Core } from '@strapi/strapi';
import type { RunProgress } from '../contract/replication';
import { sentence } from '../contract/sentences';
import { masked } from '../send/mask';
import { BEGINNING, type Ending } from './run';
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

export type WorkerProcess = {
  /** Never rejects. */
  ending: Promise<Ending>;
  progress(): RunProgress;
  /** Ends the run as failed for this reason. Without a reason it was cancelled, and is recorded as cancelled. */
  cancel(reason?: string): void;
};

export const createStartWorker =
  ({ strapi, ca }: { strapi: Core.Strapi; ca: string | null }) =>
  async (order: TransferOrder): Promise<WorkerProcess> => {
    const { env, remove } = await writeAuthorities({ ca });
    const child = spawn(strapi, env);
    let progress = BEGINNING;
    let isCancelled = false;
    let reason: string | null = null;
    let timer: NodeJS.Timeout | undefined;
    const lastReport = receive(child, {
      onReport: (report) => (progress = report.progress),
      onError: (message) =>
        strapi.log.error(`workflow-webhooks: ${masked(message, [order.token])}`),
    });
    const [appDir, distDir] = [strapi.dirs.app.root, strapi.dirs.dist.root];
    // Over the channel between the two, so that no list of processes shows the token.
    child.send({ kind: 'order', appDir, distDir, order }, () => undefined);
    const ending = lastReport.then(async (report) => {
      clearTimeout(timer);
      await remove();
      const end = endingOfProcess(report, reason);
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

export type StartWorker = ReturnType<typeof createStartWorker>;

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

/** `reason` is set if this process ended the run; a cancellation has none. */
function endingOfProcess(report: TransferReport | null, reason: string | null): Ending {
  if (report?.kind === 'completed') return { state: 'completed', tallied: report.tallied };
  if (reason !== null) return { state: 'failed', error: reason };
  return { state: 'failed', error: report?.kind === 'failed' ? report.error : BROKEN };
}

/**
 * Node takes further certificate authorities only from a file. Answers the addition to the environment of the process, and
 * a function that removes the file.
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
