/**
 * Sends what is due. Woken after a commit, by a retry's alarm, by its engine, or, as a backstop, by a look into the
 * database. It decides nothing: what an answer means is decided by `settle`, who may go next by `lane`.
 */
import { AsyncResource } from 'node:async_hooks';
import { setMaxListeners } from 'node:events';
import type { Config } from '../config/index';
import type { Handover } from '../capture/recorder.service';
import type { Handed } from '../store/outbox/add.service';
import type { ClaimedRow } from '../store/outbox/claim.service';
import type { Outbox } from '../store/outbox/outbox.service';
import { createAlarms } from './alarms.service';
import { attemptDelivery, random, type Attempter } from './attempt.service';
import type { Bookkeeping, Effect, Posted } from './record.service';
import type { Clock } from '../strapi/clock.service';
import type { Engine } from './engines/database.service';
import { createFollowing } from './following.service';
import { jobOfHandover, type Job, type Leases } from './claims.service';
import {
  answer,
  begin,
  end,
  isHungry,
  isSated,
  lower,
  nextLane,
  nextSlot,
  raise,
  roomIn,
  takeNext,
  takeOutpaced,
  usualAfter,
  type Lane,
  type LaneLimits,
} from './lane';
import type { Roster } from './roster.service';
import { bareSettled } from '../store/outbox/attempts.service';
import { createRecordQueue } from './record-queue.service';

/** How often webhooks are read without a reason (ms): so soon does a change that another instance made count here. */
const REFRESH_MS = 400;
/** How long a stop waits for requests under way (ms) before it takes them back. */
const GRACE_MS = 5000;
/**
 * Requests that leave in one turn of the event loop. Each takes up to a millisecond of it, more where it needs a
 * connection: what others wait for, a commit or an answer, comes in between. And what leaves spread times out spread.
 */
const PER_TURN = 4;
/** Those that timed out together are followed within this time (ms), each after a share of it by chance. */
const SPREAD_MS = 1000;

export type DispatcherOptions = {
  config: Config['delivery'];
  outbox: Outbox;
  attempt: Attempter;
  clock: Clock;
  bookkeeping: Bookkeeping;
  engine: Engine;
  leases: Leases;
  roster: Roster;
  onError(error: unknown): void;
};

/** One signal stops all calls at shutdown, and Node warns of the eleventh that listens to it. */
const manyListeners = (aborter: AbortController): AbortController => {
  setMaxListeners(0, aborter.signal);
  return aborter;
};

type News = Parameters<Handover['stored']>[0];

/** What is recorded, and what is done when it is. */
type Post = { posted: Posted; written(): unknown };

const claimOf = ({ posted }: Post) => posted.row.claim_id;

const nothing = () => undefined;

export class Dispatcher implements Handover {
  // A wake-up comes from inside an editor's request. Without this, everything sent from here on would belong to
  // that request's async context, and with it to its transaction and its commit callbacks.
  private readonly outside = new AsyncResource('workflow-webhooks.dispatcher');
  private readonly underWay = new Set<Promise<void>>();
  private readonly aborter = manyListeners(new AbortController());
  private readonly limits;
  private readonly alarms;
  private readonly paces;
  private readonly retries;
  private readonly posts;
  private readonly letFollow;
  /** Slots that are not free: of what is under way, and of what timed out and is not recorded yet. */
  private taken = 0;
  private leftThisTurn = 0;
  private isHeldBack = false;
  private running = false;
  private timer: NodeJS.Timeout | undefined;
  private pumping: Promise<void> | null = null;
  private looking: Promise<void> | null = null;
  private lookedAt = Number.NEGATIVE_INFINITY;
  /** Whether webhooks may have changed since they were last read. */
  private isStale = true;

  constructor(private readonly options: DispatcherOptions) {
    const { clock, engine, onError } = options;
    const { now } = clock;
    this.limits = engine.limits;
    this.alarms = createAlarms({ now, ring: (webhookId) => this.wake([webhookId]) });
    this.retries = createAlarms({ now, ring: (webhookId) => this.hear([webhookId]) });
    this.paces = createAlarms({ now, ring: (webhookId) => this.step(webhookId) });
    this.posts = createRecordQueue<Post>({
      write: (batch) => this.write(batch),
      reduced: ({ posted, written }) => ({ posted: bareSettled(posted), written }),
      onError,
    });
    this.letFollow = createFollowing({ ...options, wake: (webhookIds) => this.wake(webhookIds) });
  }

  isRunning = () => this.running;
  inFlight = () => this.underWay.size;

  start = (): Promise<void> => this.outside.runInAsyncScope(this.begin, this);

