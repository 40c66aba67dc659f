/** One Strapi in a child process, and the messages to and from it.
 *
 * Why a child process: a process can hold one Strapi only (a global); `strapi.destroy()` removes every
 * listener of the process, including the test runner's; jest's module registry makes the boot
 * several times slower; and a test that kills Strapi must not kill itself.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';

export const REPOSITORY = path.resolve(__dirname, '../..');
export const PLAYGROUND = path.join(REPOSITORY, 'playground');
const CHILD = path.join(__dirname, 'strapi-child.js');
/** The arguments of Node for every process that loads Strapi. */
export const NODE_ARGUMENTS = ['--require', path.join(__dirname, 'module-cache.js')];
const BOOT_LIMIT = 120_000;
const STOP_LIMIT = 30_000;
/** How many lines of its output an unexpected end quotes. */
const LAST_LINES = 20;

type Failure = { name: string; message: string; details: unknown; stack: string | null };
type Message =
  | { kind: 'listening'; port: number }
  | { kind: 'result'; id: number; value?: string }
  | { kind: 'failure'; id: number; error: Failure };
type Waiting = {
  resolve(value: unknown): void;
  reject(error: Error): void;
  /** Made when the call began, because its stack says which test asked. */
  unanswered: Error;
};

/** An error that a test's function threw inside Strapi. */
export class RunError extends Error {
  readonly details: any;
  constructor(failure: Failure) {
    super(failure.message);
    this.name = failure.name;
    this.details = failure.details;
    this.stack = failure.stack ?? this.stack;
  }
}

/** Strapi exited, or did not listen in time. `logs` is its output. */
export class StartError extends Error {
  constructor(
    message: string,
    readonly logs: string,
  ) {
    super(`${message}\n${logs}`);
    this.name = 'StartError';
  }
}

export class StrapiProcess {
  port = 0;
  private readonly waiting = new Map<number, Waiting>();
  private nextId = 1;
  private output = '';

  private constructor(private readonly child: ChildProcess) {
    const keep = (chunk: Buffer) => (this.output += chunk.toString());
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    child.on('message', (message) => this.receive(message as Message));
    child.once('exit', (code, signal) => this.rejectWaiting(signal ?? `exit code ${code}`));
  }

  /** @param env the complete environment of the child, which inherits nothing from the test runner. */
  static async start(
    env: Record<string, string | undefined>,
    appDir = PLAYGROUND,
  ): Promise<StrapiProcess> {
    const child = spawn(process.execPath, [...NODE_ARGUMENTS, CHILD], {
      cwd: appDir,
      env: env as NodeJS.ProcessEnv,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const started = new StrapiProcess(child);
    await started.listening();
    return started;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** Everything that Strapi wrote to stdout and stderr since its start, without colours. */
  get logs(): string {
    return stripVTControlCharacters(this.output);
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Runs a function's source in the child; arguments and result travel as JSON. */
  run(source: string, args: unknown): Promise<unknown> {
    if (!this.child.connected) {
      return Promise.reject(new Error('Strapi is not running: start or restart it first.'));
    }
    const id = this.nextId++;
    const unanswered = new Error();
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject, unanswered });
      this.child.send({ kind: 'run', id, source, args: JSON.stringify(args) });
    });
  }

  /** Stops Strapi gracefully (SIGTERM) and waits. Kills it and throws if it does not end in time. */
  async stop(): Promise<void> {
    if (!this.isRunning) return;
    const timer = setTimeout(() => this.child.kill('SIGKILL'), STOP_LIMIT);
    const exited = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    const [, signal] = await exited;
    clearTimeout(timer);
    if (signal === 'SIGKILL') {
      throw new Error(`Strapi did not stop within ${STOP_LIMIT} ms of SIGTERM.\n${this.logs}`);
    }
  }

  /** Kills Strapi, as a crash would (SIGKILL). */
  async kill(): Promise<void> {
    if (!this.isRunning) return;
    const exited = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await exited;
  }

  private listening(): Promise<void> {
    return new Promise((resolve, reject) => {
      const fail = (message: string) => {
        clearTimeout(timer);
        reject(new StartError(message, this.logs));
      };
      const timer = setTimeout(() => {
        this.child.kill('SIGKILL');
        fail(`Strapi did not listen within ${BOOT_LIMIT} ms.`);
      }, BOOT_LIMIT);
      // 'close' instead of 'exit', because the output is complete only then.
      this.child.once('close', (code) =>
        fail(`Strapi ended before it listened (exit code ${code}).`),
      );
      this.child.once('error', (error) => fail(`Strapi could not be started: ${error.message}`));
      this.child.once('message', () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  private receive(message: Message): void {
    if (message.kind === 'listening') {
      this.port = message.port;
      return;
    }
    const waiting = this.waiting.get(message.id);
    this.waiting.delete(message.id);
    if (message.kind === 'failure') waiting?.reject(new RunError(message.error));
    else waiting?.resolve(message.value === undefined ? undefined : JSON.parse(message.value));
  }

  private rejectWaiting(reason: string): void {
    const lastLines = this.logs.trimEnd().split('\n').slice(-LAST_LINES).join('\n');
    for (const { reject, unanswered } of this.waiting.values()) {
      unanswered.message = `Strapi ended (${reason}) before it had answered.\n${lastLines}`;
      reject(unanswered);
    }
    this.waiting.clear();
  }
}
