/** A document of a content type that is configured as screens. */
import type { WebhookEvent } from '../../../contract/event';
import type { FormatInput, Tree } from '../format-input';
import { momentOf, nameOf, userOf } from './content';

/** Moments are numbers there, and texts in a document. */
const momentsOf = (entry: Tree): Tree =>
  Object.fromEntries(
    ['createdAt', 'updatedAt']
      .filter((field) => typeof entry[field] === 'string')
      .map((field) => [field, momentOf(entry[field] as string)]),
  );

/** In production is what visitors see: a published version. A sample is of no document: its name tells. */
const isInProduction = ({ name, status, isLive }: WebhookEvent) =>
  isLive ??
  (!/\.(unpublish|delete)$/.test(name) && (name.endsWith('.publish') || status === 'published'));

/** Told of the event itself: a document's own fields of these names would say something else. */
const COMPUTED = ['createdAt', 'updatedAt', 'inProduction', 'deleted', 'name', 'data'];

/** The keys of an example payload first, as far as the document has them, in their order. */
export const screenData = (input: FormatInput): Tree => {
  const { event } = input;
  const { versionCount, platforms, ...entry } = event.entry ?? {};
  const name = nameOf(input);
  return {
    screenName: name,
    data: {
      ...(versionCount === undefined ? {} : { versionCount }),
      ...(platforms === undefined ? {} : { platforms }),
      ...momentsOf(entry),
      inProduction: isInProduction(event),
      deleted: event.name.endsWith('.delete'),
      name,
      data: entry.data ?? {},
      ...Object.fromEntries(Object.entries(entry).filter(([field]) => !COMPUTED.includes(field))),
    },
    user: userOf(event),
    timestamp: momentOf(event.time),
    screenId: event.documentId,
    uid: event.uid,
    locale: event.locale,
    changes: event.changes,
  };
};