  /** Says that there may be something to send, whoever sends it: to these webhooks, or to any. Returns at once. */
  wake = (webhookIds?: readonly string[]): void => {
    setImmediate(() => this.outside.runInAsyncScope(this.rouse, this, webhookIds));
  };

  /** The same, told by the engine to this process alone. */
  hear = (webhookIds?: readonly string[]): void => {
    setImmediate(() => this.outside.runInAsyncScope(this.raiseLanes, this, webhookIds));
  };

  /** Only where it would be next, and needs no look at what else there is: behind others that wait in the database, it waits its turn there. */
  claimFor = (
    webhookId: string,
    promised: number,
  ): { claimId: string; leaseUntil: number } | null => {
    const { roster, engine, clock, leases } = this.options;
    const lane = roster.laneFor(webhookId);
    const isFree =
      this.running &&
      engine.mayHandOver &&
      roster.webhook(webhookId)?.rateLimit === null &&
      lane !== undefined &&
      !lane.isOrdered &&
      !lane.isFailing &&
      !lane.mayHaveFirst &&
      lane.parkedUntil <= clock.now() &&
      roomIn(lane, this.limits) > promised;
    return isFree ? leases.newClaim() : null;
  };

  stored = (news: News): void => {
    setImmediate(() => this.outside.runInAsyncScope(this.receive, this, news));
  };

  /** Takes back what was not sent, waits for what is under way, records everything. Burns no attempt. */
  stop = async (): Promise<void> => {
    if (!this.running) return;
    this.running = false;
    clearInterval(this.timer);
    this.alarms.clear();
    this.paces.clear();
    this.retries.clear();
    await Promise.all([this.pumping, this.looking]);
    const waiting = this.options.roster.lanes().flatMap((lane) => lane.waiting.splice(0));
    await this.giveBack(waiting.map(({ row }) => row)).catch(this.options.onError);
    await this.waitForUnderWay();
    await this.posts.drain();
    this.options.leases.stop();
  };

  private async begin() {
    this.running = true;
    this.options.leases.start();
    this.timer = setInterval(() => this.look(), REFRESH_MS);
    // What fails here is done again at the next look: by then this runs, and whoever started it counts on that.
    await this.refresh().catch(this.options.onError);
    this.wake();
  }

  private waitForUnderWay() {
    const timer = setTimeout(() => this.aborter.abort(), GRACE_MS);
    return Promise.all(this.underWay).finally(() => clearTimeout(timer));
  }

  private rouse(webhookIds?: readonly string[]) {
    this.options.engine.announce(webhookIds);
    this.raiseLanes(webhookIds);
  }

  private raiseLanes(webhookIds?: readonly string[]) {
    if (!this.running) return;
    const { roster } = this.options;
    const known = webhookIds ?? roster.wanted().map(({ webhookId }) => webhookId);
    this.isStale ||= webhookIds === undefined || known.some((id) => !roster.webhook(id));
    for (const webhookId of known) raise(roster.laneOf(webhookId));
    this.launchAll();
    this.pump();
  }

  private receive({ handed, waiting }: News) {
    this.receiveHanded(handed).catch(this.options.onError);
    if (waiting.length === 0) return;
    this.options.engine.announce(waiting);
    if (!this.running) return;
    const { roster } = this.options;
    for (const webhookId of waiting) {
      this.isStale ||= !roster.webhook(webhookId);
      roster.laneOf(webhookId).mayHaveFirst = true;
    }
    this.pump();
  }

  /** A commit that came late may find its lease nearly over, or the dispatcher stopping: then it is as any other. */
  private async receiveHanded(handed: Handed[]) {
    const { clock, config, leases, roster } = this.options;
    const needed = clock.now() + config.timeout;
    const isGood = ({ row }: Handed) =>
      this.running && roster.webhook(row.webhook_id) && Number(row.due_at) > needed;
    const good = handed.filter(isGood);
    leases.hold(good.map(({ row }) => row));
    for (const one of good) {
      const lane = roster.laneOf(one.row.webhook_id);
      lane.waiting.push(jobOfHandover(one));
      this.launch(lane);
    }
    const late = handed.filter((one) => !good.includes(one)).map(({ row }) => row);
    await this.giveBack(late);
    if (late.length > 0) this.wake(late.map(({ webhook_id }) => webhook_id));
  }

  /** What nobody here was told of: webhooks that changed, and what another instance stored, or a dead one left. */
  private look() {
    this.looking ??= this.lookOnce()
      .catch(this.options.onError)
      .finally(() => {
        this.looking = null;
      });
  }

