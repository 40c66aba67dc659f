/**
 * Makes what the house does visible from outside: spans and log lines. It stands around the rooms that it watches, so
 * that none of them knows of it.
 */
import type { Core } from '@strapi/strapi';
import type { Config } from '../config/index';
import type { Announce } from '../deliver/announcing.service';
import type { Attempter } from '../deliver/attempt.service';
import type { Bookkeeping } from '../deliver/bookkeeping.service';
import type { Outbox } from '../store/outbox/outbox.service';
import { createLogLines } from './log-lines.service';
import { apiOf, createTracing } from './tracing.service';

type Options = { strapi: Core.Strapi; config: Config; version: string };

export const createSight = ({ strapi, config, version }: Options) => {
  const api = apiOf(strapi);
  const tracing = api && createTracing({ api, version, propagate: config.tracing.propagate });
  const lines = createLogLines(strapi, config.log);

  const add =
    (outbox: Outbox): Outbox['add'] =>
    async (addressed, context) => {
      const handed = tracing
        ? await tracing.recording(addressed, (placed) => outbox.add(placed, context))
        : await outbox.add(addressed, context);
      await lines.recorded(addressed, context.trx);
      return handed;
    };

  const addFinished =
    (outbox: Outbox): Outbox['addFinished'] =>
    async (event, calls, context) => {
      await outbox.addFinished(event, calls, context);
      await lines.called(event, calls, context.trx);
    };

  return {
    outbox: (outbox: Outbox): Outbox => ({
      ...outbox,
      add: add(outbox),
      addFinished: addFinished(outbox),
    }),
    announce:
      (announce: Announce): Announce =>
      async (news, context) => {
        await announce(news, context);
        await lines.announced(news, context.trx);
      },
    attempt: (attempt: Attempter): Attempter => tracing?.attempting(attempt) ?? attempt,
    bookkeeping:
      (keep: Bookkeeping): Bookkeeping =>
      async (batch) => {
        const written = await keep(batch);
        lines.attempted(written.recorded);
        return written;
      },
  };
};
