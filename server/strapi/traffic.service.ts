/** The requests that Strapi is answering, so that work without hurry can let them go first. */
import type { Server } from 'node:http';

/** If the latest request is older (ms), it waits for something other than this process, and nothing waits for it. */
const SHORT_MS = 25;

export type Traffic = {
  /** Resolves when no short request is under way, after 25 ms at the latest. */
  quiet(): Promise<void>;
};

/** Breaks if Strapi handles requests other than by the `request` event of its server: then nothing waits. */
export function createTraffic(server: Pick<Server, 'on'>): Traffic {
  const waiting = new Set<() => void>();
  let open = 0;
  let latest = 0;

  server.on('request', (_request, response) => {
    open += 1;
    latest = performance.now();
    response.once('close', () => {
      open -= 1;
      if (open === 0) for (const go of waiting) go();
    });
  });

  return {
    quiet: async () => {
      const left = latest + SHORT_MS - performance.now();
      if (open === 0 || left <= 0) return;
      await new Promise<void>((resolve) => {
        const go = () => {
          waiting.delete(go);
          clearTimeout(timer);
          resolve();
        };
        const timer = setTimeout(go, left);
        waiting.add(go);
      });
    },
  };
}
