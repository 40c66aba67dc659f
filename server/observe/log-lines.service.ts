/** Writes the log's lines at the level that a developer chose, and makes none where nobody would see it. */
import { isUndecided } from '../contract/document';
import type { Core } from '@strapi/strapi';
import type { Knex } from 'knex';
import type { Config } from '../config/index';
import type { WebhookEvent } from '../contract/event';
import type { News } from '../deliver/announcing.service';
import type { Posted } from '../deliver/bookkeeping.service';
import type { Addressed, FinishedCall } from '../store/outbox/add.service';
import { createAfterCommit } from '../store/after-commit.service';
import { attemptLine, callLine, eventLine, healthLine, withHeldBack, type Line } from './lines';
import { createThrottle } from './throttle';

type Level = Config['log']['events'] | 'warn' | 'error';

export const createLogLines = (strapi: Core.Strapi, levels: Config['log']) => {
  const log = strapi.log;

  const isHeard = (level: Level) => level !== 'off' && log.isLevelEnabled(level);

  const write = (level: Level, { message, facts }: Line) => {
    if (level !== 'off') log.log(level, message, facts);
  };

  /** A line that cannot be written must not undo what it tells of: after a commit nobody would catch what it throws. */
  const safely = (tell: () => void) => {
    try {
      tell();
    } catch (error) {
      log.error(`workflow-webhooks: a log line could not be written: ${error}`);
    }
  };

  const committed = createAfterCommit(strapi);
  const afterCommit = (trx: Knex.Transaction, tell: () => void): Promise<void> =>
    committed(trx, () => safely(tell));

  const recorded = async (
    addressed: readonly Addressed[],
    trx: Knex.Transaction,
  ): Promise<void> => {
    if (!isHeard(levels.events)) return;
    await afterCommit(trx, () => {
      for (const one of addressed) write(levels.events, eventLine(one));
    });
  };

  const failures = createThrottle();

  /** One failure a minute of each webhook is a warning; the others have the level of all attempts. */
  const writeFailure = (webhookId: string, lineOf: () => Line) => {
    const heldBack = failures.pass(webhookId, performance.now());
    const level = heldBack === null ? levels.attempts : 'warn';
    if (isHeard(level)) write(level, withHeldBack(lineOf(), heldBack ?? 0));
  };

  const writeCall = (event: WebhookEvent, call: FinishedCall) => {
    const lineOf = () => callLine(event, call);
    // Who tests a webhook sees the answer. That a validation gave none is seen by an editor, who cannot repair it.
    if (call.verdict !== null && isUndecided(call.verdict) && !call.isTest)
      writeFailure(call.webhook.id, lineOf);
    else if (isHeard(levels.attempts)) write(levels.attempts, lineOf());
  };

  const called = async (
    event: WebhookEvent,
    calls: readonly FinishedCall[],
    trx: Knex.Transaction,
  ): Promise<void> => {
    if (calls.length === 0 || levels.attempts === 'off') return;
    await afterCommit(trx, () => {
      for (const call of calls) writeCall(event, call);
    });
  };

  /** A delivery that dies is always a warning: it is not sent again unless somebody acts. */
  const writeAttempt = (posted: Posted) => {
    const lineOf = () => attemptLine(posted);
    switch (posted.settlement.kind) {
      case 'dead':
        return write('warn', lineOf());
      case 'again':
        return writeFailure(posted.row.webhook_id, lineOf);
      case 'delivered':
        if (isHeard(levels.attempts)) write(levels.attempts, lineOf());
    }
  };

  const attempted = (batch: readonly Posted[]): void => {
    if (levels.attempts === 'off') return;
    for (const posted of batch) safely(() => writeAttempt(posted));
  };

  /** Written whatever the level of attempts is: nobody notices otherwise that a receiver gets nothing any more. */
  const announced = (news: News, trx: Knex.Transaction): Promise<void> =>
    afterCommit(trx, () => write('error', healthLine(news)));

  return { recorded, called, attempted, announced };
};
