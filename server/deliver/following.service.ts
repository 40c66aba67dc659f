/** Wakes the webhooks for which something waited until these deliveries were recorded. */
import type { ClaimedRow } from '../store/outbox/claim.service';
import type { Outbox } from '../store/outbox/outbox.service';
import type { Engine } from './engines/database.service';
import type { Roster } from './roster.service';

type Options = {
  outbox: Outbox;
  roster: Roster;
  engine: Engine;
  wake(webhookIds: readonly string[]): void;
  onError(error: unknown): void;
};

export const createFollowing = ({ outbox, roster, engine, wake, onError }: Options) => {
  /** By a delivery that nothing else would claim soon. In the database, a lane's next claim finds it among all that is due. */
  const mayBeFollowed = ({ webhook_id, document_id, attempt_count }: ClaimedRow): boolean => {
    const isFound = engine.driver === 'database' && roster.laneFor(webhook_id)?.mayHaveFirst;
    return attempt_count === 0 && document_id !== null && !isFound;
  };

  /** What waited for these first attempts, or others of their documents. */
  const wakeFollowers = async (firsts: readonly ClaimedRow[]): Promise<void> => {
    const followed = await outbox.followed(firsts);
    for (const { webhook_id } of firsts) {
      const lane = roster.laneFor(webhook_id);
      if (lane) lane.isFollowed = followed.includes(webhook_id);
    }
    if (followed.length > 0) wake(followed);
  };

  return (recorded: readonly ClaimedRow[]): void => {
    const ids = new Set(recorded.map(({ webhook_id }) => webhook_id));
    const ordered = [...ids].filter((id) => roster.laneFor(id)?.isOrdered);
    if (ordered.length > 0) wake(ordered);
    const firsts = recorded.filter(mayBeFollowed);
    if (firsts.length > 0) wakeFollowers(firsts).catch(onError);
  };
};
