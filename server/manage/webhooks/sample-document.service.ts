/** A real document as the sample of an event, as far as the requester may read it. */
import type { Core } from '@strapi/strapi';
import type { Row } from '../../strapi/permissions/permissions.service';
import type { ReadingBy } from '../../strapi/permissions/reading.service';
import type { WebhookEvent } from '../../contract/event';
import type { Sample } from '../../contract/webhook';
import { invalid, errors } from '../../strapi/errors';
import type { Schemas } from '../../strapi/model/schema.service';

/** What the requester may read: a sample must show nobody more than the Content Manager does. */
export type MayRead = Pick<ReadingBy, 'mayReadSome' | 'permitted'>;

const NOT_YOURS =
  'You may not read this document, so it cannot be your sample. Leave the document out, or ask for the permission.';

export const createSampleDocument = ({
  strapi,
  schemas,
}: {
  strapi: Core.Strapi;
  schemas: Schemas;
}) => {
  /** The document as its event would carry it, and as far as the requester may read it, in all its versions. */
  const versionsOf = async (
    uid: string,
    { documentId, locale }: Sample,
    mayRead: MayRead,
  ): Promise<Row[]> => {
    if (!mayRead.mayReadSome(uid)) throw new errors.PolicyError(NOT_YOURS);
    const type = schemas.watched(uid);
    const where = { documentId, ...(locale ? { locale } : {}) };
    const rows: Row[] = type
      ? await strapi.db.query(uid).findMany({ where, populate: type.populate })
      : [];
    if (!type || rows.length === 0)
      throw invalid([
        {
          path: ['documentId'],
          message: `There is no document "${documentId}" of this content type.`,
        },
      ]);
    const contents = rows.map((row) => ({ uid, row: type.visible(row) }));
    return (await mayRead.permitted(contents)).filter((part) => part !== null);
  };

  /** For a publication, the published version where there is one. */
  const documentOf = async (uid: string, sample: Sample, mayRead: MayRead): Promise<Row> => {
    const versions = await versionsOf(uid, sample, mayRead);
    const isPublication = sample.event === 'entry.publish' || sample.event === 'screen.publish';
    const entry =
      versions.find(({ publishedAt }) => Boolean(publishedAt) === isPublication) ?? versions[0];
    if (!entry) throw new errors.PolicyError(NOT_YOURS);
    return entry;
  };

  /** The event about this document; the event as it is where no document was chosen. */
  return async (
    event: WebhookEvent,
    { sample, mayRead }: { sample: Sample; mayRead: MayRead },
  ): Promise<WebhookEvent> => {
    if (!sample.documentId || !event.uid) return event;
    const entry = await documentOf(event.uid, sample, mayRead);
    const locale = (entry.locale as string | null | undefined) ?? null;
    return {
      ...event,
      entry,
      documentId: sample.documentId,
      locale,
      status: entry.publishedAt ? 'published' : 'draft',
      previous: null,
      changes: [],
    };
  };
};
