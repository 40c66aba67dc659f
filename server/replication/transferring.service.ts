/**
 * One transfer to another Strapi, with Strapi's own engine, in a process of its own: the engine turns off the database's
 * lifecycles for as long as it runs, and a transfer that fails badly takes its process with it.
 */
import type { Core } from '@strapi/strapi';
import type { RunProgress, RunStage } from '../contract/replication';
import { loadLibrary, type Library } from './data-transfer.service';
import { BROKE_OFF, failureMessage } from './failure';
import type { Order, Said } from './order';
import { pinHost } from './pinning.service';
import { restoreOf, transformsOf } from './scope';
import { createTally, type Tally } from './tally';
import { tapProvider } from './tap.service';

const REPORT_MS = 500;
/** WebSocket closing codes of an end that both sides wanted. */
const ORDERLY = [1000, 1005];

type Socket = { once(event: 'close', listener: (code: number) => void): void };
type Remote = { ws?: Socket; bootstrap(...args: unknown[]): Promise<unknown> };

type Options = { strapi: Core.Strapi; engines: WeakSet<object> };
type Hearer = { report(said: Said): unknown; signal: AbortSignal };

/** Without it, the engine would wait half a minute for the answer to what it sent last. */
const whenLost = (destination: object): Promise<never> => {
  const remote = destination as Remote;
  const bootstrap = remote.bootstrap.bind(remote);
  return new Promise((_resolve, reject) => {
    remote.bootstrap = async (...args) => {
      const answer = await bootstrap(...args);
      remote.ws?.once('close', (code) => {
        if (!ORDERLY.includes(code)) reject(new Error(BROKE_OFF));
      });
      return answer;
    };
  });
};

export const createTransferring = ({ strapi, engines }: Options) => {
  const sourceOf = ({ strapi: { providers } }: Library) =>
    providers.createLocalStrapiSourceProvider({ getStrapi: () => strapi, autoDestroy: false });

  const destinationOf = ({ strapi: library }: Library, order: Order) => {
    const types = {
      all: Object.keys(strapi.contentTypes),
      isIgnored: library.isIgnoredOfficialTransferType,
      ignored: library.getIgnoredOfficialTransferTypes(),
    };
    return library.providers.createRemoteStrapiDestinationProvider({
      url: new URL(order.destination),
      auth: { type: 'token', token: order.token },
      strategy: 'restore',
      restore: restoreOf(order, types),
      verifyChecksums: true,
    });
  };

  const engineOf = (library: Library, order: Order, tally: Tally) => {
    const source = sourceOf(library);
    const destination = destinationOf(library, order);
    // It is told of as a run of its job, and not as a transfer that somebody typed.
    engines.add(source).add(destination);
    tapProvider(destination, tally);
    const lost = whenLost(destination);
    const engine = library.engine.createTransferEngine(source, destination, {
      versionStrategy: 'exact',
      schemaStrategy: 'strict',
      only: order.only,
      exclude: order.exclude,
      transforms: transformsOf(library.strapi.isIgnoredOfficialTransferType),
    });
    return { engine, lost };
  };

  const followed = (engine: ReturnType<typeof engineOf>['engine'], report: Hearer['report']) => {
    let progress: RunProgress = { stage: 'start', count: 0 };
    let reportedAt = 0;
    const hear = ({
      stage,
      data,
    }: {
      stage: RunStage;
      data: Record<string, { count: number }>;
    }) => {
      const isNew = stage !== progress.stage;
      progress = { stage, count: data[stage]?.count ?? 0 };
      if (!isNew && performance.now() - reportedAt < REPORT_MS) return;
      reportedAt = performance.now();
      report({ kind: 'progress', progress });
    };
    for (const what of ['start', 'progress', 'finish'])
      engine.progress.stream.on(`stage::${what}`, hear);
    return () => progress;
  };

  /** It aborts what streams just now; what does not stream yet is aborted when it begins to. */
  const abortable = (engine: { abortTransfer(): Promise<void> }, signal: AbortSignal) => {
    const abort = () => void engine.abortTransfer().catch(() => undefined);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort);
  };

  /** What came of it. Never rejects. */
  return async (order: Order, { report, signal }: Hearer): Promise<Said> => {
    const tally = createTally();
    if (order.addresses.length > 0) pinHost(new URL(order.destination).hostname, order.addresses);
    const { engine, lost } = engineOf(loadLibrary(), order, tally);
    const progress = followed(engine, report);
    abortable(engine, signal);
    try {
      await Promise.race([engine.transfer(), lost]);
      return { kind: 'completed', tallied: tally.result(), progress: progress() };
    } catch (error) {
      return { kind: 'failed', error: failureMessage(error), progress: progress() };
    }
  };
};
