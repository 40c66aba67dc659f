/** A document of a content type that is configured as screens. */
import { traitsOf } from '../../../contract/catalogue';
import type { WebhookEvent } from '../../../contract/event';
import type { FormatInput, Tree } from '../format-input';
import { componentsOf, countOf, listOf, others } from './as-example';
import { momentOf, nameOf, userOf } from './content';

/** Moments are numbers there, and texts in a document. A project may keep them private: then the event's time stands. */
const momentIn = (value: unknown, { time }: WebhookEvent): number => {
  const moment = typeof value === 'number' ? value : momentOf(String(value));
  return Number.isNaN(moment) ? momentOf(time) : moment;
};

/** In production is what visitors see: a published version. A sample is of no document: its name tells. */
const isInProduction = ({ name, status, isLive }: WebhookEvent) => {
  if (isLive !== undefined) return isLive;
  const verb = traitsOf(name)?.verb;
  if (verb === 'unpublish' || verb === 'delete') return false;
  return verb === 'publish' || status === 'published';
};

/** The keys of the example first. A document's own fields of these names may say something else. */
const documentOf = (input: FormatInput): Tree => {
  const { event } = input;
  const { entry } = event;
  const named = {
    versionCount: countOf(entry?.versionCount, 1),
    platforms: listOf(entry?.platforms),
    createdAt: momentIn(entry?.createdAt, event),
    updatedAt: momentIn(entry?.updatedAt, event),
    inProduction: isInProduction(event),
    deleted: traitsOf(event.name)?.verb === 'delete',
    name: nameOf(input),
    data: componentsOf(entry?.data),
  };
  return { ...named, ...others(entry, named) };
};

export const screenData = (input: FormatInput): Tree => {
  const { event } = input;
  return {
    screenName: nameOf(input),
    data: documentOf(input),
    user: userOf(event),
    timestamp: momentOf(event.time),
    screenId: event.documentId,
    uid: event.uid,
    locale: event.locale,
    changes: event.changes,
  };
};
