/** Writes the log's lines at the level that a developer chose, and makes none that nobody would see. */
import type { Core } from '@strapi/strapi';
import type { Knex } from 'knex';
import type { Config } from '../config/index';
import type { WebhookEvent } from '../contract/event';
import { isUndecided } from '../contract/document';
import type { News, Posted } from '../deliver/record.service';
import { afterCommit } from '../strapi/database.service';
import type { Addressed, Finished, FinishedCall } from '../store/outbox/add.service';
import {
  attemptLine,
  callLine,
  createThrottle,
  eventLine,
  healthLine,
  withHeldBack,
  type Line,
} from './lines';

type Level = Config['log']['events'] | 'warn' | 'error';

export const createLogLines = (strapi: Core.Strapi, levels: Config['log']) => {
  const log = strapi.log;
  const failures = createThrottle();

  const isWritten = (level: Level) => level !== 'off' && log.isLevelEnabled(level);

  function write(level: Level, { message, facts }: Line) {
    if (level !== 'off') log.log(level, message, facts);
  }

  /** A line that cannot be written must not undo what it is about: after a commit nobody would catch the error. */
  function safely(writeLines: () => void) {
    try {
      writeLines();
    } catch (error) {
      log.error(`workflow-webhooks: a log line could not be written: ${error}`);
    }
  }

  const onceCommitted = (trx: Knex.Transaction, writeLines: () => void): Promise<void> =>
    afterCommit(strapi, trx, () => safely(writeLines));

  /** One failure a minute of each webhook is a warning; the others have the level of all attempts. */
  function writeFailure(webhookId: string, lineOf: () => Line) {
    const heldBack = failures.pass(webhookId, performance.now());
    const level = heldBack === null ? levels.attempts : 'warn';
    if (isWritten(level)) write(level, withHeldBack(lineOf(), heldBack ?? 0));
  }

  function writeCall(event: WebhookEvent, call: FinishedCall) {
    const lineOf = () => callLine(event, call);
    // Who tests a webhook sees the answer. An undecided validation is seen by an editor, who cannot repair it.
    if (call.verdict !== null && isUndecided(call.verdict) && !call.isTest)
      writeFailure(call.webhook.id, lineOf);
    else if (isWritten(levels.attempts)) write(levels.attempts, lineOf());
  }

  /** A delivery that dies is always a warning: it is not sent again unless somebody acts. */
  function writeAttempt(posted: Posted) {
    const lineOf = () => attemptLine(posted);
    switch (posted.settlement.kind) {
      case 'dead':
        return write('warn', lineOf());
      case 'again':
        return writeFailure(posted.row.webhook_id, lineOf);
      case 'delivered':
        if (isWritten(levels.attempts)) write(levels.attempts, lineOf());
    }
  }

  return {
    async recorded(addressed: readonly Addressed[], trx: Knex.Transaction): Promise<void> {
      if (!isWritten(levels.events)) return;
      await onceCommitted(trx, () => {
        for (const one of addressed) write(levels.events, eventLine(one));
      });
    },

    async called({ event, calls }: Finished, trx: Knex.Transaction): Promise<void> {
      if (calls.length === 0 || levels.attempts === 'off') return;
      await onceCommitted(trx, () => {
        for (const call of calls) writeCall(event, call);
      });
    },

    attempted(batch: readonly Posted[]): void {
      if (levels.attempts === 'off') return;
      for (const posted of batch) safely(() => writeAttempt(posted));
    },

    /** Written whatever the level of attempts is: nobody would notice otherwise that a receiver gets nothing any more. */
    announced: (news: News, trx: Knex.Transaction): Promise<void> =>
      onceCommitted(trx, () => write('error', healthLine(news))),
  };
};
