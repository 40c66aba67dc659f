/** Claimed rows with all that an attempt needs of them, read for a whole claim at once. */
import type { ContentTypeInfo } from '../contract/content-type';
import type { WebhookEvent } from '../contract/event';
import type { ClaimClass, ClaimedRow } from '../outbox/claim.service';
import type { Outbox } from '../outbox/outbox.service';
import type { Letter } from './attempt.service';

export type Job = { row: ClaimedRow; claimClass: ClaimClass; letter: Letter };

type Options = {
  outbox: Outbox;
  infoOf(uid: string): Promise<ContentTypeInfo | null>;
};

const missing = (row: ClaimedRow): never => {
  throw new Error(`The event ${row.event_id} of delivery ${row.id} is not in the database.`);
};

export const createJobs = ({ outbox, infoOf }: Options) => {
  const infosOf = async (
    rows: readonly ClaimedRow[],
  ): Promise<Map<string, ContentTypeInfo | null>> => {
    const uids = [...new Set(rows.flatMap(({ uid }) => uid ?? []))];
    return new Map(await Promise.all(uids.map(async (uid) => [uid, await infoOf(uid)] as const)));
  };

  return async (rows: ClaimedRow[], claimClass: ClaimClass): Promise<Job[]> => {
    const [events, bodies, infos] = await Promise.all([
      outbox.eventsOf(rows),
      outbox.bodiesOf(rows),
      infosOf(rows),
    ]);
    return rows.map((row) => ({
      row,
      claimClass,
      letter: {
        eventId: row.event_id,
        eventName: row.event,
        format: row.format,
        serialization: row.serialization,
        webhook: { id: row.webhook_id, name: row.webhook_name },
        sentBody: bodies.get(row.id) ?? null,
        event: () => JSON.parse(events.get(row.event_id) ?? missing(row)) as WebhookEvent,
        model: row.uid === null ? null : (infos.get(row.uid) ?? null),
      },
    }));
  };
};

export type Jobs = ReturnType<typeof createJobs>;
