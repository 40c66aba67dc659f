/** Runs a third-party server program for a test: started in the foreground, ready when its port answers, stopped by its pid. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, connect, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export type OwnProcess = {
  /** Everything that the program wrote to stdout and stderr. */
  output(): string;
  /** Sends the signal and waits for the exit. After five seconds, the process is killed. */
  stop(signal?: NodeJS.Signals): Promise<void>;
};

const PATIENCE = 20_000;

export const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
};

const isListening = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => (socket.destroy(), resolve(true)));
    socket.once('error', () => resolve(false));
  });

const stopped = async (child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM') => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
  child.kill(signal);
  await exited;
  clearTimeout(timer);
};

type Program = {
  file: string;
  args: string[];
  port: number;
  env?: Record<string, string>;
  /** The user of the process, if the test runner is root and the program refuses to run as root. */
  uid?: number;
};

/** Resolves when the port answers. Throws the program's output if it ends before. */
export const startProcess = async ({
  file,
  args,
  port,
  env,
  uid,
}: Program): Promise<OwnProcess> => {
  const child = spawn(file, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
    ...(uid === undefined ? {} : { uid }),
  });
  let output = '';
  let failure: Error | null = null;
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  child.stderr.on('data', (chunk) => (output += String(chunk)));
  child.once('error', (error) => (failure = error));
  // A test runner that exits must not leave servers behind.
  const end = () => child.kill('SIGTERM');
  process.once('exit', end);
  const deadline = Date.now() + PATIENCE;
  while (!(await isListening(port))) {
    if (failure || child.exitCode !== null || Date.now() > deadline) {
      await stopped(child);
      throw new Error(`${file} did not start.\n${failure ?? output}`);
    }
    await sleep(20);
  }
  return {
    output: () => output,
    stop: async (signal) => {
      process.off('exit', end);
      await stopped(child, signal);
    },
  };
};