  private async lookOnce() {
    this.isStale = true;
    // A pause may be over for which no alarm rang: an earlier one had been set, and rang too soon.
    this.launchAll();
    this.pump();
    const { outbox, roster, clock, engine } = this.options;
    if (performance.now() - this.lookedAt < engine.lookEvery) return;
    this.lookedAt = performance.now();
    const now = clock.now();
    const awake = roster
      .wanted()
      .filter((lane) => Math.max(lane.parkedUntil, lane.restUntil) <= now && !isSated(lane));
    const due = await outbox.dueWebhooks(
      awake.map(({ webhookId }) => webhookId),
      now,
    );
    if (due.length > 0) this.rouse(due);
  }

  /** One at a time. A wake-up that comes in the meantime is seen by the loop that runs. */
  private pump() {
    this.pumping ??= this.fillLanes()
      .catch(this.options.onError)
      .finally(() => {
        this.pumping = null;
      });
  }

  private async fillLanes() {
    for (;;) {
      if (this.isStale) await this.refresh();
      const lane = this.hungriest();
      if (!lane) return;
      // What cannot be claimed is asked for again at the next look: until then it keeps no other lane waiting.
      await this.fill(lane).catch((error) => {
        lower(lane);
        this.options.onError(error);
      });
      this.launch(lane);
    }
  }

  private async fill(lane: Lane<Job>) {
    const { nextDue, retryAt } = await this.options.engine.fill(lane, this.slotsFor(lane));
    if (nextDue !== null && nextDue > this.options.clock.now())
      this.alarms.set(lane.webhookId, nextDue);
    if (retryAt !== null) this.retries.set(lane.webhookId, retryAt);
  }

  private hungriest(): Lane<Job> | null {
    if (!this.running) return null;
    const lanes = this.options.roster.wanted().filter((lane) => this.hasSlot(lane));
    return nextLane(lanes, { ...this.limits, now: this.options.clock.now() });
  }

  private async refresh() {
    this.isStale = false;
    const { roster, engine } = this.options;
    const { paused, unwanted } = await roster.refresh();
    for (const lane of paused) this.alarms.set(lane.webhookId, lane.parkedUntil);
    for (const lane of unwanted) {
      await this.giveBack(lane.waiting.splice(0).map(({ row }) => row));
      if (lane.inFlight > 0) continue;
      roster.leave(lane.webhookId);
      engine.drop(lane.webhookId);
    }
  }

  private launchAll() {
    const lanes = this.options.roster.lanes();
    for (const lane of lanes.sort((one, other) => one.inFlight - other.inFlight)) this.launch(lane);
  }

  private launch(lane: Lane<Job>) {
    const context = { ...this.limits, now: this.options.clock.now() };
    this.shed(takeOutpaced(lane, context.now));
    while (this.running && this.hasSlot(lane)) {
      if (this.leftThisTurn >= PER_TURN) return void (this.isHeldBack = true);
      const job = takeNext(lane, context);
      if (!job) return this.pace(lane, context);
      if (this.leftThisTurn === 0) setImmediate(() => this.nextTurn());
      this.leftThisTurn += 1;
      this.run(job, lane);
    }
  }

  private shed(jobs: Job[]) {
    if (jobs.length > 0) this.giveBack(jobs.map(({ row }) => row)).catch(this.options.onError);
  }

  private nextTurn() {
    this.leftThisTurn = 0;
    if (!this.isHeldBack) return;
    this.isHeldBack = false;
    this.launchAll();
  }

  /** By the moment at which nothing could be taken: a millisecond later its time may have come, and nobody would ring. */
  private pace(lane: Lane<Job>, context: LaneLimits & { now: number }) {
    const at = nextSlot(lane, context);
    if (at !== null) this.paces.set(lane.webhookId, at);
  }

  /** It is the turn of a limited webhook's next request. */
  private step(webhookId: string) {
    const lane = this.options.roster.laneFor(webhookId);
    if (lane) this.outside.runInAsyncScope(this.advance, this, lane);
  }

  private advance(lane: Lane<Job>) {
    this.launch(lane);
    if (isHungry(lane, { ...this.limits, now: this.options.clock.now() })) this.pump();
  }

