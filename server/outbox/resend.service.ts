/** Puts finished deliveries back in the queue, with the body and the id they had. */
import type { ResendMany } from '../contract/delivery';
import type { Tables } from './tables.service';

/** What may be sent again: everything that is not already on its way. */
const RESENDABLE = ['delivered', 'dead', 'cancelled', 'retrying'] as const;

export const createResend = (tables: Tables) => {
  const back = (now: number) => ({
    state: 'retrying' as const,
    due_at: now,
    reason: null,
    trigger: 'resend' as const,
    delivered_at: null,
  });

  /** False if the delivery is already waiting for its first attempt or being sent. */
  const resend = async (id: number, now: number): Promise<boolean> =>
    (await tables
      .deliveries()
      .where('id', id)
      .whereIn('state', [...RESENDABLE])
      .update(back(now))) > 0;

  /** How many were put back. Only of webhooks that still exist, or they would wait for ever. */
  const resendMany = async (
    choice: ResendMany,
    { webhookIds, now }: { webhookIds: string[]; now: number },
  ): Promise<number> => {
    const states = choice.states.filter((state) =>
      (RESENDABLE as readonly string[]).includes(state),
    );
    const wanted = choice.webhook ? webhookIds.filter((id) => id === choice.webhook) : webhookIds;
    const query = tables
      .deliveries()
      .whereIn('webhook_id', wanted)
      .whereIn('state', states)
      .where('is_test', false);
    if (choice.from) query.where('created_at', '>=', Date.parse(choice.from));
    if (choice.to) query.where('created_at', '<=', Date.parse(choice.to));
    return query.update(back(now));
  };

  return { resend, resendMany };
};
