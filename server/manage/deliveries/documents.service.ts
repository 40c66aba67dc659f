/** Names the documents of deliveries, as far as an administrator may read them. */
import type { Requester } from '../../strapi/permissions/permissions.service';
import type { Reading } from '../../strapi/permissions/reading.service';
import { titleIn, type Titles } from '../../strapi/permissions/reading.service';
import type { Delivery, DeliveryDocument } from '../../contract/delivery';
import type { WebhookEvent } from '../../contract/event';
import type { Outbox } from '../../store/outbox/outbox.service';
import { rowGroupOf } from '../../strapi/model/content-model';
import type { Schemas } from '../../strapi/model/schema.service';
import type { Place } from '../../strapi/model/place';

type Options = { outbox: Outbox; schemas: Schemas; reading: Reading; titles: Titles };

/** A list is asked for every few seconds: larger events are not read for a title alone. */
const MOST_CHARACTERS = 100_000;

const placeOf = ({ uid, documentId, locale }: Delivery): Place | null =>
  uid === null || documentId === null ? null : { uid, documentId, locale };

export const createDocuments = ({ outbox, schemas, reading, titles }: Options) => {
  /** Of documents that are gone, or hidden: the titles in their events that may be read, by event id. */
  const formerTitles = async (
    deliveries: readonly Delivery[],
    requester: Requester,
  ): Promise<ReadonlyMap<string, string | null>> => {
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
  };

  const contentTypeOf = async (uid: string): Promise<DeliveryDocument['contentType']> => {
    const info = await schemas.infoOf(uid);
    return info && { displayName: info.displayName, kind: info.kind };
  };

  /** The same deliveries, each with its document. */
  return async <One extends Delivery>(
    deliveries: readonly One[],
    requester: Requester,
  ): Promise<(One & { document: DeliveryDocument | null })[]> => {
    const places = deliveries.map(placeOf);
    const there = deliveries.filter((_delivery, index) => places[index] !== null);
    const found = await titles.found(
      there.flatMap((one) => placeOf(one) ?? []),
      requester,
    );
    const documents = new Map(there.map((delivery, index) => [delivery, found[index] ?? null]));
    const gone = there.filter((delivery) => !documents.get(delivery));
    const former = await formerTitles(gone, requester);
    return Promise.all(
      deliveries.map(async (delivery, index) => {
        const uid = places[index]?.uid;
        if (uid === undefined) return { ...delivery, document: null };
        const document = documents.get(delivery);
        return {
          ...delivery,
          document: {
            title: document ? document.title : (former.get(delivery.eventId) ?? null),
            contentType: await contentTypeOf(uid),
            // The media library, locales and releases have pages of their own.
            isOpenable: document != null && rowGroupOf(uid) === null,
          },
        };
      }),
    );
  };
};

export type DocumentsOf = ReturnType<typeof createDocuments>;
