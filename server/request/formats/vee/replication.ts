/** A replication, as the Visual Experience Engine tells of one: the documents in flat lists, banners apart from content. */
import { PLUGIN_ID } from '../../../contract/names';
import type { ReplicationFacts } from '../../../contract/event';
import type { FormatInput, Tree } from '../format-input';
import { momentOf } from './content';

/** What is a banner there is a schedule here. */
const BANNER = `plugin::${PLUGIN_ID}.schedule`;

const listsOf = ({ counts, replicatedCount, replicatedIds }: ReplicationFacts): Tree => {
  const { [BANNER]: banners = [], ...content } = replicatedIds;
  const bannerCount = counts[BANNER] ?? 0;
  const contentIds = Object.values(content).flat();
  return {
    replicatedCount,
    replicatedIds: [...banners, ...contentIds],
    replicatedBannerIds: banners,
    replicatedBannerCount: bannerCount,
    replicatedContentIds: contentIds,
    replicatedContentCount: replicatedCount - bannerCount,
  };
};

/** A replication here is of no single banner: `bannerId` is there, a text as theirs is, and empty. */
export const replicationData = ({ event }: FormatInput): Tree => {
  const { replication: facts } = event;
  if (!facts) return { data: event.entry };
  const { id, source, destination, status, completedAt, error } = facts;
  const isOver = status !== 'In Progress';
  return {
    replicationId: id,
    source,
    destination,
    // A cancelled one has failed there: it knows no third end.
    status: status === 'Cancelled' ? 'Failed' : status,
    bannerId: '',
    ...(isOver ? { completedAt: completedAt === null ? null : momentOf(completedAt) } : {}),
    ...(isOver ? listsOf(facts) : {}),
    ...(error === null ? {} : { error }),
    name: facts.name,
    trigger: facts.trigger,
    kind: facts.kind,
    ...(isOver ? { counts: facts.counts } : {}),
    ...(facts.idsTruncated ? { idsTruncated: true } : {}),
  };
};
