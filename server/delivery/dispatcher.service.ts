/**
 * Sends what is due. Woken after a commit, by a retry's alarm, or, as a backstop, by a poll. It decides nothing: what
 * an answer means is decided by `settle`, who may go next by `lane`.
 */
import { AsyncResource } from 'node:async_hooks';
import type { Config } from '../config/schema';
import type { Handover } from '../capture/recorder.service';
import type { Handed } from '../outbox/add.service';
import type { ClaimedRow } from '../outbox/claim.service';
import type { Outbox } from '../outbox/outbox.service';
import type { ActiveWebhook } from '../webhooks/active';
import { createAlarms } from './alarms.service';
import type { Attempter } from './attempt.service';
import type { Bookkeeping, Effect, Posted } from './bookkeeping.service';
import { createClaiming } from './claiming.service';
import type { Clock } from './clock.service';
import type { Job, Jobs } from './jobs.service';
import {
  isAgain,
  isHungry,
  newLane,
  nextLane,
  roomIn,
  takeNext,
  usualAfter,
  type Lane,
} from './lane';
import { createLeases } from './leases.service';
import { createSending } from './sending.service';
import { createSettleQueue } from './settle-queue.service';

/** How often the database is asked without a reason (ms): for what another instance stored, or a dead one left. */
const POLL_MS = 5000;
const LEASE_MARGIN_MS = 10_000;
/** How long a stop waits for requests under way (ms) before it takes them back. */
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
  /** What is known of their health and their receivers' pauses. */
  healthOf(): Promise<Map<string, { health: { state: string }; parkedUntil: number }>>;
  log: { error(message: string): void };
};

type News = Parameters<Handover['stored']>[0];

export class Dispatcher implements Handover {
  // A wake-up comes from inside an editor's request. Without this, everything sent from here on would belong to
  // that request's async context, and with it to its transaction and its commit callbacks.
  private readonly outside = new AsyncResource('workflow-webhooks.dispatcher');
  private readonly limits;
  private readonly lanes = new Map<string, Lane<Job>>();
  private readonly webhooks = new Map<string, ActiveWebhook>();
  private readonly underWay = new Set<Promise<void>>();
  private readonly aborter = new AbortController();
  private readonly alarms;
  private readonly leases;
  private readonly posts;
  private readonly fill;
  private readonly send;
  private running = false;
  private poller: NodeJS.Timeout | undefined;
  private pumping: Promise<void> | null = null;
  /** Whether webhooks may have changed since they were last read. */
  private isStale = true;

  constructor(private readonly options: DispatcherOptions) {
    const { config, outbox, jobs, attempt, clock } = options;
    const { now } = clock;
    this.limits = { perWebhook: config.concurrencyPerWebhook };
    this.alarms = createAlarms({ now, ring: (webhookId) => this.wake([webhookId]) });
    this.leases = createLeases({
      lease: config.timeout + LEASE_MARGIN_MS,
      extend: outbox.extend,
      now,
      onError: this.onError,
    });
    this.posts = createSettleQueue<Posted>({
      write: (batch) => this.write(batch),
      onError: this.onError,
    });
    this.fill = createClaiming({ outbox, jobs, leases: this.leases, limits: this.limits, now });
    this.send = createSending({ attempt, schedule: config.schedule, now });
  }

  isRunning = () => this.running;
  inFlight = () => this.underWay.size;

  start = (): Promise<void> => this.outside.runInAsyncScope(this.begin, this);

  /** Says that there may be something to send: to these webhooks, or to any. Returns at once. */
  wake = (webhookIds?: readonly string[]): void => {
    setImmediate(() => this.outside.runInAsyncScope(this.look, this, webhookIds));
  };

  /** Only where it would be next: behind others that wait in the database, it waits its turn there. */
  claimFor = (webhookId: string): { claimId: string; leaseUntil: number } | null => {
    const lane = this.lanes.get(webhookId);
    const isFree =
      this.running &&
      this.webhooks.has(webhookId) &&
      lane !== undefined &&
      !lane.isFailing &&
      !lane.mayHaveFirst &&
      lane.parkedUntil <= this.options.clock.now() &&
      roomIn(lane, this.limits) > 0;
    return isFree ? this.leases.newClaim() : null;
  };

