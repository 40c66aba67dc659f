/** Sends what is due: performs the scheduler's actions, and reports to it what happened. Decides nothing itself. */
import { AsyncResource } from 'node:async_hooks';
import { setMaxListeners } from 'node:events';
import type { Handover } from '../capture/recorder.service';
import type { Config } from '../config/index';
import type { ActiveWebhook } from '../match/active.service';
import type { Outbox } from '../store/outbox/outbox.service';
import type { Clock } from '../strapi/clock.service';
import { attemptDelivery, random, type Attempter } from './attempt.service';
import { jobOfHandover, type Leases } from './claims.service';
import { due, newState, rung, type Action, type Happened, type Healths } from './dispatch-state';
import type { Engine } from './engines/database.service';
import { createAttemptQueue, type RecordAttempts } from './record.service';
import { mayHandOver, schedule } from './scheduler';

/** How often the dispatcher asks whether webhooks changed (ms): so soon does a change of another instance take effect. */
const TICK_MS = 400;
/** How long a stop waits for requests under way (ms) before it aborts them. */
const GRACE_MS = 5000;
/** Slots of requests that timed out together are freed within this time (ms), each at a random moment of it. */
const SPREAD_MS = 1000;

export type DispatcherOptions = {
  config: Config['delivery'];
  outbox: Outbox;
  attempt: Attempter;
  clock: Clock;
  recordAttempts: RecordAttempts;
  engine: Engine;
  /** Requests that leave in one turn of the event loop. */
  perTurn: number;
  leases: Leases;
  /** Resolves when no request to Strapi is under way, and soon in any case: they go first. */
  quiet(): Promise<void>;
  /** The enabled webhooks of now: the same list until one of them changes. */
  readWebhooks(): Promise<readonly ActiveWebhook[]>;
  readHealths(): Promise<Healths>;
  onError(error: unknown): void;
};

type ActionOf<Kind extends Action['kind']> = Extract<Action, { kind: Kind }>;
type QueryKind = 'read' | 'claim' | 'look' | 'findFollowers' | 'giveBack';

