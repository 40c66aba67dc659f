/** Shows deliveries only as far as an administrator may read them: documents, bodies, and titles in a search. */
import { isDeepStrictEqual } from 'node:util';
import type { Core } from '@strapi/strapi';
import { EVENT_CATALOGUE, type EventTraits } from '../../contract/catalogue';
import type { Attempt, Delivery, DeliveryDetail, DeliveryDocument } from '../../contract/delivery';
import type { WebhookEvent } from '../../contract/event';
import type { Outbox } from '../../store/outbox/outbox.service';
import { eventOf } from '../../store/outbox/rows';
import { rowGroupOf, type Place } from '../../strapi/model/content-model';
import type { Schemas } from '../../strapi/model/schema.service';
import type { Requester, Row } from '../../strapi/permissions/permissions.service';
import {
  titleIn,
  type Content,
  type Reading,
  type Titles,
} from '../../strapi/permissions/reading.service';
import { withRelated } from '../../strapi/model/document-tree';

type Options = {
  strapi: Core.Strapi;
  outbox: Outbox;
  schemas: Schemas;
  reading: Reading;
  titles: Titles;
};

/** Filters whose search was looked up. */
export type Searched<Filters extends { search?: string }> = Omit<Filters, 'search'> & {
  search?: { text: string; documentIds: readonly string[] };
};

/** Documents found in one content type: more than a page of results, fewer than a statement takes. */
const MOST_OF_ONE_TYPE = 500;
/** Documents found in all content types: a statement takes a limited number of values. */
const MOST_IN_ALL = 5000;
/** A list is read every few seconds: larger events are not read for a title alone. */
const MOST_CHARACTERS = 100_000;

/** Events of these sections carry no document. */
const OPEN_SECTIONS = new Set<EventTraits['section']>(['model', 'replication', 'webhook']);
const OPEN_EVENTS: ReadonlySet<string> = new Set(
  EVENT_CATALOGUE.filter(({ section }) => OPEN_SECTIONS.has(section)).map(({ name }) => name),
);

