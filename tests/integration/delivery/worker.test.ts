/** `strapi-workflow-webhooks worker`: a separate process that sends the deliveries of a Strapi without a dispatcher. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { NODE_ARGUMENTS } from '../../support/strapi-process';
import { databaseEnv } from './cluster';
import { reachable } from './reachable';
import { Stage, until } from './stage';

const ROOT = path.resolve(__dirname, '../../..');
const PLAYGROUND = path.join(ROOT, 'playground');
const COMMAND = path.join(
  ROOT,
  require(path.join(ROOT, 'package.json')).bin['strapi-workflow-webhooks'],
);

/** A Strapi that loads, and compiles what there is to compile, on a machine that does other things too. */
const PATIENCE = 100_000;
/** A cron task of the project prints this every second. */
const CRON_SAYS = 'a task of the project ran';
const children: ChildProcess[] = [];

type Worker = { child: ChildProcess; said(): string; ended: Promise<number | null> };

/** The same start as in production: only with the environment of the web instance. */
const startWorker = async (stage: Stage): Promise<Worker> => {
  const env: NodeJS.ProcessEnv = {
    ...(await stage.app.run(() => process.env as Record<string, string>)),
    ...(await databaseEnv(stage.app)),
    CRON_SAYS,
  };
  delete env.NODE_CHANNEL_FD;
  const child = spawn(process.execPath, [...NODE_ARGUMENTS, COMMAND, 'worker'], {
    cwd: PLAYGROUND,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let said = '';
  child.stdout.on('data', (chunk) => (said += String(chunk)));
  child.stderr.on('data', (chunk) => (said += String(chunk)));
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  const deadline = Date.now() + PATIENCE;
  while (!said.includes('the worker is sending')) {
    if (child.exitCode !== null || Date.now() > deadline)
      throw new Error(`The worker did not come to send (exit code ${child.exitCode}).\n${said}`);
    await sleep(50);
  }
  return { child, said: () => said, ended };
};

const stop = ({ child, ended }: Worker): Promise<number | null> => {
  child.kill('SIGTERM');
  return ended;
};

jest.setTimeout(4 * PATIENCE);

describe.each(reachable('sqlite', 'postgres'))('on %s', (database) => {
  let stage: Stage;
  let worker: Worker;

  beforeAll(async () => {
    stage = await Stage.start({ database, config: { engine: { dispatch: false } } });
  });
  afterEach(() => stage?.clear());
  afterAll(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await stage?.stop();
  });

  it('sends what another process stores, listens nowhere, and gives back what it holds when it is ended', async () => {
    const webhook = await stage.makeWebhook();
    await stage.write(3);
    expect((await stage.health()).engine).toEqual({
      driver: 'database',
      isRunning: false,
      dispatch: false,
      isReachable: null,
    });
    expect(stage.calls()).toEqual([]);

    worker = await startWorker(stage);
    expect(await stage.finished(webhook)).toHaveLength(3);
    await stage.write(3);
    expect((await stage.finished(webhook)).map(({ state }) => state)).toEqual(
      Array(6).fill('delivered'),
    );
    expect(stage.calls()).toHaveLength(6);

    stage.receiver.on('/hook').answer('hang', 200);
    await stage.write(1);
    await stage.receiver.waitFor(7);
    expect(await stop(worker)).toBe(0);
    const last = (await stage.deliveries(webhook)).at(-1)!;
    expect([last.state, last.attemptCount]).toEqual(['pending', 0]);

    worker = await startWorker(stage);
    await stage.finished(webhook);
    expect(await stop(worker)).toBe(0);
    // Strapi says where it listens, and that a port is taken: this one listens nowhere.
    expect(worker.said()).not.toMatch(/error|EADDRINUSE|http:\/\//i);
  });

  it('takes the steps of schedules, which a process that only stores does not, and leaves cron tasks to others', async () => {
    const documentId = await stage.app.run(async (strapi) => {
      const document = await strapi
        .documents('api::page.page')
        .create({ data: { title: 'Scheduled' } });
      return document.documentId as string;
    });
    // Far enough ahead that a busy machine answers the request before.
    const publishAt = new Date(Date.now() + 5000).toISOString();
    await stage.api('POST', '/schedules', { uid: 'api::page.page', documentId, publishAt });
    await sleep(7000);
    const stateOf = async () =>
      (await stage.api('GET', `/schedules?documentId=${documentId}`))[0].state;
    expect(await stateOf()).toBe('scheduled');
    worker = await startWorker(stage);
    // Strapi starts its tasks while it loads: what is said later than that is a task that still runs.
    const saidAtStart = worker.said().length;
    await until(stateOf, (state) => state === 'done');
    await sleep(1500);
    expect(worker.said().slice(saidAtStart)).not.toContain(CRON_SAYS);
    expect(await stop(worker)).toBe(0);
  });
});

describe('the command', () => {
  const run = (args: string[], cwd = PLAYGROUND) =>
    spawnSync(process.execPath, [COMMAND, ...args], { cwd, encoding: 'utf8' });

  it('says what it can do', () => {
    const { status, stdout } = run(['--help']);
    expect(status).toBe(0);
    expect(stdout).toContain('strapi-workflow-webhooks worker');
  });

  it.each([
    [['wroker'], 'the command "wroker"'],
    [['worker', '--port'], 'the option "--port"'],
  ])('refuses %j, and says what it can do', (args, named) => {
    const { status, stderr } = run(args);
    expect(status).toBe(2);
    expect(stderr).toContain(named);
    expect(stderr).toContain('Usage:');
  });

  it('says where it must be run', async () => {
    const elsewhere = await mkdtemp(path.join(tmpdir(), 'workflow-webhooks-'));
    const { status, stderr } = run(['worker'], elsewhere);
    await rm(elsewhere, { recursive: true });
    expect(status).toBe(1);
    expect(stderr).toContain('Run this in the folder of your Strapi project');
  });
});
