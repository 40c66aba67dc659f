/** A publication of one document in one locale, and a replication of everything, as Sitecore's publisher tells them. */
import type { ReplicationFacts } from '../../../contract/event';
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
  RootItemId: null,
  UserName: userName(input),
  WillBeQueued: false,
  Languages: [],
});
