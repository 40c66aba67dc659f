/** The threads of a Strapi under test: how many it started, and a way to end one as a crash would. */
import path from 'node:path';
import type { App } from './strapi';

/** The environment to start Strapi with. */
export const THREADS_ENV = {
  NODE_OPTIONS: `--require ${path.join(__dirname, 'threads-preload.js')}`,
};

/** How many sending threads the Strapi has started until now. */
export function threadsStarted(app: App): Promise<number> {
  return app.run(() => (globalThis as any).startedThreads.length);
}

/** Ends the latest sending thread. Returns false if none runs. */
export function killThread(app: App): Promise<boolean> {
  return app.run(async () => {
    const latest = (globalThis as any).startedThreads.at(-1);
    if (!latest || latest.threadId < 0) return false;
    await latest.terminate();
    return true;
  });
}
