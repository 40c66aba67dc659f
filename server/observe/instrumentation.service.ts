/** Adds spans and log lines to the parts that do the work, by wrapping them: none of them knows of it. */
import type { Core } from '@strapi/strapi';
import type { Config } from '../config/index';
import type { Announce, RecordAttempts } from '../deliver/record.service';
import type { Attempter } from '../deliver/attempt.service';
import type { Outbox } from '../store/outbox/outbox.service';
import { createLogLines } from './log-lines.service';
import { apiOf, createTracing } from './tracing.service';

type Options = { strapi: Core.Strapi; config: Config; version: string };

export function createInstrumentation({ strapi, config, version }: Options) {
  const api = apiOf(strapi);
  const tracing = api && createTracing({ api, version, propagate: config.tracing.propagate });
  const lines = createLogLines(strapi, config.log);

  return {
    outbox: (outbox: Outbox): Outbox => ({
      ...outbox,
      add: async (addressed, context) => {
        const stored = tracing
          ? await tracing.recording(addressed, (placed) => outbox.add(placed, context))
          : await outbox.add(addressed, context);
        await lines.recorded(addressed, context.trx);
        return stored;
      },
      addFinished: async (finished, trx) => {
        await outbox.addFinished(finished, trx);
        await lines.called(finished, trx);
      },
    }),
    announce:
      (announce: Announce): Announce =>
      async (news, context) => {
        await announce(news, context);
        await lines.announced(news, context.trx);
      },
    attempt: (attempt: Attempter): Attempter => tracing?.attempting(attempt) ?? attempt,
    recordAttempts:
      (record: RecordAttempts): RecordAttempts =>
      async (batch) => {
        const written = await record(batch);
        lines.attempted(written.recorded);
        return written;
      },
  };
}
