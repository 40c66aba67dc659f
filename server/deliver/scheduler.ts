/**
 * Decides what the dispatcher does next: its state, and what happened, lead to actions. Pure: no clock, database, network.
 *
 * The dispatcher has three modes:
 *   stopped   It claims and sends nothing. Deliveries that this process stores are still announced to others.
 *   running   It claims and sends.
 *   stopping  Nothing new starts, and waiting jobs are given back. Requests under way end and are recorded.
 *   stopped --start--> running --stop--> stopping --stopped--> stopped
 *
 * It fills its lanes one at a time. Filling has three modes:
 *   idle      No lane wants more, or the dispatcher does not run.
 *   reading   Webhooks and their healths are being read.
 *   claiming  The engine fills one lane.
 *   idle --anything that may give a lane room or work--> next
 *   reading --read--> next, reading --failed--> idle
 *   claiming --claimed, failed--> next
 *   next: reading if the known webhooks are outdated, else claiming if a lane wants more, else idle
 *
 * Looks are the backstop: they ask the database which webhooks have something due. They have two modes:
 *   waiting --tick--> looking --looked, failed--> waiting
 *
 * The known webhooks are current or outdated:
 *   current --tick, a wake-up for all or an unknown webhook, a notice--> outdated --reading starts--> current
 * A read answers the same list of webhooks until one of them changes. Then only the healths are looked at.
 *
 * A lane is active while something waits or is under way in it, or may be due. What happens all the time walks through
 * active lanes only, so that idle webhooks cost nothing, however many there are.
 *   idle --due, stored, filled--> active --lane found empty--> idle
 *
 * A job waits in its lane, is sent, and frees its slot when it is answered. One that timed out frees its slot a while after
 * it was recorded.
 */
import type { ClaimedRow } from '../store/outbox/claim.service';
import type { Job } from './claims.service';
import {
  advance,
  applyHealths,
  fillNext,
  freeSlot,
  giveBack,
  laneOf,
  laneOrUnknown,
  launch,
  launchAll,
  onTurn,
  park,
  removeLane,
  replaceWebhooks,
  expectDue,
  setFailing,
  type Action,
  type Happened,
  type Post,
  type State,
  type Step,
} from './dispatch-state';
import type { Filled } from './engines/database.service';
import { answer, isProbing, lower, roomIn, usualAfter } from './lane';
import type { Effect } from './record.service';

/** Changes the state, and returns the actions in order. */
export function schedule(state: State, happened: Happened, now: number): Action[] {
  const step: Step = { state, now, actions: [] };
  handle(step, happened);
  return step.actions;
}

function handle(step: Step, happened: Happened): void {
  switch (happened.kind) {
    case 'start':
      return onStart(step);
    case 'stop':
      return onStop(step);
    case 'stopped':
      return onStopped(step);
    case 'tick':
      return onTick(step, happened.at);
    case 'turn':
      return onTurn(step);
    case 'due':
      return onDue(step, happened);
    case 'paced':
      return onPaced(step, happened.webhookId);
    case 'stored':
      return onStored(step, happened);
    case 'read':
      return onRead(step, happened);
    case 'claimed':
      return onClaimed(step, happened.filled);
    case 'looked':
      return onLooked(step, happened.due);
    case 'failed':
      return onFailed(step, happened.what);
    case 'answered':
      return onAnswered(step, happened);
    case 'unsent':
      return onUnsent(step, happened.job);
    case 'recorded':
      return onRecorded(step, happened);
    case 'followed':
      return onFollowed(step, happened);
    case 'slotFree':
      return freeSlot(step, happened.job);
  }
}

/**
 * Whether what is being stored may be claimed at once, besides `promised` others of the same transaction. It may if it would
 * be next anyway. If others wait in the database, it waits behind them.
 */
export function mayHandOver(
  { mode, settings, webhooks, lanes }: State,
  { webhookId, promised }: { webhookId: string; promised: number },
  now: number,
): boolean {
  const lane = lanes.get(webhookId);
  return (
    mode === 'running' &&
    settings.mayHandOver &&
    webhooks.get(webhookId)?.rateLimit === null &&
    lane !== undefined &&
    !lane.isOrdered &&
    !lane.isFailing &&
    !lane.mayHaveFirst &&
    lane.parkedUntil <= now &&
    roomIn(lane, settings.limits) > promised
  );
}

type Of<Kind extends Happened['kind']> = Extract<Happened, { kind: Kind }>;

