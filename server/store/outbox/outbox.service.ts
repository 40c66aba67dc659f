/** The outbox: all that the capturing half and the sending half share. */
import type { EventTimes } from '../event-time';
import { createAdd, createAddFinished, createTakeBack } from './add.service';
import { createCancel } from './cancel.service';
import { createCensus } from './census.service';
import { createClaim } from './claim.service';
import { createEventRows, type EventRows } from './event-rows.service';
import { createFollowing, type Following } from './following.service';
import { createLastSent } from './last-sent.service';
import { createLog } from './log.service';
import { createPrune } from './prune.service';
import { createResend } from './resend.service';
import { createSettle } from './settle.service';
import type { Tables } from './tables.service';

type Parts = { following: Following; eventRows: EventRows };

const createParts = (tables: Tables, { following, eventRows }: Parts) => ({
  add: createAdd(tables, { ...following, ...eventRows }),
  addFinished: createAddFinished(tables, eventRows),
  takeBack: createTakeBack(tables),
  followed: following.followed,
  ...createClaim(tables),
  eventsOf: eventRows.eventsOf,
  ...createSettle(tables),
  ...createResend(tables),
  ...createCancel(tables),
  ...createPrune(tables),
  ...createCensus(tables),
  lastSent: createLastSent(tables),
  log: createLog(tables),
  transaction: tables.transaction,
});

export const createOutbox = (tables: Tables, eventTime: EventTimes) =>
  createParts(tables, {
    following: createFollowing(tables),
    eventRows: createEventRows(tables, eventTime),
  });

export type Outbox = ReturnType<typeof createOutbox>;
