/**
 * Measures the CPU of a process that has nothing to do, with more and more webhooks, beside the same app without the plugin.
 * Both are measured at the same time: neither needs more than a small part of a core.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { startStrapi, type App, type DatabaseKind } from '../tests/support/strapi';
import { addWebhooks } from './in-strapi';
import type { BenchReceiver } from './receiver';

export type IdleOptions = {
  database: DatabaseKind;
  webhooks: readonly number[];
  rounds: number;
  /** Milliseconds of one round. */
  windowMs: number;
};
/** Percent of a core, a value for every round. */
export type IdleShares = { webhooks: number; plugin: number[]; without: number[] }[];

/** The work after a change of the webhooks must be done before the first round. */
const SETTLE_MS = 4000;

/** Runs inside Strapi. */
const shareOfCore = async (_: unknown, ms: number): Promise<number> => {
  const startedAt = performance.now();
  const before = process.cpuUsage();
  await new Promise((resolve) => setTimeout(resolve, ms));
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 10 / (performance.now() - startedAt);
};

async function measureBoth(apps: { plugin: App; without: App }, ms: number) {
  const [plugin, without] = await Promise.all([
    apps.plugin.run(shareOfCore, ms),
    apps.without.run(shareOfCore, ms),
  ]);
  return { plugin, without };
}

export async function measureIdle(
  receiver: BenchReceiver,
  { database, webhooks, rounds, windowMs }: IdleOptions,
): Promise<IdleShares> {
  const env = receiver.trust;
  const plugin = await startStrapi({ database, env });
  const without = await startStrapi({
    database,
    env: { ...env, PLAYGROUND_WITHOUT_PLUGIN: '1' },
  }).catch(async (error) => (await plugin.stop(), Promise.reject(error)));
  const shares: IdleShares = [];
  try {
    let present = 0;
    for (const count of webhooks) {
      await addWebhooks(plugin, count - present, { url: receiver.url });
      present = count;
      await sleep(SETTLE_MS);
      const share: IdleShares[number] = { webhooks: count, plugin: [], without: [] };
      for (let round = 0; round < rounds; round += 1) {
        const both = await measureBoth({ plugin, without }, windowMs);
        share.plugin.push(both.plugin);
        share.without.push(both.without);
      }
      shares.push(share);
    }
    return shares;
  } finally {
    await plugin.stop();
    await without.stop();
  }
}
