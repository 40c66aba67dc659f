/** Gives happenings their identity, finds who wants them, and stores both in the transaction that is open. */
import type { Core } from '@strapi/strapi';
import type { Knex } from 'knex';
import type { WebhookEvent } from '../contract/event';
import type { Clock } from '../strapi/clock.service';
import { Momentary, errors } from '../strapi/errors';
import { addresseesOf } from '../match/binding';
import type { TypesAt } from '../match/compare';
import { couldWant, type Prospect } from '../match/matching';
import type { Addressed, Handed } from '../store/outbox/add.service';
import type { Outbox } from '../store/outbox/outbox.service';
import { committed } from '../store/transaction.service';
import { BODY_FORMATS } from '../send/formats/formats';
import type { ActiveWebhook } from '../match/active';
import type { Active } from '../match/active.service';
import { eventId } from '../store/outbox/events.service';
import type { EventTimes } from '../store/outbox/events.service';
import type { Happening } from './events-of';

/** The state of an event's document in its workflow; null where it has none. */
export type StateOfEvent = (
  event: Pick<WebhookEvent, 'uid' | 'documentId' | 'locale' | 'status' | 'name'>,
  trx: Knex.Transaction,
) => Promise<NonNullable<WebhookEvent['workflowState']> | null>;

type Options = {
  strapi: Core.Strapi;
  active: Active;
  outbox: Outbox;
  clock: Clock;
  eventTime: EventTimes;
  handover: Handover;
  /** The Strapi types of a field: filters compare by them. */
  typesAt: TypesAt;
  stateOfEvent: StateOfEvent;
};

/** The sending half, as far as the capturing half sees it. */
export type Handover = {
  /**
   * A claim on what is being stored for a webhook, if it can be sent right after the commit, besides the `promised` that
   * the same transaction got claims for.
   */
  claimFor(webhookId: string, promised: number): { claimId: string; leaseUntil: number } | null;
  /** After the commit: what was claimed so, and which webhooks have more waiting. Returns at once. */
  stored(news: { handed: Handed[]; waiting: string[] }): void;
};

type News = Parameters<Handover['stored']>[0];

/** The webhooks of which something was stored but not handed over. */
const waitingFor = (addressed: Addressed[], handed: Handed[]): string[] => {
  const isHanded = new Set(handed.map(({ row }) => `${row.event_id} ${row.webhook_id}`));
  const waiting = addressed.flatMap(({ event, webhooks }) =>
    webhooks
      .filter(({ id, cancelledBecause }) => !cancelledBecause && !isHanded.has(`${event.id} ${id}`))
      .map(({ id }) => id),
  );
  return [...new Set(waiting)];
};

const NOT_STORED =
  'Nothing was saved: the webhook deliveries of this change could not be stored, and without them its receivers would never learn of it. Try again; if it goes on, the server log says why.';

/** Of Node.js, for one string; an event is stored as one. */
const TOO_LARGE =
  'Nothing was saved: with its versions before and after, this document is larger than 512 MB, and webhooks that want its events cannot store them. Save less of it, or disable the webhooks that want it.';

const isTooLarge = (error: unknown) =>
  error instanceof RangeError && /string length/i.test(error.message);

