/**
 * Takes CPU profiles inside a running Strapi: of its main thread and of each worker thread. The inspector is used because
 * Node 20 accepts no `--cpu-prof` in NODE_OPTIONS, and because two phases of one process have a profile each.
 */
import type { App } from '../tests/support/strapi';

type CallFrame = { functionName: string; url: string; lineNumber: number; columnNumber: number };
export type ProfileNode = { id: number; callFrame: CallFrame; children?: number[] };
/** As the inspector returns it: the node of each sample, and the microseconds since the sample before. */
export type CpuProfile = { nodes: ProfileNode[]; samples: number[]; timeDeltas: number[] };
export type ThreadProfile = { thread: string; profile: CpuProfile };

/** Runs inside Strapi. */
const start = async (_: unknown, interval: number): Promise<void> => {
  const { Session } = require('node:inspector');
  const session = new Session();
  session.connect();
  const post = (method: string, params?: object): Promise<any> =>
    new Promise((resolve, reject) =>
      session.post(method, params, (error: unknown, result: unknown) =>
        error ? reject(error) : resolve(result),
      ),
    );
  const answers = new Map<number, (result: any) => void>();
  let lastId = 0;
  const postTo = (sessionId: string, method: string, params?: object): Promise<any> =>
    new Promise((resolve, reject) => {
      const id = ++lastId;
      answers.set(id, resolve);
      const message = JSON.stringify({ id, method, params });
      post('NodeWorker.sendMessageToWorker', { sessionId, message }).catch(reject);
    });
  const startOf = async (send: (method: string, params?: object) => Promise<any>) => {
    await send('Profiler.enable');
    await send('Profiler.setSamplingInterval', { interval });
    await send('Profiler.start');
  };

  const workers = new Map<string, string>();
  session.on('NodeWorker.receivedMessageFromWorker', ({ params }: any) => {
    const { id, result } = JSON.parse(params.message);
    if (id) answers.get(id)?.(result);
  });
  session.on('NodeWorker.attachedToWorker', ({ params }: any) => {
    workers.set(params.sessionId, params.workerInfo.title);
    startOf((method, more) => postTo(params.sessionId, method, more)).catch(() => undefined);
  });
  session.on('NodeWorker.detachedFromWorker', ({ params }: any) =>
    workers.delete(params.sessionId),
  );
  await post('NodeWorker.enable', { waitForDebuggerOnStart: false });
  await startOf(post);

  (globalThis as any).stopBenchProfile = async (): Promise<ThreadProfile[]> => {
    const { profile } = await post('Profiler.stop');
    const profiles = [{ thread: 'main thread', profile }];
    for (const [sessionId, title] of workers) {
      const stopped = await postTo(sessionId, 'Profiler.stop');
      if (stopped?.profile) profiles.push({ thread: title, profile: stopped.profile });
    }
    session.disconnect();
    return profiles;
  };
};

/** Runs inside Strapi. */
const stop = (): Promise<ThreadProfile[]> => (globalThis as any).stopBenchProfile();

const INTERVAL_US = 500;

/** Profiles the app during `work`. A worker thread that ends meanwhile is missing. */
export async function profiled(app: App, work: () => Promise<unknown>): Promise<ThreadProfile[]> {
  await app.run(start, INTERVAL_US);
  await work();
  return app.run(stop);
}