function onStart(step: Step) {
  step.state.mode = 'running';
  step.state.known = 'outdated';
  fillNext(step);
}

function onStop(step: Step) {
  step.state.mode = 'stopping';
  launchAll(step);
}

function onStopped({ state }: Step) {
  state.mode = 'stopped';
}

/** Another instance may have changed webhooks or stored something, or died with claims that are due again. */
function onTick(step: Step, at: number) {
  const { state } = step;
  if (state.mode !== 'running' || state.looking === 'looking') return;
  state.known = 'outdated';
  // A pause may be over that has no alarm: there was an earlier alarm, and it rang during the pause.
  launchAll(step);
  fillNext(step);
  if (at - state.lookedAt < state.settings.lookEvery) return;
  state.lookedAt = at;
  state.looking = 'looking';
  step.actions.push({ kind: 'look' });
}

function onLooked(step: Step, due: readonly string[]) {
  step.state.looking = 'waiting';
  const webhookIds = due.filter((id) => isLookedAfter(step, id));
  if (webhookIds.length > 0) onDue(step, { webhookIds, from: 'here' });
}

function isLookedAfter({ state, now }: Step, webhookId: string): boolean {
  const lane = state.webhooks.has(webhookId) ? state.lanes.get(webhookId) : undefined;
  return (
    lane !== undefined && Math.max(lane.parkedUntil, lane.restUntil) <= now && !isProbing(lane)
  );
}

function onDue(step: Step, { webhookIds, from }: Omit<Of<'due'>, 'kind'>) {
  const { state } = step;
  if (from === 'here') step.actions.push({ kind: 'announce', webhookIds });
  if (state.mode !== 'running') return;
  if (!webhookIds) state.known = 'outdated';
  for (const id of webhookIds ?? [...state.webhooks.keys()])
    expectDue(state, laneOrUnknown(state, id));
  launchAll(step);
  fillNext(step);
}

function onPaced(step: Step, webhookId: string) {
  const lane = step.state.lanes.get(webhookId);
  if (lane) advance(step, lane);
}

function onStored(step: Step, { handed, waiting }: Of<'stored'>) {
  const { state, actions } = step;
  onHanded(step, handed);
  if (waiting.length === 0) return;
  actions.push({ kind: 'announce', webhookIds: waiting });
  if (state.mode !== 'running') return;
  for (const id of waiting) {
    const lane = laneOrUnknown(state, id);
    lane.mayHaveFirst = true;
    state.active.add(lane);
  }
  fillNext(step);
}

/** A commit that came late may find its lease nearly over, or the dispatcher stopping: then the delivery is like any other. */
function onHanded(step: Step, handed: readonly Job[]) {
  const { state, now, actions } = step;
  const isLate = ({ row }: Job) =>
    state.mode !== 'running' ||
    !state.webhooks.has(row.webhook_id) ||
    Number(row.due_at) <= now + state.settings.timeout;
  const good = handed.filter((job) => !isLate(job));
  if (good.length > 0) actions.push({ kind: 'hold', rows: good.map(({ row }) => row) });
  for (const job of good) {
    const lane = laneOf(state, job.row.webhook_id);
    lane.waiting.push(job);
    state.active.add(lane);
    launch(step, lane);
  }
  giveBack(step, handed.filter(isLate), true);
}

function onRead(step: Step, { webhooks, healths }: Of<'read'>) {
  const { state } = step;
  const disabled = state.filling.mode === 'reading' ? state.filling.disabled : new Set<string>();
  state.filling = { mode: 'idle' };
  const isNew = webhooks !== state.listed || disabled.size > 0;
  if (isNew) replaceWebhooks(state, webhooks, disabled);
  applyHealths(step, healths);
  const lanes = isNew ? state.lanes.values() : state.active;
  for (const lane of [...lanes]) if (!state.webhooks.has(lane.webhookId)) removeLane(step, lane);
  fillNext(step);
}

function onClaimed(step: Step, { nextDue, retryAt }: Filled) {
  const { state, now, actions } = step;
  if (state.filling.mode !== 'claiming') return;
  const { lane } = state.filling;
  const { webhookId } = lane;
  state.filling = { mode: 'idle' };
  state.active.add(lane);
  if (nextDue !== null && nextDue > now)
    actions.push({ kind: 'alarm', rings: 'due', webhookId, at: nextDue });
  if (retryAt !== null) actions.push({ kind: 'alarm', rings: 'retry', webhookId, at: retryAt });
  launch(step, lane);
  fillNext(step);
}

