/** A publication of one document in one locale, and a replication of everything, as Sitecore's publisher tells them. */
import type { ReplicationFacts } from '../../../contract/event';
import type { FormatInput, Tree } from '../format-input';
import { userName } from './account';
import { braced, EMPTY_GUID, guidOf } from './guid';
import { itemId } from './item';
import { languageOf } from './language';
import { fieldText } from './values';

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
  Languages: [languageOf(input)],
});

/** There, a replication is a publication of the whole site to another target; its source and target are databases. */
export const replicationOptionsOf = (facts: ReplicationFacts, input: FormatInput): Tree => ({
  CompareRevisions: false,
  Deep: true,
  FromDate: facts.startedAt,
  Mode: 'Full',
  PublishDate: input.event.time,
  PublishingTargets: [braced(guidOf('target', facts.destination))],
  RepublishAll: true,
  RecoveryId: guidOf('event', facts.id),
  SourceDatabaseName: facts.source,
  TargetDatabaseName: facts.destination,
  // No single item, but still a GUID: receivers type it so.
  RootItemId: EMPTY_GUID,
  UserName: userName(input),
  WillBeQueued: false,
  Languages: [],
});