export const createReadableDeliveries = (options: Options) => {
  const { strapi, outbox, schemas, reading, titles } = options;
  const { modelOf } = schemas;

  /** Deliveries without the bodies about documents that the requester may not read as a whole. */
  async function withoutHidden(
    details: readonly DeliveryDetail[],
    requester: Requester,
  ): Promise<DeliveryDetail[]> {
    const closed = details.filter(({ event }) => !OPEN_EVENTS.has(event));
    const readable = await areReadable(await eventsOf(closed), requester);
    const hidden = new Set(closed.filter((_detail, index) => !readable[index]));
    return details.map((detail) =>
      hidden.has(detail)
        ? { ...detail, isContentHidden: true, attempts: detail.attempts.map(withoutBodies) }
        : detail,
    );
  }

  /** The events of these deliveries; null for an event that is no longer stored. */
  async function eventsOf(details: readonly DeliveryDetail[]) {
    const payloads = await outbox.eventsOf(details.map(({ eventId }) => ({ event_id: eventId })));
    return details.map(({ eventId }) => {
      const payload = payloads.get(eventId);
      return payload === undefined ? null : eventOf(payload);
    });
  }

  /** Whether the requester may read all that each event holds of a document. */
  async function areReadable(
    events: readonly (WebhookEvent | null)[],
    requester: Requester,
  ): Promise<boolean[]> {
    const by = reading.by(requester);
    const contents = events.map((event) => (event ? contentsOf(event) : []));
    const all = contents.flat();
    const parts = await by.permitted(all);
    const partOf = new Map(all.map((content, index) => [content, parts[index]]));
    const isReadable = async (event: WebhookEvent | null, held: readonly Content[]) => {
      if (!event) return false;
      if (event.uid !== null && held.length === 0) return by.mayReadWhole(event.uid, null);
      return held.every((content) => isWhole(content, partOf.get(content)));
    };
    return Promise.all(events.map((event, index) => isReadable(event, contents[index] ?? [])));
  }

  function isWhole(content: Content, part: Row | null | undefined): boolean {
    if (part == null) return false;
    return isDeepStrictEqual(comparable(content), comparable({ uid: content.uid, row: part }));
  }

  /** Without administrators: Strapi shows everybody only a part of them. */
  function comparable({ uid, row }: Content): unknown {
    const model = modelOf(uid);
    const replace = (related: Content) => (related.uid.startsWith('admin::') ? null : related.row);
    // As JSON: a new value may be a Date, where the stored one is text.
    return JSON.parse(JSON.stringify(model ? withRelated(row, model, { modelOf, replace }) : row));
  }

  /** The same deliveries, each with its document. */
  async function withDocuments<One extends Delivery>(
    deliveries: readonly One[],
    requester: Requester,
  ): Promise<(One & { document: DeliveryDocument | null })[]> {
    const placed = deliveries.flatMap((delivery) => {
      const place = placeOf(delivery);
      return place ? [{ delivery, place }] : [];
    });
    const found = await titles.found(
      placed.map(({ place }) => place),
      requester,
    );
    const former = await formerTitles(
      placed.flatMap(({ delivery }, index) => (found[index] ? [] : [delivery])),
      requester,
    );
    const documents = placed.map(async ({ delivery, place: { uid } }, index) => {
      const current = found[index] ?? null;
      const document: DeliveryDocument = {
        title: current ? current.title : (former.get(delivery.eventId) ?? null),
        contentType: await contentTypeOf(uid),
        // The media library, locales and releases have pages of their own.
        isOpenable: current !== null && rowGroupOf(uid) === null,
      };
      return [delivery, document] as const;
    });
    const documentOf = new Map<One, DeliveryDocument>(await Promise.all(documents));
    return deliveries.map((one) => ({ ...one, document: documentOf.get(one) ?? null }));
  }

  /** For documents that are gone or hidden: those titles in their events that may be read, by event id. */
  async function formerTitles(
    deliveries: readonly Delivery[],
    requester: Requester,
  ): Promise<ReadonlyMap<string, string | null>> {
    const ids = [...new Set(deliveries.map(({ eventId }) => eventId))];
    const payloads = await outbox.log.smallEvents(ids, MOST_CHARACTERS);
    const contents = payloads.flatMap((payload) => {
      const { id, uid, entry, previous } = JSON.parse(payload) as WebhookEvent;
      const row = entry ?? previous;
      return uid === null || !row ? [] : [{ id, uid, row }];
    });
    const parts = await reading.by(requester).permitted(contents);
    const named = contents.map(async ({ id, uid }, index): Promise<[string, string | null]> => {
      const field = (await schemas.infoOf(uid))?.mainField;
      return [id, field ? titleIn(parts[index]?.[field]) : null];
    });
    return new Map(await Promise.all(named));
  }

  async function contentTypeOf(uid: string): Promise<DeliveryDocument['contentType']> {
    const info = await schemas.infoOf(uid);
    return info && { displayName: info.displayName, kind: info.kind };
  }

  /** Looks up the text of a search in the log: in titles that the requester may read, and as an id. */
  async function searched<Filters extends { search?: string }>(
    { search: text, ...filters }: Filters,
    requester: Requester,
  ): Promise<Searched<Filters>> {
    if (text === undefined) return filters;
    return { ...filters, search: { text, documentIds: await documentsTitled(text, requester) } };
  }

  /** Titles are read from the documents. The log keeps none, so that it never shows one that may not be read. */
  async function documentsTitled(text: string, requester: Requester): Promise<string[]> {
    const by = reading.by(requester);
    const found: string[] = [];
    for (const uid of Object.keys(strapi.contentTypes)) {
      const info = by.mayReadSome(uid) ? await schemas.infoOf(uid) : null;
      if (!info?.mainField) continue;
      const wanted = { field: info.mainField, text, limit: MOST_OF_ONE_TYPE };
      found.push(...(await by.containing(uid, wanted)));
    }
    return found.slice(0, MOST_IN_ALL);
  }

  return { withoutHidden, withDocuments, searched };
};

export type ReadableDeliveries = ReturnType<typeof createReadableDeliveries>;

const withoutBodies = ({ request, response, ...attempt }: Attempt): Attempt => ({
  ...attempt,
  request: { ...request, body: '' },
  response: response && { ...response, body: '' },
});

const contentsOf = ({ uid, entry, previous }: WebhookEvent): Content[] =>
  uid === null ? [] : [entry, previous].flatMap((row) => (row ? [{ uid, row }] : []));

const placeOf = ({ uid, documentId, locale }: Delivery): Place | null =>
  uid === null || documentId === null ? null : { uid, documentId, locale };
