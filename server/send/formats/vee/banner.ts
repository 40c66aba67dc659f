/** A schedule, there a banner: the document with when and where it shows. */
import type { FormatInput, Tree } from '../format-input';
import { flagsOf, listOf, others, textIn } from './as-example';
import { momentOf, nameOf, userOf } from './content';

/** The keys of the example first; `published` is whether visitors see it. */
const documentOf = (input: FormatInput): Tree => {
  const { event } = input;
  const { entry } = event;
  const named = {
    name: nameOf(input),
    // A sample is of no document: it shows what its step would do.
    published: event.isLive ?? event.name === 'schedule.publish',
    locations: listOf(entry?.locations),
    appType: textIn(entry?.appType) ?? 'web',
    devices: flagsOf(entry?.devices),
    screenTypes: flagsOf(entry?.screenTypes),
  };
  return { ...named, ...others(entry, named) };
};

export const bannerData = (input: FormatInput): Tree => {
  const { event } = input;
  return {
    bannerId: event.schedule?.id ?? event.documentId ?? '',
    data: documentOf(input),
    user: userOf(event),
    timestamp: momentOf(event.time),
    uid: event.uid,
    documentId: event.documentId,
    locale: event.locale,
    schedule: event.schedule ?? null,
  };
};