export class Dispatcher implements Handover {
  // A wake-up comes from inside an editor's request. Without this, everything sent from here on would belong to that
  // request's async context, and with it to its transaction and its commit callbacks.
  private readonly outside = new AsyncResource('workflow-webhooks.dispatcher');
  private readonly state;
  private readonly alarms;
  private readonly recording;
  private readonly attempts = new Set<Promise<void>>();
  private readonly queries = new Set<Promise<void>>();
  private readonly aborter = new AbortController();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: DispatcherOptions) {
    const { config, engine, clock, perTurn } = options;
    // Node warns of the eleventh listener, and every attempt under way listens to the abort.
    setMaxListeners(0, this.aborter.signal);
    const { driver, limits, lookEvery, mayHandOver } = engine;
    const claimsFollowers = driver === 'database';
    this.state = newState({ ...config, limits, lookEvery, mayHandOver, perTurn, claimsFollowers });
    this.alarms = createAlarms({
      now: clock.now,
      ring: (rings, webhookId) => this.happened(rung(rings, webhookId)),
    });
    this.recording = createAttemptQueue({
      ...options,
      onRecorded: (recorded) => this.happened({ kind: 'recorded', ...recorded }),
    });
  }

  isRunning = () => this.state.mode === 'running';
  inFlight = () => this.attempts.size;

  start = (): Promise<void> => this.outside.runInAsyncScope(this.begin, this);

  /** Something may be due, for these webhooks or for any. Notifies the other processes too. Returns at once. */
  wake = (webhookIds?: readonly string[]): void => this.soon(due(webhookIds, 'here'));

  /** The engine notifies this process alone. */
  onAnnounced = (webhookIds?: readonly string[]): void => this.soon(due(webhookIds, 'others'));

  claimFor = (webhookId: string, promised: number) =>
    mayHandOver(this.state, { webhookId, promised }, this.options.clock.now())
      ? this.options.leases.newClaim()
      : null;

  stored: Handover['stored'] = ({ handed, waiting }) =>
    this.soon({ kind: 'stored', handed: handed.map(jobOfHandover), waiting });

  /** Gives back what was not sent, waits for what is under way, records everything. Uses up no attempt. */
  stop = async (): Promise<void> => {
    if (!this.isRunning()) return;
    clearInterval(this.timer);
    this.alarms.clear();
    this.happened({ kind: 'stop' });
    while (this.queries.size > 0) await Promise.all(this.queries);
    const timer = setTimeout(() => this.aborter.abort(), GRACE_MS);
    await Promise.all(this.attempts);
    clearTimeout(timer);
    await this.recording.drain();
    this.options.leases.stop();
    this.happened({ kind: 'stopped' });
  };

  private async begin() {
    this.options.leases.start();
    const tick = () => this.happened({ kind: 'tick', at: performance.now() });
    this.timer = setInterval(tick, TICK_MS);
    this.happened({ kind: 'start' });
    // The first read. If it fails, the next tick reads again: the dispatcher runs, and callers rely on that.
    await Promise.all(this.queries);
    this.wake();
  }

  /** An editor's request does not wait for what follows. */
  private soon(happened: Happened) {
    setImmediate(() => this.happened(happened));
  }

  private happened(happened: Happened) {
    this.outside.runInAsyncScope(() => {
      const actions = schedule(this.state, happened, this.options.clock.now());
      for (const action of actions) this.perform(action);
    });
  }

  private perform(action: Action): void {
    const { engine, leases } = this.options;
    switch (action.kind) {
      case 'announce':
        return engine.announce(action.webhookIds);
      case 'read':
      case 'claim':
      case 'look':
        return this.follow(this.query(action), { kind: 'failed', what: action.kind });
      case 'findFollowers':
      case 'giveBack':
        return this.follow(this.query(action));
      case 'hold':
        return leases.hold(action.rows);
      case 'drop':
        return engine.drop(action.webhookId);
      case 'alarm':
        return this.alarms.set(action.rings, action);
      case 'awaitTurn':
        return this.soon({ kind: 'turn' });
      case 'send':
        return this.follow(this.send(action), { kind: 'unsent', job: action.job }, this.attempts);
      case 'record':
        return this.recording.push(action.post, action.isUrgent);
      case 'freeSlotLater': {
        const free = () => this.happened({ kind: 'slotFree', job: action.job });
        setTimeout(free, random() * SPREAD_MS).unref();
      }
    }
  }

  /** Waits for the work, and reports its result to the scheduler. */
  private follow(work: Promise<Happened | null>, failed?: Happened, among = this.queries) {
    const { onError } = this.options;
    const followed = work
      .catch((error) => (onError(error), failed))
      .then((happened) => {
        among.delete(followed);
        if (happened) this.happened(happened);
      })
      .catch(onError);
    among.add(followed);
  }

  private async query(action: ActionOf<QueryKind>): Promise<Happened | null> {
    const { outbox, clock, engine, leases } = this.options;
    switch (action.kind) {
      case 'read': {
        const webhooks = await this.options.readWebhooks();
        return { kind: 'read', webhooks, healths: await this.options.readHealths() };
      }
      case 'claim': {
        const { lane, slots } = action;
        if (!lane.isOrdered && !lane.isFollowed) await this.options.quiet();
        return { kind: 'claimed', filled: await engine.fill(lane, slots) };
      }
      case 'look':
        return { kind: 'looked', due: await outbox.dueWebhooks(clock.now()) };
      case 'findFollowers': {
        const { firsts } = action;
        return { kind: 'followed', firsts, webhookIds: await outbox.followed(firsts) };
      }
      case 'giveBack': {
        const { rows, announce } = action;
        await leases.release(rows).finally(() => engine.free(rows));
        return announce ? due([...new Set(rows.map((row) => row.webhook_id))], 'here') : null;
      }
    }
  }

  private async send({ job, webhook }: ActionOf<'send'>): Promise<Happened> {
    const { attempt, config, clock, leases, engine } = this.options;
    const { signal } = this.aborter;
    const context = { attempt, webhook, schedule: config.schedule, signal, now: clock.now };
    const rows = [job.row];
    try {
      const { posted, ms } = await attemptDelivery(job, context);
      if (posted) return { kind: 'answered', post: { job, posted }, ms };
      await leases.release(rows);
    } catch (error) {
      // After a bug of ours its lease ends, and it is claimed again. Held, it would wait unseen for ever.
      leases.letGo(job.row);
      throw error;
    } finally {
      engine.free(rows);
    }
    return { kind: 'unsent', job };
  }
}

/** The longest that a Node timer can wait (ms). A longer alarm rings early, and is set again. */
const LONGEST_MS = 2 ** 31 - 1;

type Rings = ActionOf<'alarm'>['rings'];
type AlarmOptions = { now(): number; ring(rings: Rings, webhookId: string): void };

/** Alarms of webhooks, one of each kind for each webhook: its next retry is due, or its receiver's pause is over. */
function createAlarms({ now, ring }: AlarmOptions) {
  const alarms = new Map<string, { at: number; timer: NodeJS.Timeout }>();

  return {
    /** Rings at `at` (ms), unless an earlier alarm of the same kind and webhook does. */
    set: (rings: Rings, { webhookId, at }: { webhookId: string; at: number }) => {
      const key = `${rings} ${webhookId}`;
      const known = alarms.get(key);
      if (known && known.at <= at) return;
      if (known) clearTimeout(known.timer);
      const wait = Math.min(Math.max(at - now(), 0), LONGEST_MS);
      const timer = setTimeout(() => {
        alarms.delete(key);
        ring(rings, webhookId);
      }, wait);
      alarms.set(key, { at, timer });
    },
    clear: () => {
      for (const { timer } of alarms.values()) clearTimeout(timer);
      alarms.clear();
    },
  };
}