  private run(job: Job, lane: Lane<Job>) {
    this.taken += 1;
    begin(lane, job);
    const leave = () => {
      this.taken -= 1;
      end(lane, job);
      this.goOn(lane);
    };
    const working = this.work(job, lane)
      .catch(this.options.onError)
      .then((posted) => {
        this.underWay.delete(working);
        answer(lane, job);
        // Those that hang are over all at once. Until that is recorded, nobody knows that their webhook is failing, and
        // as many more would be sent to it at once, at the cost of everybody else.
        const isHeld = posted?.attempt.outcome === 'timeout';
        const leaveSoon = () => setTimeout(leave, random() * SPREAD_MS).unref();
        if (posted)
          this.posts.push({ posted, written: isHeld ? leaveSoon : nothing }, lane.isFollowed);
        if (!isHeld) leave();
      });
    this.underWay.add(working);
  }

  /** One slot of every lane is its own, so that no number of hanging endpoints stops the one that answers. */
  private hasSlot(lane: Lane<Job>) {
    return lane.inFlight === 0 || this.taken < this.options.config.concurrency;
  }

  /** How many more of this lane could leave at once. What waits for its pace takes no slot yet. */
  private slotsFor(lane: Lane<Job>) {
    const waiting = this.options.roster
      .lanes()
      .reduce((sum, one) => sum + (one.rate === null ? one.waiting.length : 0), 0);
    const free = this.options.config.concurrency - this.taken - waiting;
    return Math.max(free, lane.inFlight + lane.waiting.length === 0 ? 1 : 0);
  }

  /** A slot is free: for this lane, or, where all slots were taken, for one that waited for any. */
  private goOn(lane: Lane<Job>) {
    if (this.taken === this.options.config.concurrency - 1) {
      this.launchAll();
      this.pump();
      return;
    }
    this.advance(lane);
  }

  /** Answers what is to be recorded; nothing where it was given back. */
  private async work(job: Job, lane: Lane<Job>): Promise<Posted | void> {
    const { attempt, clock, config, roster, leases, engine } = this.options;
    const webhook = roster.webhook(job.row.webhook_id);
    if (!webhook) return this.giveBack([job.row]);
    const { posted, ms } = await attemptDelivery(job, {
      attempt,
      webhook,
      schedule: config.schedule,
      signal: this.aborter.signal,
      now: clock.now,
    }).catch((error) => {
      // A mistake of ours: its lease ends, and it is tried again; held, it would wait for ever unseen.
      leases.letGo(job.row);
      engine.free([job.row]);
      throw error;
    });
    if (!posted) return this.giveBack([job.row]);
    engine.free([job.row]);
    lane.usualMs = usualAfter(lane.usualMs, ms);
    if (posted.parkUntil !== null) this.park(lane, posted.parkUntil);
    if (posted.disable !== null) roster.bar(job.row.webhook_id);
    return posted;
  }

  private park(lane: Lane<Job>, until: number) {
    lane.parkedUntil = Math.max(lane.parkedUntil, until);
    this.alarms.set(lane.webhookId, lane.parkedUntil);
  }

  private async giveBack(rows: ClaimedRow[]) {
    if (rows.length === 0) return;
    const { outbox, clock, leases, engine } = this.options;
    // Held no longer even if that fails: then their leases end, and they are claimed again.
    await outbox.release(rows, clock.now()).finally(() => {
      rows.forEach(leases.letGo);
      engine.free(rows);
    });
  }

  private async write(posts: Post[]) {
    const claims = posts.map(claimOf);
    const { effects, recorded } = await this.options.bookkeeping(posts.map(({ posted }) => posted));
    effects.forEach((effect) => this.feel(effect));
    const isRecorded = new Set(recorded);
    // This process claimed it anew meanwhile, so it is recorded for the new claim. Any other claim is another process's.
    const isOver = (post: Post, index: number) =>
      isRecorded.has(post.posted) || claimOf(post) === claims[index];
    posts.filter((post, index) => !isOver(post, index)).forEach((post) => this.posts.push(post));
    this.goOnAfter(posts.filter(isOver));
  }

  private goOnAfter(posts: Post[]) {
    const batch = posts.map(({ posted }) => posted);
    for (const { row, settlement, disable } of batch) {
      this.options.leases.letGo(row);
      if (disable !== null) this.options.roster.unbar(row.webhook_id);
      if (settlement.kind === 'again' && this.running)
        this.alarms.set(row.webhook_id, settlement.at);
    }
    posts.forEach(({ written }) => written());
    if (this.running) this.letFollow(batch.map(({ row }) => row));
    if (this.isStale) this.wake();
  }

  private feel({ webhookId, notice, failed }: Effect) {
    const lane = this.options.roster.laneOf(webhookId);
    if (!failed) lane.isFailing = false;
    if (notice?.kind === 'failing') lane.isFailing = true;
    if (notice?.kind === 'disabled') this.options.roster.strike(webhookId);
    if (notice) this.isStale = true;
  }
}
