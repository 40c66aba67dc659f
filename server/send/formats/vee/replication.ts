/** A replication, as the Visual Experience Engine tells of one: the documents in flat lists, banners apart from content. */
import { PLUGIN_ID } from '../../../contract/names';
import type { ReplicationFacts } from '../../../contract/event';
import type { FormatInput, Tree } from '../format-input';
import { momentOf } from './content';

/** What is a banner there is a schedule here. */
const BANNER = `plugin::${PLUGIN_ID}.schedule`;

/** What a project makes itself. Files, users and what else plugins keep are copied too, and are no content there. */
const isContent = (uid: string) => uid.startsWith('api::');

const sum = (counts: number[]) => counts.reduce((total, count) => total + count, 0);

const listsOf = ({ counts, replicatedCount, replicatedIds }: ReplicationFacts): Tree => {
  const { [BANNER]: banners = [], ...rest } = replicatedIds;
  const contentIds = Object.entries(rest).flatMap(([uid, ids]) => (isContent(uid) ? ids : []));
  const contentCounts = Object.entries(counts).filter(([uid]) => isContent(uid));
  return {
    replicatedCount,
    replicatedIds: [...banners, ...Object.values(rest).flat()],
    replicatedBannerIds: banners,
    replicatedBannerCount: counts[BANNER] ?? 0,
    replicatedContentIds: contentIds,
    replicatedContentCount: sum(contentCounts.map(([, count]) => count)),
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
    ...(isOver ? { completedAt: momentOf(completedAt ?? event.time) } : {}),
    ...(isOver ? listsOf(facts) : {}),
    ...(error === null ? {} : { error }),
    name: facts.name,
    trigger: facts.trigger,
    kind: facts.kind,
    ...(isOver ? { counts: facts.counts } : {}),
    ...(facts.idsTruncated ? { idsTruncated: true } : {}),
  };
};
