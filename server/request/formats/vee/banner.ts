/** A schedule, there a banner: the document with when and where it shows. */
import type { FormatInput, Tree } from '../format-input';
import { momentOf, nameOf, userOf } from './content';

const FIELDS = ['locations', 'appType', 'devices', 'screenTypes'];

/** The keys of the example first, as far as the document has them; `published` is whether visitors see it. */
export const bannerData = (input: FormatInput): Tree => {
  const { event } = input;
  const entry = event.entry ?? {};
  const has = FIELDS.filter((field) => entry[field] !== undefined);
  const rest = Object.entries(entry).filter(
    ([field]) => !['name', 'published', ...FIELDS].includes(field),
  );
  return {
    bannerId: event.schedule?.id ?? event.documentId,
    data: {
      name: nameOf(input),
      // A sample is of no document: it shows what its step would do.
      published: event.isLive ?? event.name === 'schedule.publish',
      ...Object.fromEntries(has.map((field) => [field, entry[field]])),
      ...Object.fromEntries(rest),
    },
    user: userOf(event),
    timestamp: momentOf(event.time),
    uid: event.uid,
    documentId: event.documentId,
    locale: event.locale,
    schedule: event.schedule ?? null,
  };
};
