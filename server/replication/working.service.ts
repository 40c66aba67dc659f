/** The runs of jobs that this instance works at, each from its start to its end in the book. */
import { sentence } from '../contract/sentences';
import type { Core } from '@strapi/strapi';
import type { RunProgress, TransferGroup } from '../contract/replication';
import { isLiteral } from '../send/http/address';
import type { PeerGuard } from '../send/http/guard.service';
import type { Secrets } from '../store/secrets/secrets.service';
import type { JobRow } from './job-record';
import { keepAlive } from './keeping.service';
import type { Order } from './order';
import type { Ending } from './run';
import { LEASE_MS, type Runs } from './runs.service';
import type { StartWorker, Worker } from './worker.service';

type Options = {
  strapi: Core.Strapi;
  runs: Runs;
  mine: Set<string>;
  secrets: Secrets;
  guard: PeerGuard;
  startWorker: StartWorker;
};

const UNREADABLE = sentence('replication-token-unreadable');
const UNKNOWN = sentence('replication-host-unknown');
const STOPPED = sentence('replication-stopped');
const LOST = sentence('replication-over');
const BROKEN = sentence('replication-not-started');
const AGAIN_MS = 1_000;

const BEGINNING: RunProgress = { stage: 'start', count: 0 };
const failed = (error: string): Ending => ({ state: 'failed', error });
const groups = (json: string) => JSON.parse(json) as TransferGroup[];

/** One run under way. It may be given up before it has a process. */
const createHand = () => {
  let worker: Worker | null = null;
  let givenUp: { reason?: string } | null = null;
  return {
    take: (started: Worker): Worker => {
      worker = started;
      if (givenUp) worker.cancel(givenUp.reason);
      return worker;
    },
    progress: () => worker?.progress() ?? BEGINNING,
    cancel: (reason?: string) => {
      givenUp = reason === undefined ? {} : { reason };
      worker?.cancel(reason);
    },
  };
};
type Hand = ReturnType<typeof createHand>;

export const createWork = (options: Options) => {
  const { strapi, runs, mine, secrets, guard, startWorker } = options;
  const underWay = new Map<Hand, Promise<void>>();

  const orderOf = async (row: JobRow): Promise<Order | string> => {
    const { destination, only, exclude } = row;
    const token = secrets.decrypt(row.token);
    if (token === null) return UNREADABLE;
    const peer = await guard(destination);
    if (peer.kind === 'refused') return peer.message;
    const { addresses } = peer;
    if (addresses.length === 0 && !isLiteral(new URL(destination).hostname)) return UNKNOWN;
    return { destination, token, only: groups(only), exclude: groups(exclude), addresses };
  };

  const perform = async (row: JobRow, hand: Hand): Promise<Ending> => {
    const order = await orderOf(row);
    if (typeof order === 'string') return failed(order);
    return hand.take(await startWorker(order)).ending;
  };

  const broken = (error: Error): Ending => {
    strapi.log.error(`workflow-webhooks: a replication did not start: ${error.stack}`);
    return failed(BROKEN);
  };

  /** A database that is away for a moment must not make a failure of what was done. */
  const record = async (runId: string, ending: Ending, hand: Hand): Promise<void> => {
    const deadline = performance.now() + LEASE_MS;
    for (;;) {
      try {
        await runs.end(runId, ending, hand.progress());
        return;
      } catch (error) {
        strapi.log.warn(
          `workflow-webhooks: the end of a replication could not be stored: ${(error as Error).message}`,
        );
        if (performance.now() > deadline) return;
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      }
    }
  };

  const work = async (runId: string, row: JobRow, hand: Hand): Promise<void> => {
    const stop = keepAlive({
      ...{ runs, runId, mine },
      progress: hand.progress,
      onCancel: () => hand.cancel(),
      onLost: () => hand.cancel(LOST),
    });
    await record(runId, await perform(row, hand).catch(broken), hand);
    stop();
  };

  return {
    /** Returns at once. */
    begin: (runId: string, row: JobRow): void => {
      const hand = createHand();
      const done = work(runId, row, hand).finally(() => underWay.delete(hand));
      underWay.set(hand, done);
    },
    /** Gives up what is under way, and waits until it is in the book. */
    stop: async (): Promise<void> => {
      for (const hand of underWay.keys()) hand.cancel(STOPPED);
      await Promise.all(underWay.values());
    },
  };
};

export type Work = ReturnType<typeof createWork>;
