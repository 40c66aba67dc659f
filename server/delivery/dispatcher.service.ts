/**
 * Sends what is due. Woken after a commit, by the time of a retry, or, as a backstop, by a poll. It decides nothing:
 * what an answer means is decided by `settle`, who may go next by `lane`.
 */
import { AsyncResource } from 'node:async_hooks';
import type { Config } from '../config/schema';
import type { ClaimClass, ClaimedRow } from '../outbox/claim.service';
import type { Outbox } from '../outbox/outbox.service';
import type { ActiveWebhook } from '../webhooks/active';
import { dice, recordOf, type Attempter } from './attempt.service';
import type { Bookkeeping, Posted } from './bookkeeping.service';
import type { Clock } from './clock.service';
import type { Job, Jobs } from './jobs.service';
import {
  isHungry,
  newLane,
  nextLane,
  roomIn,
  usualAfter,
  widthAgain,
  widthOf,
  type Lane,
} from './lane';
import { createLeases } from './leases.service';
import { settle } from './settle';
import { createSettleQueue } from './settle-queue.service';

/** How often the database is asked without a reason (ms): for what another instance stored, or a dead one left. */
const POLL_MS = 5000;
const LEASE_MARGIN = 10_000;
/** How long a shutdown waits for requests under way (ms) before it takes them back. */
const GRACE_MS = 5000;

export type DispatcherOptions = {
  config: Config['delivery'];
  outbox: Outbox;
  attempt: Attempter;
  jobs: Jobs;
  clock: Clock;
  bookkeeping: Bookkeeping;
  /** Enabled webhooks, fresh. */
  active(): Promise<readonly ActiveWebhook[]>;
  /** What is known of their health when sending starts. */
  healthOf(): Promise<Map<string, { health: { state: string }; parkedUntil: number }>>;
  log: { error(message: string): void };
};