  stored = (news: News): void => {
    setImmediate(() => this.outside.runInAsyncScope(this.receive, this, news));
  };

  /** Takes back what was not sent, waits for what is under way, records everything. Burns no attempt. */
  stop = async (): Promise<void> => {
    if (!this.running) return;
    this.running = false;
    clearInterval(this.poller);
    this.alarms.clear();
    await this.pumping;
    const waiting = [...this.lanes.values()].flatMap((lane) => lane.waiting.splice(0));
    await this.giveBack(waiting.map(({ row }) => row)).catch(this.onError);
    await this.waitForUnderWay();
    await this.posts.drain();
    this.leases.stop();
  };

  private onError = (error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    this.options.log.error(`workflow-webhooks: sending goes on after an error: ${message}`);
  };

  private async begin() {
    this.running = true;
    this.leases.start();
    this.poller = setInterval(() => this.wake(), POLL_MS);
    await this.refresh();
    this.wake();
  }

  private waitForUnderWay() {
    const timer = setTimeout(() => this.aborter.abort(), GRACE_MS);
    return Promise.all(this.underWay).finally(() => clearTimeout(timer));
  }

  private laneOf(webhookId: string): Lane<Job> {
    const lane = this.lanes.get(webhookId) ?? newLane<Job>(webhookId);
    this.lanes.set(webhookId, lane);
    return lane;
  }

  private look(webhookIds?: readonly string[]) {
    if (!this.running) return;
    const known = webhookIds ?? [...this.webhooks.keys()];
    this.isStale ||=
      webhookIds === undefined || known.some((webhookId) => !this.webhooks.has(webhookId));
    for (const webhookId of known) this.raise(this.laneOf(webhookId));
    this.launchAll();
    this.pump();
  }

  private receive({ handed, waiting }: News) {
    this.receiveHanded(handed).catch(this.onError);
    if (!this.running) return;
    for (const webhookId of waiting) {
      this.isStale ||= !this.webhooks.has(webhookId);
      this.laneOf(webhookId).mayHaveFirst = true;
    }
    if (waiting.length > 0) this.pump();
  }

  /** A commit that came late may find its lease nearly over, or the dispatcher stopping: then it is as any other. */
  private async receiveHanded(handed: Handed[]) {
    const needed = this.options.clock.now() + this.options.config.timeout;
    const isGood = ({ row }: Handed) =>
      this.running && this.webhooks.has(row.webhook_id) && Number(row.due_at) > needed;
    const good = handed.filter(isGood);
    this.leases.hold(good.map(({ row }) => row));
    for (const one of good) {
      const lane = this.laneOf(one.row.webhook_id);
      lane.waiting.push(this.options.jobs.ofHandover(one));
      this.launch(lane);
    }
    const late = handed.filter((one) => !good.includes(one)).map(({ row }) => row);
    await this.giveBack(late);
    if (late.length > 0) this.wake(late.map(({ webhook_id }) => webhook_id));
  }

  private raise(lane: Lane<Job>) {
    lane.mayHaveFirst = true;
    lane.mayHaveAgain = true;
  }

  /** One at a time. A wake-up that comes in the meantime is seen by the loop that runs. */
  private pump() {
    this.pumping ??= this.fillLanes()
      .catch(this.onError)
      .finally(() => {
        this.pumping = null;
      });
  }

  private async fillLanes() {
    for (;;) {
      if (this.isStale) await this.refresh();
      const lane = this.hungriest();
      if (!lane) return;
      const nextDue = await this.fill(lane);
      if (nextDue !== null && nextDue > this.options.clock.now())
        this.alarms.set(lane.webhookId, nextDue);
      this.launch(lane);
    }
  }

  private hungriest(): Lane<Job> | null {
    if (!this.running) return null;
    const lanes = [...this.lanes.values()].filter(
      (lane) => this.webhooks.has(lane.webhookId) && this.hasSlot(lane),
    );
    return nextLane(lanes, { ...this.limits, now: this.options.clock.now() });
  }

  private async refresh() {
    this.isStale = false;
    const active = await this.options.active();
    const before = new Set(this.webhooks.keys());
    this.webhooks.clear();
    for (const webhook of active) {
      this.webhooks.set(webhook.id, webhook);
      if (!before.has(webhook.id)) this.raise(this.laneOf(webhook.id));
    }
    await this.recall();
    await this.leaveUnwanted();
  }

