/** The tickets in Redis: what a ticket says, and how many there may be. Pure. */
import type { ClaimClass } from '../../store/outbox/due.service';
import type { DeliveryRow } from '../../store/outbox/rows';

/** A ticket says that a delivery is due, and nothing else: everything else is in the database. */
export type Ticket = { ticketId: string; deliveryId: number; claimClass: ClaimClass };

/** One attempt always gets the same id: BullMQ ignores a job whose id it has already. */
export const ticketOf =
  (claimClass: ClaimClass) =>
  ({ id, attempt_count }: Pick<DeliveryRow, 'id' | 'attempt_count'>): Ticket => ({
    ticketId: `${claimClass}.${id}.${attempt_count}`,
    deliveryId: id,
    claimClass,
  });

export const isAgain = (ticketId: string) => ticketId.startsWith('again.');

/** At most so many first attempts of one webhook wait in Redis, however many are due. */
export const MOST_WAITING = 256;

/** The tickets of one webhook: how many wait, and the ids of those that a process holds. */
export type TicketCounts = { first: number; again: number; held: readonly string[] };

/** How many tickets may be added: up to `MOST_WAITING` first attempts, and retries for half of the webhook's limit. */
export function roomFor(
  { first, again, held }: TicketCounts,
  perWebhook: number,
): Record<ClaimClass, number> {
  const mostAgain = Math.max(1, Math.floor(perWebhook / 2));
  return {
    first: first > MOST_WAITING / 2 ? 0 : MOST_WAITING - first,
    again: Math.max(0, mostAgain - again - held.filter(isAgain).length),
  };
}
