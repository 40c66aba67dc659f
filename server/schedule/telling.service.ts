/** Tells of a schedule, with the document as it then is, in the transaction that is open. */
import type { Core } from '@strapi/strapi';
import type { Actor, FieldChange } from '../contract/event';
import type { EventName } from '../contract/catalogue';
import type { Live } from '../capture/reader.service';
import type { Recorder } from '../capture/recorder.service';
import type { Schemas } from '../strapi/model/schema.service';
import { factsOf, type ScheduleRow } from './plan';

type Options = { strapi: Core.Strapi; schemas: Schemas; recorder: Recorder; live: Live };
type Told = {
  by?: Actor;
  changes?: FieldChange[];
  /** Of a document that is no longer there to be read. */
  entry?: Record<string, unknown> | null;
};
type Place = Pick<ScheduleRow, 'uid' | 'documentId' | 'locale'>;

export const createTelling = ({ strapi, schemas, recorder, live }: Options) => {
  const entryOf = async ({ uid, documentId, locale }: Place) => {
    const type = schemas.watched(uid);
    if (!type) return null;
    const row = await strapi.db.query(uid).findOne({
      where: { documentId, ...(locale === null ? {} : { locale }), publishedAt: null },
      populate: type.populate as never,
    });
    return row ? type.visible(row) : null;
  };

  /** A system's act names the editor who asked for it. */
  const systemFor = (row: ScheduleRow): Actor => {
    const asked = row.actor ? (JSON.parse(row.actor) as Actor) : null;
    return { type: 'system', id: null, name: asked?.name ?? null };
  };

  /** `by` is whoever did it; left out, it is the system's act. */
  const tell = async (
    name: EventName,
    row: ScheduleRow,
    { by, changes = [], entry }: Told = {},
  ): Promise<void> => {
    const { uid, documentId, locale } = row;
    await recorder.record([
      {
        name,
        uid,
        model: schemas.watched(uid)?.model.modelName ?? null,
        documentId,
        locale,
        status: name === 'schedule.publish' ? 'published' : 'draft',
        entry: entry === undefined ? await entryOf(row) : entry,
        previous: null,
        changes,
        actor: by ?? systemFor(row),
        schedule: factsOf(row),
        isLive: schemas.watched(uid) !== null && (await live(row)),
      },
    ]);
  };

  return { tell, entryOf };
};

export type Telling = ReturnType<typeof createTelling>;
