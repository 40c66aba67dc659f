/** The outbox: all that the capturing half and the sending half share. */
import type { Tables } from '../tables.service';
import { addDeliveries, addFinished } from './add.service';
import { attemptsOf, bodiesOf, settle } from './attempts.service';
import {
  cancelDeliveries,
  cancelMany,
  cancelOrphans,
  countMany,
  resend,
  resendMany,
} from './change.service';
import { claim, extendLeases, release } from './claim.service';
import { createSearch, dueDeliveries, followedWebhooks, nextDue } from './due.service';
import { eventsOf, smallEvents, takeBack, type EventTimes } from './events.service';
import {
  createCounts,
  findDelivery,
  lastSent,
  listDeliveries,
  oldestWaiting,
  pagesOfDeliveries,
  waitingDeliveries,
} from './log.service';
import { countBack, mayExceed, pruneBelow, pruneEvents, pruneOld } from './prune.service';
import { dueWebhooks } from './waiting.service';

/** A statement on these tables, as a method of the outbox. */
type Bind<First> = <Args extends unknown[], Answer>(
  statement: (first: First, ...args: Args) => Answer,
) => (...args: Args) => Answer;

const bindTo =
  <First>(first: First): Bind<First> =>
  (statement) =>
  (...args) =>
    statement(first, ...args);

export function createOutbox(tables: Tables, eventTime: EventTimes) {
  const on = bindTo(tables);
  const inSearch = bindTo(createSearch(tables));
  return {
    add: bindTo({ tables, eventTime })(addDeliveries),
    addFinished: on(addFinished),
    takeBack: on(takeBack),
    claim: inSearch(claim),
    due: inSearch(dueDeliveries),
    dueWebhooks: on(dueWebhooks),
    followed: on(followedWebhooks),
    nextDue: on(nextDue),
    extend: on(extendLeases),
    release: on(release),
    eventsOf: on(eventsOf),
    bodiesOf: on(bodiesOf),
    settle: on(settle),
    resend: on(resend),
    resendMany: on(resendMany),
    cancelMany: on(cancelMany),
    countMany: on(countMany),
    cancelOf: on(cancelDeliveries),
    cancelOrphans: on(cancelOrphans),
    pruneOld: on(pruneOld),
    pruneBelow: on(pruneBelow),
    pruneEvents: on(pruneEvents),
    countBack: on(countBack),
    mayExceed: on(mayExceed),
    counts: createCounts(tables),
    waiting: on(waitingDeliveries),
    oldestWaiting: on(oldestWaiting),
    lastSent: on(lastSent),
    log: {
      list: on(listDeliveries),
      find: on(findDelivery),
      pages: on(pagesOfDeliveries),
      attemptsOf: async (id: number) => (await attemptsOf(tables, [id])).get(id) ?? [],
      attemptsOfAll: on(attemptsOf),
      smallEvents: on(smallEvents),
    },
    transaction: tables.separately,
  };
}

export type Outbox = ReturnType<typeof createOutbox>;