function onFailed(step: Step, what: Of<'failed'>['what']) {
  const { state } = step;
  if (what === 'look') state.looking = 'waiting';
  // Webhooks are read again at the next tick.
  if (what === 'read') state.filling = { mode: 'idle' };
  if (what !== 'claim' || state.filling.mode !== 'claiming') return;
  // A lane that cannot be filled is filled again after the next look. Until then no other lane waits for it.
  const { lane } = state.filling;
  lower(lane);
  onClaimed(step, { nextDue: null, retryAt: null });
}

function onAnswered(step: Step, { post, ms }: Of<'answered'>) {
  const { state, actions } = step;
  const { job, posted } = post;
  const { webhook_id: webhookId } = job.row;
  const lane = laneOf(state, webhookId);
  answer(lane, job);
  lane.usualMs = usualAfter(lane.usualMs, ms);
  if (posted.parkUntil !== null) park(step, lane, posted.parkUntil);
  if (posted.disable !== null) {
    state.disabling.add(webhookId);
    state.webhooks.delete(webhookId);
    state.listed = null;
  }
  actions.push({ kind: 'record', post, isUrgent: lane.isFollowed });
  if (!keepsSlot(post)) freeSlot(step, job);
}

function onUnsent(step: Step, job: Job) {
  answer(laneOf(step.state, job.row.webhook_id), job);
  freeSlot(step, job);
}

/**
 * Requests to an endpoint that hangs time out together. Until that is recorded, nobody knows that the webhook is failing,
 * and as many requests would be sent to it at once, at the cost of all other webhooks.
 */
const keepsSlot = ({ posted }: Post) => posted.attempt.outcome === 'timeout';

function onRecorded(step: Step, { posts, effects }: Of<'recorded'>) {
  const { state, actions } = step;
  for (const effect of effects) applyEffect(state, effect);
  for (const { posted } of posts) {
    const { row, settlement, disable } = posted;
    if (disable !== null) {
      state.disabling.delete(row.webhook_id);
      state.listed = null;
    }
    if (settlement.kind === 'again' && state.mode === 'running') {
      const { webhook_id: webhookId } = row;
      actions.push({ kind: 'alarm', rings: 'due', webhookId, at: settlement.at });
    }
  }
  for (const post of posts)
    if (keepsSlot(post)) actions.push({ kind: 'freeSlotLater', job: post.job });
  const rows = posts.map(({ job }) => job.row);
  if (state.mode === 'running') follow(step, rows);
  // A notice is an event, and other webhooks may want it.
  if (state.known === 'outdated') onDue(step, { from: 'here' });
}

function applyEffect(state: State, { webhookId, notice, failed }: Effect) {
  const lane = laneOf(state, webhookId);
  if (!failed) setFailing(state, lane, false);
  if (!notice) return;
  state.known = 'outdated';
  if (notice.kind === 'failing') setFailing(state, lane, true);
  if (notice.kind !== 'disabled') return;
  state.webhooks.delete(webhookId);
  state.listed = null;
  if (state.filling.mode === 'reading') state.filling.disabled.add(webhookId);
}

/** Finds what waited until these deliveries were recorded: others of ordered webhooks, and of the same documents. */
function follow(step: Step, recorded: readonly ClaimedRow[]) {
  const { lanes, settings } = step.state;
  const ids = [...new Set(recorded.map(({ webhook_id }) => webhook_id))];
  const ordered = ids.filter((id) => lanes.get(id)?.isOrdered);
  if (ordered.length > 0) onDue(step, { webhookIds: ordered, from: 'here' });
  const firsts = recorded.filter(({ webhook_id, document_id, attempt_count }) => {
    const isFound = settings.claimsFollowers && lanes.get(webhook_id)?.mayHaveFirst;
    return attempt_count === 0 && document_id !== null && !isFound;
  });
  if (firsts.length > 0) step.actions.push({ kind: 'findFollowers', firsts });
}

function onFollowed(step: Step, { firsts, webhookIds }: Of<'followed'>) {
  for (const { webhook_id } of firsts) {
    const lane = step.state.lanes.get(webhook_id);
    if (lane) lane.isFollowed = webhookIds.includes(webhook_id);
  }
  if (webhookIds.length > 0) onDue(step, { webhookIds, from: 'here' });
}
