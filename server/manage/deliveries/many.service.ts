/** Resends or cancels all that fit: in small batches, and, for who shows how far it is, in several calls. */
import type { Many as Wish, ManyDone } from '../../contract/delivery';
import type { Clock } from '../../strapi/clock.service';
import type { Dispatcher } from '../../deliver/dispatcher.service';
import type { Stretch } from '../../store/outbox/log.service';
import type { Outbox } from '../../store/outbox/outbox.service';
import type { Many, Reached } from '../../store/outbox/change.service';
import type { Webhooks } from '../webhooks/webhooks.service';
import { toId } from './id';
import type { Found } from './searching.service';

type Options = { outbox: Outbox; webhooks: Webhooks; clock: Clock; dispatcher: Dispatcher };
type What = 'resend' | 'cancel';

/** The first id that was not looked at yet is the one after `after`. */
const stretchOf = (next: string): Stretch => {
  const [after = 0, last = 0] = next.split('-').map(toId);
  return { after: after ?? 0, last: last ?? 0 };
};

const manyOf = ({ states, ids, ...wish }: Found<Wish>): Many => ({
  ...wish,
  state: states,
  ids: ids?.flatMap((id) => toId(id) ?? []),
});

const told = ({ count, next }: Reached, { limit }: Pick<Wish, 'limit'>): ManyDone => {
  if (limit === undefined) return { count };
  return { count, next: next && `${next.after}-${next.last}` };
};

const counted = (
  found: { id: string; count: number }[],
  names: ReadonlyMap<string, string>,
): ManyDone => ({
  count: found.reduce((sum, { count }) => sum + count, 0),
  webhooks: found
    .map(({ id, count }) => ({ id, name: names.get(id) ?? id, count }))
    .sort((one, other) => other.count - one.count),
});

export const createMany = ({ outbox, webhooks, clock, dispatcher }: Options) => {
  const run = async (wish: Found<Wish>, what: What): Promise<ManyDone> => {
    const names = await webhooks.names();
    const webhookIds = [...names.keys()];
    const many = manyOf(wish);
    if (wish.dryRun) return counted(await outbox.countMany(many, webhookIds, what), names);
    const context = {
      webhookIds,
      now: clock.now,
      limit: wish.limit,
      stretch: wish.next === undefined ? undefined : stretchOf(wish.next),
    };
    const change = what === 'resend' ? outbox.resendMany : outbox.cancelMany;
    const reached = await change(many, context);
    dispatcher.wake();
    return told(reached, wish);
  };

  return {
    resendMany: (wish: Found<Wish>) => run(wish, 'resend'),
    cancelMany: (wish: Found<Wish>) => run(wish, 'cancel'),
  };
};
