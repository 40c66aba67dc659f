/** A document, or a file of the media library, as the Visual Experience Engine tells of content. */
import type { WebhookEvent } from '../../../contract/event';
import type { FormatInput, Tree } from '../format-input';

/** There, whoever did it is a text without spaces: their id, or what they are where they have none. */
export const userOf = ({ actor }: WebhookEvent): string => String(actor.id ?? actor.type);

/** A document's `name`, else its main field, else its id. */
export const nameOf = ({ event, model }: FormatInput): string => {
  const { entry, documentId } = event;
  const main = model?.mainField ? entry?.[model.mainField] : undefined;
  return String(entry?.name ?? main ?? documentId);
};

/** Milliseconds since 1970. */
export const momentOf = (time: string): number => Date.parse(time);

/** What a publication or its end did is told by the status alone; else a document's own field of that name stands. */
const statusOf = ({ name, status, entry }: WebhookEvent): unknown => {
  if (name.endsWith('.publish')) return 'published';
  if (name.endsWith('.unpublish')) return 'unpublished';
  return entry?.status ?? status;
};

export const contentData = ({ event }: FormatInput): Tree => {
  const status = statusOf(event);
  const id = event.documentId ?? event.entry?.id;
  return {
    contentId: id === undefined ? null : String(id),
    data: { ...event.entry, ...(status === null ? {} : { status }) },
    user: userOf(event),
    timestamp: momentOf(event.time),
    uid: event.uid,
    locale: event.locale,
    changes: event.changes,
  };
};

/** A content type or a component, which has no document: what tells it apart is its uid. */
export const modelData = ({ event }: FormatInput): Tree => ({
  uid: event.uid,
  data: event.entry,
  user: userOf(event),
  timestamp: momentOf(event.time),
  changes: event.changes,
});