  /** What this process knew before it ended, and what other instances have learnt since. */
  private async recall() {
    for (const [webhookId, { health, parkedUntil }] of await this.options.healthOf()) {
      const lane = this.lanes.get(webhookId);
      if (!lane) continue;
      lane.isFailing = health.state === 'failing';
      if (parkedUntil > lane.parkedUntil) this.park(lane, parkedUntil);
    }
  }

  /** What waits for a webhook that was disabled or deleted goes back, and its idle lane goes. */
  private async leaveUnwanted() {
    for (const [webhookId, lane] of this.lanes) {
      if (this.webhooks.has(webhookId)) continue;
      await this.giveBack(lane.waiting.splice(0).map(({ row }) => row));
      if (lane.inFlight === 0) this.lanes.delete(webhookId);
    }
  }

  private launchAll() {
    for (const lane of [...this.lanes.values()].sort((one, other) => one.inFlight - other.inFlight))
      this.launch(lane);
  }

  private launch(lane: Lane<Job>) {
    const context = { ...this.limits, now: this.options.clock.now() };
    while (this.running && this.hasSlot(lane)) {
      const job = takeNext(lane, context);
      if (!job) return;
      this.run(job, lane);
    }
  }

  private run(job: Job, lane: Lane<Job>) {
    lane.inFlight += 1;
    lane.inFlightAgain += isAgain(job);
    const working = this.work(job, lane)
      .catch(this.onError)
      .finally(() => {
        lane.inFlight -= 1;
        lane.inFlightAgain -= isAgain(job);
        this.underWay.delete(working);
        this.goOn(lane);
      });
    this.underWay.add(working);
  }

  /** One slot of every lane is its own, so that no number of hanging endpoints stops the one that answers. */
  private hasSlot(lane: Lane<Job>) {
    return lane.inFlight === 0 || this.inFlight() < this.options.config.concurrency;
  }

  /** A slot is free: for this lane, or, where all slots were taken, for one that waited for any. */
  private goOn(lane: Lane<Job>) {
    if (this.inFlight() === this.options.config.concurrency - 1) {
      this.launchAll();
      this.pump();
      return;
    }
    this.launch(lane);
    if (isHungry(lane, { ...this.limits, now: this.options.clock.now() })) this.pump();
  }

  private async work(job: Job, lane: Lane<Job>) {
    const webhook = this.webhooks.get(job.row.webhook_id);
    if (!webhook) return this.giveBack([job.row]);
    const { posted, ms } = await this.send(job, webhook, this.aborter.signal);
    if (!posted) return this.giveBack([job.row]);
    lane.usualMs = usualAfter(lane.usualMs, ms);
    if (posted.parkUntil !== null) this.park(lane, posted.parkUntil);
    // The receiver wants no more: nothing else leaves while this is being recorded.
    if (posted.disable !== null) this.webhooks.delete(job.row.webhook_id);
    this.posts.push(posted);
  }

  private park(lane: Lane<Job>, until: number) {
    lane.parkedUntil = Math.max(lane.parkedUntil, until);
    this.alarms.set(lane.webhookId, lane.parkedUntil);
  }

  private async giveBack(rows: ClaimedRow[]) {
    if (rows.length === 0) return;
    await this.options.outbox.release(rows, this.options.clock.now());
    rows.forEach(this.leases.letGo);
  }

  private async write(batch: Posted[]) {
    (await this.options.bookkeeping(batch)).forEach((effect) => this.feel(effect));
    for (const { row, settlement } of batch) {
      this.leases.letGo(row);
      if (settlement.kind === 'again' && this.running)
        this.alarms.set(row.webhook_id, settlement.at);
    }
    if (this.isStale) this.wake();
  }

  private feel({ webhookId, notice, failed }: Effect) {
    const lane = this.laneOf(webhookId);
    if (!failed) lane.isFailing = false;
    if (notice?.kind === 'failing') lane.isFailing = true;
    if (notice?.kind === 'disabled') this.webhooks.delete(webhookId);
    if (notice) this.isStale = true;
  }
}