export const createDispatcher = (options: DispatcherOptions) => {
  const { config, outbox, clock } = options;
  // A wake-up comes from inside an editor's request. Without this, everything sent from here on would
  // belong to that request's async context, and with it to its transaction and its commit callbacks.
  const outside = new AsyncResource('workflow-webhooks.dispatcher');
  const limits = { perWebhook: config.concurrencyPerWebhook };
  const lanes = new Map<string, Lane<Job>>();
  const webhooks = new Map<string, ActiveWebhook>();
  const underWay = new Set<Promise<void>>();
  const timers = new Map<string, { at: number; timer: NodeJS.Timeout }>();
  const aborter = new AbortController();
  let isRunning = false;
  let poller: NodeJS.Timeout | null = null;
  let pumping: Promise<void> | null = null;
  let isStale = false;

  const onError = (error: unknown) =>
    options.log.error(
      `workflow-webhooks: sending goes on after an error: ${error instanceof Error ? error.message : error}`,
    );

  const leases = createLeases({
    lease: config.timeout + LEASE_MARGIN,
    extend: outbox.extend,
    now: clock.now,
    onError,
  });

  const write = async (batch: Posted[]) => {
    for (const effect of await options.bookkeeping(batch)) {
      const lane = laneOf(effect.webhookId);
      if (!effect.failed) lane.isFailing = false;
      if (effect.notice?.kind === 'failing') lane.isFailing = true;
      if (effect.notice?.kind === 'disabled') webhooks.delete(effect.webhookId);
      if (effect.notice) isStale = true;
    }
    for (const { row, settlement } of batch) {
      leases.letGo(row);
      if (settlement.kind === 'again') wakeAt(row.webhook_id, settlement.at);
    }
    if (isStale) wake();
  };

  const posts = createSettleQueue<Posted>({ write, onError });

  const laneOf = (webhookId: string): Lane<Job> => {
    const known = lanes.get(webhookId) ?? newLane<Job>(webhookId);
    lanes.set(webhookId, known);
    return known;
  };

  const wakeAt = (webhookId: string, at: number) => {
    const known = timers.get(webhookId);
    if (known && known.at <= at) return;
    if (known) clearTimeout(known.timer);
    const ring = () => {
      timers.delete(webhookId);
      wake([webhookId]);
    };
    const wait = Math.min(Math.max(at - clock.now(), 0), 2 ** 31 - 1);
    timers.set(webhookId, { at, timer: setTimeout(ring, wait) });
  };

  const post = (job: Job, webhook: ActiveWebhook, tried: Awaited<ReturnType<Attempter>>) => {
    const { row } = job;
    const now = clock.now();
    const verdict = settle({
      outcome: tried.outcome,
      attemptCount: row.attempt_count,
      maxAttempts: webhook.maxAttempts,
      schedule: config.schedule,
      now,
      random: dice(),
    });
    const lane = laneOf(row.webhook_id);
    if (verdict.parkUntil !== null)
      lane.parkedUntil = Math.max(lane.parkedUntil, verdict.parkUntil);
    if (lane.parkedUntil > now) wakeAt(row.webhook_id, lane.parkedUntil);
    const attempt = recordOf(tried, { trigger: row.trigger, secrets: webhook.secretValues });
    posts.push({
      row,
      attempt,
      settlement: verdict.settlement,
      parkUntil: verdict.parkUntil,
      disable: verdict.disable,
    });
  };

  const giveBack = async (rows: ClaimedRow[]) => {
    if (rows.length === 0) return;
    await outbox.release(rows, clock.now());
    rows.forEach(leases.letGo);
  };

  const work = async (job: Job, lane: Lane<Job>) => {
    const webhook = webhooks.get(job.row.webhook_id);
    if (!webhook) return giveBack([job.row]);
    const tried = await options.attempt(webhook, job.letter, aborter.signal);
    if (tried.outcome.kind === 'failed' && tried.outcome.reason === 'aborted')
      return giveBack([job.row]);
    lane.usualMs = usualAfter(lane.usualMs, tried.outcome.ms);
    post(job, webhook, tried);
  };

  const isAgain = (job: Job) => (job.claimClass === 'again' ? 1 : 0);
  const total = () => underWay.size;

  const begin = (job: Job, lane: Lane<Job>) => {
    lane.inFlight += 1;
    lane.inFlightAgain += isAgain(job);
    const working = work(job, lane)
      .catch(onError)
      .finally(() => {
        lane.inFlight -= 1;
        lane.inFlightAgain -= isAgain(job);
        underWay.delete(working);
        launchAll();
        if (isHungry(lane, { ...limits, now: clock.now() })) pump();
      });
    underWay.add(working);
  };

  const mayBegin = (lane: Lane<Job>, job: Job) =>
    isRunning &&
    total() < config.concurrency &&
    lane.inFlight < widthOf(lane, limits) &&
    lane.parkedUntil <= clock.now() &&
    (job.claimClass === 'first' ||
      lane.inFlightAgain < widthAgain(lane, limits) ||
      lane.inFlight === lane.inFlightAgain);

  const launch = (lane: Lane<Job>) => {
    for (let job = lane.waiting[0]; job && mayBegin(lane, job); job = lane.waiting[0]) {
      lane.waiting.shift();
      begin(job, lane);
    }
  };

  const launchAll = () => {
    for (const lane of [...lanes.values()].sort((one, other) => one.inFlight - other.inFlight)) {
      if (lane.waiting.length > 0) launch(lane);
    }
  };

  const claim = async (lane: Lane<Job>, claimClass: ClaimClass, limit: number): Promise<number> => {
    const rows = await outbox.claim({
      ...leases.newClaim(),
      webhookId: lane.webhookId,
      claimClass,
      limit,
      now: clock.now(),
    });
    leases.hold(rows);
    lane.waiting.push(...(await options.jobs(rows, claimClass)));
    return rows.length;
  };

  /** Later retries of the same webhook than the one that the timer was set for. */
  const wakeWhenDue = async (webhookId: string) => {
    const due = await outbox.nextDue(webhookId);
    if (due !== null && due > clock.now()) wakeAt(webhookId, due);
  };

  const fill = async (lane: Lane<Job>) => {
    const room = roomIn(lane, limits);
    if (lane.mayHaveFirst) {
      lane.mayHaveFirst = false;
      if ((await claim(lane, 'first', room)) === room) lane.mayHaveFirst = true;
    }
    const left = Math.min(roomIn(lane, limits), widthAgain(lane, limits));
    if (lane.mayHaveAgain && left > 0) {
      lane.mayHaveAgain = false;
      if ((await claim(lane, 'again', left)) === left) lane.mayHaveAgain = true;
      else await wakeWhenDue(lane.webhookId);
    }
    launch(lane);
  };

  const refresh = async () => {
    isStale = false;
    webhooks.clear();
    for (const webhook of await options.active()) webhooks.set(webhook.id, webhook);
    for (const [webhookId, lane] of lanes) {
      if (!webhooks.has(webhookId) && lane.inFlight === 0 && lane.waiting.length === 0)
        lanes.delete(webhookId);
    }
  };

  const fillLanes = async () => {
    for (;;) {
      if (isStale) await refresh();
      const candidates = [...lanes.values()].filter((lane) => webhooks.has(lane.webhookId));
      const lane = isRunning ? nextLane(candidates, { ...limits, now: clock.now() }) : null;
      if (!lane || total() >= config.concurrency) return;
      await fill(lane);
    }
  };

  /** One at a time. A wake-up that comes in the meantime is seen by the loop that runs. */
  const pump = () => {
    pumping ??= fillLanes()
      .catch(onError)
      .finally(() => {
        pumping = null;
      });
  };

  const wakeInside = (webhookIds?: readonly string[]) => {
    if (!isRunning) return;
    if (!webhookIds) isStale = true;
    for (const webhookId of webhookIds ?? webhooks.keys()) {
      const lane = laneOf(webhookId);
      lane.mayHaveFirst = true;
      lane.mayHaveAgain = true;
      if (!webhooks.has(webhookId)) isStale = true;
    }
    launchAll();
    pump();
  };

  /** Says that there may be something to send: to these webhooks, or to any. Returns at once. */
  const wake = (webhookIds?: readonly string[]) => {
    setImmediate(() => outside.runInAsyncScope(wakeInside, undefined, webhookIds));
  };

  const poll = async () => {
    await refresh();
    wakeInside();
  };

  const recall = async () => {
    for (const [webhookId, { health, parkedUntil }] of await options.healthOf()) {
      const lane = laneOf(webhookId);
      lane.isFailing = health.state === 'failing';
      lane.parkedUntil = parkedUntil;
    }
  };

  const start = async () => {
    isRunning = true;
    leases.start();
    poller = setInterval(() => outside.runInAsyncScope(() => poll().catch(onError)), POLL_MS);
    await recall();
    await poll();
  };

  const abortAfterGrace = () => {
    const timer = setTimeout(() => aborter.abort(), GRACE_MS);
    return Promise.all(underWay).finally(() => clearTimeout(timer));
  };

  /** Takes back what was not sent, waits for what is under way, records everything. Burns no attempt. */
  const stop = async () => {
    if (!isRunning) return;
    isRunning = false;
    if (poller) clearInterval(poller);
    for (const { timer } of timers.values()) clearTimeout(timer);
    await pumping;
    await giveBack(
      [...lanes.values()].flatMap((lane) => lane.waiting.splice(0).map(({ row }) => row)),
    ).catch(onError);
    await abortAfterGrace();
    await posts.drain();
    leases.stop();
  };

  const inFlight = () => total();

  return {
    start: () => outside.runInAsyncScope(start),
    stop,
    wake,
    inFlight,
    isRunning: () => isRunning,
  };
};

export type Dispatcher = ReturnType<typeof createDispatcher>;
