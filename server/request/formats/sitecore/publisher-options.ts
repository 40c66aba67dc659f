/** A publication of one document in one locale, as Sitecore's publisher tells it. */
import type { FormatInput, Tree } from '../format-input';
import { fieldText } from './fields';
import { braced, guidOf } from './guid';
import { itemId } from './item';

export const userName = ({ event }: FormatInput) => event.actor.name ?? event.actor.type;

/** The time of the publication before this one, or of the document's creation. */
const fromDate = ({ event }: FormatInput) =>
  fieldText(event.previous?.publishedAt) || fieldText(event.entry?.createdAt) || event.time;

export const publisherOptionsOf = (input: FormatInput): Tree => ({
  CompareRevisions: false,
  Deep: false,
  FromDate: fromDate(input),
  Mode: 'SingleItem',
  PublishDate: input.event.time,
  PublishingTargets: [braced(guidOf('target', 'web'))],
  RepublishAll: false,
  RecoveryId: guidOf('event', input.event.id),
  SourceDatabaseName: 'master',
  TargetDatabaseName: 'web',
  RootItemId: itemId(input),
  UserName: userName(input),
  WillBeQueued: false,
  Languages: input.event.locale ? [input.event.locale] : [],
});
