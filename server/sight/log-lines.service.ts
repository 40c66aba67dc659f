/** Writes the log's lines at the level that a developer chose, and makes none where nobody would see it. */
import type { Core } from '@strapi/strapi';
import type { Knex } from 'knex';
import type { Config } from '../config/schema';
import type { WebhookEvent } from '../contract/event';
import type { Posted } from '../delivery/bookkeeping.service';
import type { Addressed, FinishedCall } from '../outbox/add.service';
import { attemptLine, callLine, eventLine, type Line } from './lines';

type Level = Config['log']['events'];

export const createLogLines = (strapi: Core.Strapi, levels: Config['log']) => {
  const log = strapi.log;

  const isHeard = (level: Level | 'warn') => level !== 'off' && log.isLevelEnabled(level);

  const write = (level: Level | 'warn', { message, facts }: Line) => {
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

  /** What is rolled back was never recorded. The dispatcher's transactions are knex's own, all others Strapi's. */
  const afterCommit = async (trx: Knex.Transaction, tell: () => void): Promise<void> => {
    if (!strapi.db.inTransaction()) {
      trx.executionPromise.then(
        () => safely(tell),
        () => undefined,
      );
      return;
    }
    await strapi.db.transaction(async ({ onCommit }) => onCommit(() => safely(tell)));
  };

  const recorded = async (
    addressed: readonly Addressed[],
    trx: Knex.Transaction,
  ): Promise<void> => {
    if (!isHeard(levels.events)) return;
    await afterCommit(trx, () => {
      for (const one of addressed) write(levels.events, eventLine(one));
    });
  };

  const called = async (
    event: WebhookEvent,
    calls: readonly FinishedCall[],
    trx: Knex.Transaction,
  ): Promise<void> => {
    if (calls.length === 0 || !isHeard(levels.attempts)) return;
    await afterCommit(trx, () => {
      for (const call of calls) write(levels.attempts, callLine(event, call));
    });
  };

  const isDead = ({ settlement }: Posted) => settlement.kind === 'dead';

  /** A delivery that dies is a warning at any level: nobody is sent it any more unless somebody acts. */
  const attempted = (batch: readonly Posted[]): void => {
    if (levels.attempts === 'off') return;
    for (const posted of batch) {
      const level = isDead(posted) ? 'warn' : levels.attempts;
      if (isHeard(level)) safely(() => write(level, attemptLine(posted)));
    }
  };

  return { recorded, called, attempted };
};
