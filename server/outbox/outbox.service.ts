/** The outbox: all that the capturing half and the sending half share. */
import type { EventTimes } from '../capture/event-time';
import { createAdd, createAddFinished } from './add.service';
import { createCancel } from './cancel.service';
import { createCensus } from './census.service';
import { createClaim } from './claim.service';
import { createEventRows } from './event-rows.service';
import { createFollowing, type Following } from './following.service';
import { createLastSent } from './last-sent.service';
import { createLog } from './log.service';
import { createPrune } from './prune.service';
import { createResend } from './resend.service';
import { createSettle } from './settle.service';
import type { Tables } from './tables.service';

const createParts = (tables: Tables, following: Following, eventTime: EventTimes) => ({
  add: createAdd(tables, { ...following, ...createEventRows(tables, eventTime) }),
  addFinished: createAddFinished(tables),
  followed: following.followed,
  ...createClaim(tables),
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
  createParts(tables, createFollowing(tables), eventTime);

export type Outbox = ReturnType<typeof createOutbox>;
