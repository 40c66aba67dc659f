/** Names and identifies events, finds the webhooks that want them, and stores both in the transaction that is open. */
import type { Core } from '@strapi/strapi';
import type { Knex } from 'knex';
import { traitsOf } from '../contract/catalogue';
import type { WebhookEvent } from '../contract/event';
import type { Active, ActiveWebhook } from '../match/active.service';
import type { TypesAt } from '../match/filter';
import { addresseesOf, couldAnyWant, type Prospect } from '../match/matching';
import { BODY_FORMATS } from '../send/formats/formats';
import type { Addressed, Handed } from '../store/outbox/add.service';
import { eventId, type EventTimes } from '../store/outbox/events.service';
import type { Outbox } from '../store/outbox/outbox.service';
import { afterCommit, joinTransaction } from '../strapi/database.service';
import type { Clock } from '../strapi/clock.service';
import { momentary, refused } from '../strapi/errors';
import type { Happening } from './events';
import type { Live } from './reader.service';

/** The state of an event's document in its workflow; null if it has none. */
export type StateOfEvent = (
  event: Pick<WebhookEvent, 'uid' | 'documentId' | 'locale' | 'status' | 'name'>,
  trx: Knex.Transaction,
) => Promise<NonNullable<WebhookEvent['workflowState']> | null>;

/** The dispatcher, as the capture uses it. */
export type Handover = {
  /**
   * A claim on a delivery that is being stored for a webhook, if it can be sent right after the commit, besides the
   * `promised` ones that the same transaction got claims for.
   */
  claimFor(webhookId: string, promised: number): { claimId: string; leaseUntil: number } | null;
  /** After the commit: the deliveries that were claimed so, and the webhooks that have more waiting. Returns at once. */
  stored(news: { handed: Handed[]; waiting: string[] }): void;
};

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
  /** Content types that the project calls screens: their changes are `screen.*` instead of `entry.*`. */
  screens: readonly string[];
  live: Live;
};

type How = { trx: Knex.Transaction; isAhead: boolean };
type Stored = { handed: Handed[]; waiting: string[]; eventIds: string[] };

export function createRecorder(options: Options) {
  const { strapi, active, outbox, clock, eventTime, handover, typesAt, stateOfEvent } = options;
  const isScreen = (uid: string | null) => uid !== null && options.screens.includes(uid);

  /** Whether any webhook could want an event of a coming change. Cheap: without such a webhook, nothing is read. */
  const isWanted = async ({ uid, names }: Prospect): Promise<boolean> => {
    const prospect = { uid, names: isScreen(uid) ? names.map(screenName) : names };
    return couldAnyWant(await active.recipients(), prospect);
  };

  const withScreenNames = async (happenings: Happening[]): Promise<Happening[]> => {
    const named: Happening[] = [];
    for (const one of happenings)
      named.push(
        isScreen(one.uid)
          ? { ...one, name: screenName(one.name), isLive: await isLive(one, options.live) }
          : one,
      );
    return named;
  };

  /** Only wanted events get a time: each is a millisecond, and very many would run ahead of the clock. */
  const addressedTo = (happenings: Happening[], webhooks: readonly ActiveWebhook[]): Addressed[] =>
    happenings.flatMap((happening) => {
      const addressees = addresseesOf({ id: '', time: '', ...happening }, webhooks, typesAt);
      if (addressees.length === 0) return [];
      const event = { id: eventId(), time: eventTime(), ...happening };
      return [{ event, webhooks: addressees }];
    });

  /** Claims per transaction and webhook: before the commit they show nowhere else, however much a transaction stores. */
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

  /** Only if a webhook's format sends the state: reading it costs a save several queries. */
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

  const store = async (happenings: Happening[], { trx, isAhead }: How): Promise<Stored | null> => {
    const addressed = addressedTo(happenings, await active.recipients());
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
      throw isTooLarge(error) ? refused('event-too-large') : momentary('deliveries-not-stored');
    }
  };

  /** The dispatcher is notified when the outermost transaction commits. Answers how to take the events back. */
  const recordIn = async (
    happenings: Happening[],
    isAhead: boolean,
  ): Promise<(() => Promise<void>) | null> => {
    if (happenings.length === 0) return null;
    const named = await withScreenNames(happenings);
    return joinTransaction(strapi, async (trx) => {
      const stored = await storeOrExplain(named, { trx, isAhead });
      if (!stored) return null;
      const { eventIds, ...news } = stored;
      await afterCommit(strapi, trx, () => handover.stored(news));
      return () => outbox.takeBack(eventIds, trx);
    });
  };

  return {
    isWanted,
    record: async (happenings: Happening[]): Promise<void> => {
      await recordIn(happenings, false);
    },
    /** Records a change before it happens. Answers how to take its events back if it does not happen. */
    recordAhead: async (happenings: Happening[]): Promise<() => Promise<void>> => {
      const takeBack = await recordIn(happenings, true);
      return async () => takeBack?.();
    },
  };
}

export type Recorder = ReturnType<typeof createRecorder>;

function screenName(name: string): string {
  const traits = traitsOf(name);
  return traits?.group === 'entry' ? `screen.${traits.verb}` : name;
}

/** Whether visitors see a document after its change. Only the database knows whether a draft also has a published version. */
async function isLive(happening: Happening, live: Live): Promise<boolean> {
  const { name, uid, documentId, locale, status } = happening;
  const verb = traitsOf(name)?.verb;
  if (verb === 'unpublish' || verb === 'delete') return false;
  if (status === 'published') return true;
  return uid !== null && documentId !== null && (await live({ uid, documentId, locale }));
}

/** The webhooks for which something was stored but not handed over. */
function waitingFor(addressed: Addressed[], handed: Handed[]): string[] {
  const isHanded = new Set(handed.map(({ row }) => `${row.event_id} ${row.webhook_id}`));
  const waiting = addressed.flatMap(({ event, webhooks }) =>
    webhooks
      .filter(({ id, cancelledBecause }) => !cancelledBecause && !isHanded.has(`${event.id} ${id}`))
      .map(({ id }) => id),
  );
  return [...new Set(waiting)];
}

const isTooLarge = (error: unknown) =>
  error instanceof RangeError && /string length/i.test(error.message);
