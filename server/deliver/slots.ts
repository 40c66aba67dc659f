/** Which jobs leave: as many as there are slots, a few in one turn of the event loop. Pure. */
import type { Job } from './claims.service';
import type { Action, State } from './dispatch-state';
import { begin, nextSlot, takeNext, takeOutpaced, type Lane } from './lane';

/**
 * Requests that leave in one turn of the event loop. Each takes up to a millisecond, more if it needs a connection. Between
 * turns, commits and answers are handled. And requests that leave spread out also time out spread out.
 */
const PER_TURN = 4;

/** A step of the scheduler: actions are added to it. */
export type Step = { state: State; now: number; actions: Action[] };

export function onTurn(step: Step) {
  const wasFull = step.state.leftThisTurn >= PER_TURN;
  step.state.leftThisTurn = 0;
  if (wasFull) launchAll(step);
}

export function launchAll(step: Step) {
  const lanes = [...step.state.lanes.values()];
  for (const lane of lanes.sort((one, other) => one.inFlight - other.inFlight)) launch(step, lane);
}

/** Sends what may leave, and gives back what may not leave for long. */
export function launch(step: Step, lane: Lane<Job>) {
  const { state, now, actions } = step;
  const { webhookId } = lane;
  const webhook = state.mode === 'running' ? state.webhooks.get(webhookId) : undefined;
  if (!webhook) return giveBack(step, lane.waiting.splice(0));
  giveBack(step, takeOutpaced(lane, now));
  const context = { ...state.settings.limits, now };
  while (hasSlot(state, lane)) {
    // The next turn launches all lanes again.
    if (state.leftThisTurn >= PER_TURN) return;
    const job = takeNext(lane, context);
    if (!job) {
      const at = nextSlot(lane, context);
      if (at !== null) actions.push({ kind: 'alarm', rings: 'paced', webhookId, at });
      return;
    }
    if (state.leftThisTurn === 0) actions.push({ kind: 'awaitTurn' });
    state.leftThisTurn += 1;
    state.taken += 1;
    begin(lane, job);
    actions.push({ kind: 'send', job, webhook });
  }
}

export function giveBack({ actions }: Step, jobs: readonly Job[], announce = false) {
  if (jobs.length > 0)
    actions.push({ kind: 'giveBack', rows: jobs.map(({ row }) => row), announce });
}

/** One slot of every lane is its own: endpoints that hang, however many, do not stop one that answers. */
export const hasSlot = ({ taken, settings }: State, lane: Lane<Job>): boolean =>
  lane.inFlight === 0 || taken < settings.concurrency;

/** How many more of this lane could leave at once. Jobs of rate-limited webhooks wait without a slot. */
export function slotsFor({ lanes, settings, taken }: State, lane: Lane<Job>): number {
  const waiting = [...lanes.values()]
    .filter(({ rate }) => rate === null)
    .reduce((sum, one) => sum + one.waiting.length, 0);
  const free = settings.concurrency - taken - waiting;
  return Math.max(free, lane.inFlight + lane.waiting.length === 0 ? 1 : 0);
}
