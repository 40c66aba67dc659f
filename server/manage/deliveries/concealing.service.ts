/** Keeps what a delivery says about a document from administrators who may not read all of it. */
import { isDeepStrictEqual } from 'node:util';
import type { Requester, Row } from '../../strapi/permissions/permissions.service';
import type { Content, Reading } from '../../strapi/permissions/reading.service';
import { withRelated } from '../../strapi/model/document-tree';
import { EVENT_CATALOGUE, type EventTraits } from '../../contract/catalogue';
import type { Attempt, DeliveryDetail } from '../../contract/delivery';
import type { WebhookEvent } from '../../contract/event';
import type { Outbox } from '../../store/outbox/outbox.service';
import type { DeliveryRow } from '../../store/outbox/rows';
import { eventOf } from '../../store/outbox/rows';
import type { Schemas } from '../../strapi/model/schema.service';

type Options = { outbox: Outbox; schemas: Schemas; reading: Reading };

/** Events of these sections carry no document. */
const OPEN_SECTIONS = new Set<EventTraits['section']>(['model', 'replication', 'webhook']);
const OPEN_EVENTS: ReadonlySet<string> = new Set(
  EVENT_CATALOGUE.filter(({ section }) => OPEN_SECTIONS.has(section)).map(({ name }) => name),
);

const without = ({ request, response, ...attempt }: Attempt): Attempt => ({
  ...attempt,
  request: { ...request, body: '' },
  response: response && { ...response, body: '' },
});

export const createConcealing = ({ outbox, schemas, reading }: Options) => {
  const { modelOf } = schemas;

  /** Without administrators, of whom Strapi shows a part only, whoever asks. */
  const comparable = ({ uid, row }: Content): unknown => {
    const model = modelOf(uid);
    const replace = (related: Content) => (related.uid.startsWith('admin::') ? null : related.row);
    // As JSON has it: what is stored as text may hold a Date when it is new.
    return JSON.parse(JSON.stringify(model ? withRelated(row, model, { modelOf, replace }) : row));
  };

  const isWhole = (content: Content, part: Row | null | undefined): boolean =>
    part != null &&
    isDeepStrictEqual(comparable(content), comparable({ uid: content.uid, row: part }));

  const contentsOf = ({ uid, entry, previous }: WebhookEvent): Content[] =>
    uid === null ? [] : [entry, previous].flatMap((row) => (row ? [{ uid, row }] : []));

  /** The events of these deliveries; null where one is not known any more. */
  const eventsOf = async (details: readonly DeliveryDetail[]) => {
    const rows = details.map(({ eventId }) => ({ event_id: eventId }) as DeliveryRow);
    const payloads = await outbox.eventsOf(rows);
    return details.map(({ eventId }) => {
      const payload = payloads.get(eventId);
      return payload === undefined ? null : eventOf(payload);
    });
  };

  /** Whether the requester may read all that each event says about a document. */
  const areReadable = async (
    events: readonly (WebhookEvent | null)[],
    requester: Requester,
  ): Promise<boolean[]> => {
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
  };

  /** Deliveries with their bodies where the requester may read the whole document in them, and without where not. */
  return async (
    details: readonly DeliveryDetail[],
    requester: Requester,
  ): Promise<DeliveryDetail[]> => {
    const closed = details.filter(({ event }) => !OPEN_EVENTS.has(event));
    const readable = await areReadable(await eventsOf(closed), requester);
    const hidden = new Set(closed.filter((_detail, index) => !readable[index]));
    return details.map((detail) =>
      hidden.has(detail)
        ? { ...detail, isContentHidden: true, attempts: detail.attempts.map(without) }
        : detail,
    );
  };
};

export type Conceal = ReturnType<typeof createConcealing>;
