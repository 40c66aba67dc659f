/** The events and audit entries of schedules, and the cancellation of schedules whose document is deleted. */
import type { Core } from '@strapi/strapi';
import type { Live } from '../capture/reader.service';
import type { Recorder } from '../capture/recorder.service';
import type { AuditAction } from '../contract/api';
import type { EventName } from '../contract/catalogue';
import type { Actor, FieldChange } from '../contract/event';
import type { Audit } from '../store/audit.service';
import { rowsOf, type InTransaction, type Rows } from '../strapi/database.service';
import type { DocumentMiddleware } from '../strapi/documents.service';
import type { Place } from '../strapi/model/content-model';
import type { Schemas } from '../strapi/model/schema.service';
import { ended, factsOf, GONE, type ScheduleRow } from './plan';

type Options = {
  strapi: Core.Strapi;
  schemas: Schemas;
  recorder: Recorder;
  live: Live;
  audit: Audit;
};
type Cause = {
  /** The user who caused it; if left out, the server itself did. */
  by?: Actor;
  changes?: FieldChange[];
  /** The document, if it can no longer be read. */
  entry?: Record<string, unknown> | null;
};

export function createScheduleNotices({ strapi, schemas, recorder, live, audit }: Options) {
  const trail = audit.of('schedule');

  /** Named by type and id: a title is content, which the readers of the trail need not be allowed to read. */
  async function audited(
    { scheduleId, uid, documentId, locale }: Place & Pick<ScheduleRow, 'scheduleId'>,
    action: AuditAction,
    fields?: string[],
  ): Promise<void> {
    const type = schemas.watched(uid)?.model.info?.displayName ?? uid;
    const name = `${type} ${documentId}${locale === null ? '' : ` (${locale})`}`;
    await trail.recorded(action, async () => ({ documentId: scheduleId, name }), fields);
  }

  /** The draft; null if there is no such document, or not in this locale. */
  async function entryOf({ uid, documentId, locale }: Place) {
    const type = schemas.watched(uid);
    if (!type) return null;
    const row = await rowsOf(strapi, uid).findOne({
      where: { documentId, ...(locale === null ? {} : { locale }), publishedAt: null },
      populate: type.populate,
    });
    return row ? type.visible(row) : null;
  }

  /** Stores an event with the current document, in the transaction that is open. */
  async function record(
    name: EventName,
    row: ScheduleRow,
    { by, changes = [], entry }: Cause = {},
  ): Promise<void> {
    const { uid, documentId, locale } = row;
    const type = schemas.watched(uid);
    await recorder.record([
      {
        ...{ name, uid, documentId, locale, changes },
        model: type?.model.modelName ?? null,
        status: name === 'schedule.publish' ? 'published' : 'draft',
        entry: entry === undefined ? await entryOf(row) : entry,
        previous: null,
        actor: by ?? systemFor(row),
        schedule: factsOf(row),
        isLive: type !== null && (await live(row)),
      },
    ]);
  }

  return { audited, record, entryOf };
}

export type ScheduleNotices = ReturnType<typeof createScheduleNotices>;

/** The server acts under the name of the editor who made the schedule. */
function systemFor({ actor }: ScheduleRow): Actor {
  const editor = actor ? (JSON.parse(actor) as Actor) : null;
  return { type: 'system', id: null, name: editor?.name ?? null };
}

type Cancelling = {
  rows: Rows<ScheduleRow>;
  notices: ScheduleNotices;
  transaction: InTransaction;
  actor(): Actor;
};

/** A document middleware, around the capture. Without it, the schedules of a deleted document would fail later. */
export function cancelWithDocument(options: Cancelling): DocumentMiddleware {
  const { rows, notices, transaction } = options;
  return async ({ uid, action, params }, next) => {
    const { documentId } = params ?? {};
    if (action !== 'delete' || !documentId) return next();
    const found = await rows.findMany({ where: { uid, documentId, state: 'scheduled' } });
    if (found.length === 0) return next();
    // The documents are read while they are still there.
    const open = await Promise.all(
      found.map(async (row) => ({ row, entry: await notices.entryOf(row) })),
    );
    return transaction(async () => {
      const result = await next();
      for (const { row, entry } of open) await cancelIfGone(row, entry, options);
      return result;
    });
  };
}

async function cancelIfGone(
  row: ScheduleRow,
  entry: Cause['entry'],
  { rows, notices, actor }: Cancelling,
): Promise<void> {
  // The deletion may have been of other locales only.
  if (await notices.entryOf(row)) return;
  const data = { ...ended(row), state: 'cancelled' as const, error: GONE };
  const { count } = await rows.updateMany({ where: { id: row.id, state: 'scheduled' }, data });
  if (count === 0) return;
  await notices.audited(row, 'cancelled');
  await notices.record('schedule.delete', { ...row, ...data }, { by: actor(), entry });
}
