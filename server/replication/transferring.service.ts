/**
 * Runs one transfer with Strapi's own engine, inside the worker process: the engine turns off the database's lifecycles
 * while it runs, and a transfer that fails badly takes its process with it.
 */
import dns, { type LookupAddress } from 'node:dns';
import type { Core } from '@strapi/strapi';
import type { RunProgress, RunStage } from '../contract/replication';
import { loadLibrary, type StageNews, type TransferLibrary } from '../strapi/transfer.service';
import { BEGINNING } from './job';
import { countProvider, createTally, type Tally } from './tally';
import {
  BROKE_OFF,
  failureMessage,
  restoreOf,
  transformsOf,
  type TransferOrder,
  type TransferReport,
} from './transfer';

const REPORT_MS = 500;
/** WebSocket closing codes of an end that both sides wanted. */
const ORDERLY = [1000, 1005];

type Options = { strapi: Core.Strapi; engines: WeakSet<object> };
type Caller = { report(report: TransferReport): unknown; signal: AbortSignal };

/** The returned function never rejects. */
export function createTransferring(options: Options) {
  return async (order: TransferOrder, { report, signal }: Caller): Promise<TransferReport> => {
    const tally = createTally();
    if (order.addresses.length > 0) pinHost(new URL(order.destination).hostname, order.addresses);
    const { engine, lost } = engineOf(order, tally, options);
    const progress = followProgress(engine, report);
    abortOn(signal, engine);
    try {
      await Promise.race([engine.transfer(), lost]);
      return { kind: 'completed', tallied: tally.result(), progress: progress() };
    } catch (error) {
      return { kind: 'failed', error: failureMessage(error), progress: progress() };
    }
  };
}

type TransferEngine = ReturnType<TransferLibrary['engine']['createTransferEngine']>;

function engineOf(order: TransferOrder, tally: Tally, { strapi, engines }: Options) {
  const library = loadLibrary();
  const { providers, isIgnoredOfficialTransferType: isIgnored } = library.strapi;
  const source = providers.createLocalStrapiSourceProvider({
    getStrapi: () => strapi,
    autoDestroy: false,
  });
  const types = {
    all: Object.keys(strapi.contentTypes),
    isIgnored,
    ignored: library.strapi.getIgnoredOfficialTransferTypes(),
  };
  const destination = providers.createRemoteStrapiDestinationProvider({
    url: new URL(order.destination),
    auth: { type: 'token', token: order.token },
    strategy: 'restore',
    restore: restoreOf(order, types),
    verifyChecksums: true,
  });
  // Events report it as a run of its job, and not as a transfer from the command line.
  engines.add(source).add(destination);
  countProvider(destination, tally);
  const lost = whenLost(destination);
  const engine = library.engine.createTransferEngine(source, destination, {
    versionStrategy: 'exact',
    schemaStrategy: 'strict',
    only: order.only,
    exclude: order.exclude,
    transforms: transformsOf(isIgnored),
  });
  return { engine, lost };
}

type Socket = { once(event: 'close', listener: (code: number) => void): void };
type Remote = { ws?: Socket; bootstrap(...args: unknown[]): Promise<unknown> };

/** Rejects when the connection is lost. The engine itself would wait half a minute for an answer. */
function whenLost(destination: object): Promise<never> {
  const remote = destination as Remote;
  const bootstrap = remote.bootstrap.bind(remote);
  return new Promise((_resolve, reject) => {
    remote.bootstrap = async (...args) => {
      const result = await bootstrap(...args);
      remote.ws?.once('close', (code) => {
        if (!ORDERLY.includes(code)) reject(new Error(BROKE_OFF));
      });
      return result;
    };
  });
}

/** Returns a function that returns the current progress. */
function followProgress(engine: TransferEngine, report: Caller['report']): () => RunProgress {
  let progress = BEGINNING;
  let reportedAt = 0;
  const onStage = ({ stage, data }: StageNews<RunStage>) => {
    const isNew = stage !== progress.stage;
    progress = { stage, count: data[stage]?.count ?? 0 };
    if (!isNew && performance.now() - reportedAt < REPORT_MS) return;
    reportedAt = performance.now();
    report({ kind: 'progress', progress });
  };
  for (const event of ['start', 'progress', 'finish'])
    engine.progress.stream.on(`stage::${event}`, onStage);
  return () => progress;
}

/** The engine aborts the stage that streams; a stage that streams later is aborted when it starts. */
function abortOn(signal: AbortSignal, engine: TransferEngine): void {
  const abort = () => void engine.abortTransfer().catch(() => undefined);
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort);
}

type Callback = (error: Error | null, address?: string | LookupAddress[], family?: number) => void;

/**
 * Connects a host only to addresses that were checked before: its name may resolve to another address meanwhile. Node's
 * connections call `dns.lookup` as it then is.
 */
function pinHost(host: string, addresses: readonly LookupAddress[]): void {
  const real = dns.lookup;
  const pinned = (hostname: string, options: unknown, callback?: Callback): void => {
    if (hostname !== host) return void Reflect.apply(real, dns, [hostname, options, callback]);
    const done = (callback ?? options) as Callback;
    const wantsAll = typeof options === 'object' && (options as { all?: boolean }).all;
    const [first] = addresses;
    process.nextTick(() =>
      wantsAll ? done(null, [...addresses]) : done(null, first?.address, first?.family),
    );
  };
  Object.assign(dns, { lookup: pinned });
}