export const createRecorder = (options: Options) => {
  const { strapi, active, outbox, clock, eventTime, handover, typesAt, stateOfEvent } = options;

  /** Whether any webhook could want what is about to happen. Cheap: nothing is read for nobody. */
  const isWanted = async (prospect: Prospect): Promise<boolean> =>
    (await active.hearing()).some((webhook) => couldWant(webhook, prospect));

  const frozen = (happening: Happening): WebhookEvent => ({
    id: eventId(),
    time: eventTime(),
    ...happening,
  });

  /** Only wanted events get a time: each is a millisecond, and very many would run ahead of the clock. */
  const addressedTo = (
    happenings: readonly Happening[],
    webhooks: readonly ActiveWebhook[],
  ): Addressed[] =>
    happenings.flatMap((happening) => {
      const addressees = addresseesOf({ id: '', time: '', ...happening }, webhooks, typesAt);
      return addressees.length > 0 ? [{ event: frozen(happening), webhooks: addressees }] : [];
    });

  /** By transaction: what it got claims for shows nowhere before it commits, however much one transaction stores. */
  const promises = new WeakMap<Knex.Transaction, Map<string, number>>();

  const claimForIn = (trx: Knex.Transaction) => {
    const promised = promises.get(trx) ?? new Map<string, number>();
    promises.set(trx, promised);
    return (webhookId: string) => {
      const count = promised.get(webhookId) ?? 0;
      const claim = handover.claimFor(webhookId, count);
      if (claim) promised.set(webhookId, count + 1);
      return claim;
    };
  };

  /** Only for a webhook whose format sends it: reading it costs a save several queries. */
  const withState = async (addressed: Addressed[], trx: Knex.Transaction): Promise<Addressed[]> => {
    const complete: Addressed[] = [];
    for (const { event, webhooks } of addressed) {
      const isNeeded =
        event.transition === undefined &&
        webhooks.some(({ format }) => BODY_FORMATS[format].needsWorkflowState);
      const state = isNeeded ? { workflowState: await stateOfEvent(event, trx) } : {};
      complete.push({ event: { ...event, ...state }, webhooks });
    }
    return complete;
  };

  type Stored = News & { eventIds: string[] };
  type How = { trx: Knex.Transaction; isAhead: boolean };

  const store = async (happenings: Happening[], { trx, isAhead }: How): Promise<Stored | null> => {
    const addressed = addressedTo(happenings, await active.hearing());
    if (addressed.length === 0) return null;
    const complete = await withState(addressed, trx);
    const claimFor = isAhead ? undefined : claimForIn(trx);
    const handed = await outbox.add(complete, { trx, now: clock.now(), claimFor });
    const eventIds = complete.map(({ event }) => event.id);
    return { handed, waiting: waitingFor(complete, handed), eventIds };
  };

  const storeOrExplain = async (happenings: Happening[], how: How): Promise<Stored | null> => {
    try {
      return await store(happenings, how);
    } catch (error) {
      strapi.log.error(
        `workflow-webhooks: deliveries could not be stored: ${error instanceof Error ? error.stack : error}`,
      );
      throw isTooLarge(error) ? new errors.ApplicationError(TOO_LARGE) : new Momentary(NOT_STORED);
    }
  };

  /** Inside a Strapi transaction; the dispatcher hears of it when the outermost one commits. */
  const recordIn = async (
    happenings: Happening[],
    isAhead: boolean,
  ): Promise<(How & { eventIds: string[] }) | null> => {
    if (happenings.length === 0) return null;
    return strapi.db.transaction(async ({ trx, onCommit }) => {
      const transaction = trx as unknown as Knex.Transaction;
      const stored = await storeOrExplain(happenings, { trx: transaction, isAhead });
      if (!stored) return null;
      const { eventIds, ...news } = stored;
      // Strapi calls this also where the COMMIT itself was lost: what is nowhere must not be sent.
      const handOver = () => handover.stored(news);
      onCommit(() => void committed(transaction).then(handOver, () => undefined));
      return { eventIds, trx: transaction, isAhead };
    });
  };

  const record = async (happenings: Happening[]): Promise<void> => {
    await recordIn(happenings, false);
  };

  /** Of what is about to happen, in the transaction that is open. Answers how to take the events back if it does not. */
  const recordAhead = async (happenings: Happening[]): Promise<() => Promise<void>> => {
    const stored = await recordIn(happenings, true);
    return async () => {
      if (stored) await outbox.takeBack(stored.eventIds, stored.trx);
    };
  };

  return { isWanted, record, recordAhead };
};

export type Recorder = ReturnType<typeof createRecorder>;
