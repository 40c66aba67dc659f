/** What is put into Redis for a delivery that is due, and how much of it. Pure. */
import type { ClaimClass } from '../../store/outbox/due.service';
import type { DeliveryRow } from '../../store/outbox/rows';

/** A ticket says that a delivery is due, and nothing else: all that is true of it is in the database. */
export type Ticket = { ticketId: string; deliveryId: number; claimClass: ClaimClass };

/** The same for one attempt, whoever hands it out: BullMQ takes no second job with the id of one that is there. */
export const ticketOf =
  (claimClass: ClaimClass) =>
  ({ id, attempt_count }: Pick<DeliveryRow, 'id' | 'attempt_count'>): Ticket => ({
    ticketId: `${claimClass}.${id}.${attempt_count}`,
    deliveryId: id,
    claimClass,
  });

export const isAgain = (ticketId: string) => ticketId.startsWith('again.');

/** So many first attempts of one webhook wait in Redis at most, however many there are. */
export const MOST_WAITING = 256;

/** Of one webhook's tickets: how many wait, and the ids of those that somebody holds. */
export type Standing = { first: number; again: number; held: readonly string[] };

/** How many tickets may be added: first attempts by the hundred, retries no more than half of the webhook's limit at once. */
export const roomFor = (
  { first, again, held }: Standing,
  perWebhook: number,
): Record<ClaimClass, number> => {
  const mostAgain = Math.max(1, Math.floor(perWebhook / 2));
  return {
    first: first > MOST_WAITING / 2 ? 0 : MOST_WAITING - first,
    again: Math.max(0, mostAgain - again - held.filter(isAgain).length),
  };
};
