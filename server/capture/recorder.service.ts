/** Gives happenings their identity, finds who wants them, and stores both in the transaction that is open. */
import type { Core } from '@strapi/strapi';
import { errors } from '../strapi-errors';
import type { Knex } from 'knex';
import { v7 } from 'uuid';
import type { WebhookEvent } from '../contract/event';
import type { Clock } from '../delivery/clock.service';
import { couldWant, matching, type Prospect } from '../match/matching';
import type { Outbox } from '../outbox/outbox.service';
import type { Active } from '../webhooks/active.service';
import type { Happening } from './events-of';

type Options = {
  strapi: Core.Strapi;
  active: Active;
  outbox: Outbox;
  clock: Clock;
  /** Says that these webhooks have something to send. */
  wake(webhookIds: string[]): void;
};

export const eventId = () => `evt_${v7().replaceAll('-', '')}`;

const NOT_STORED =
  'Nothing was saved: the webhook deliveries of this change could not be stored, and without them its receivers would never learn of it. Try again; if it goes on, the server log says why.';

export const createRecorder = ({ strapi, active, outbox, clock, wake }: Options) => {
  /** Whether any webhook could want what is about to happen. Cheap: nothing is read for nobody. */
  const isWanted = async (prospect: Prospect): Promise<boolean> =>
    (await active.active()).some((webhook) => couldWant(webhook, prospect));

  const frozen = (happening: Happening, now: number): WebhookEvent => ({
    id: eventId(),
    time: new Date(now).toISOString(),
    ...happening,
  });

  const store = async (happenings: Happening[], trx: Knex.Transaction): Promise<string[]> => {
    const now = clock.now();
    const webhooks = await active.active();
    const addressed = happenings
      .map((happening) => frozen(happening, now))
      .map((event) => ({ event, webhooks: matching(event, webhooks) }))
      .filter((one) => one.webhooks.length > 0);
    if (addressed.length > 0) await outbox.add(addressed, { trx, now });
    return [...new Set(addressed.flatMap((one) => one.webhooks.map(({ id }) => id)))];
  };

  const storeOrExplain = async (
    happenings: Happening[],
    trx: Knex.Transaction,
  ): Promise<string[]> => {
    try {
      return await store(happenings, trx);
    } catch (error) {
      strapi.log.error(
        `workflow-webhooks: deliveries could not be stored: ${error instanceof Error ? error.stack : error}`,
      );
      throw new errors.ApplicationError(NOT_STORED);
    }
  };

  /** Inside a Strapi transaction; the dispatcher is woken when the outermost one commits. */
  const record = async (happenings: Happening[]): Promise<void> => {
    if (happenings.length === 0) return;
    await strapi.db.transaction(async ({ trx, onCommit }) => {
      const webhookIds = await storeOrExplain(happenings, trx as unknown as Knex.Transaction);
      if (webhookIds.length > 0) onCommit(() => wake(webhookIds));
    });
  };

  return { isWanted, record };
};

export type Recorder = ReturnType<typeof createRecorder>;
