/** What a delivery's state means for the panel: whether it moves by itself, and whether it may be sent again. */
import { VALIDATION } from '../../../server/contract/catalogue';
import {
  DELIVERY_STATES,
  type Delivery,
  type DeliveryState,
  type Health,
} from '../../../server/contract/delivery';
import { VERDICT_KINDS, type VerdictKind } from '../../../server/contract/document';

const MOVING: readonly DeliveryState[] = ['pending', 'sending', 'retrying'];

/** Whether it will change without anyone doing anything. */
export const isMoving = ({ state }: Pick<Delivery, 'state'>) => MOVING.includes(state);

/** Those that the server sends again when asked: everything that is not on its way already. */
export const RESENDABLE_STATES = ['dead', 'cancelled', 'retrying', 'delivered'] as const;

/** Asked while a command waited: long after it, the answer would decide nothing. */
export const isValidation = ({ event }: Pick<Delivery, 'event'>) => event === VALIDATION;

/** A webhook that was deleted has no address to send to. */
export const isResendable = (delivery: Delivery) =>
  (RESENDABLE_STATES as readonly DeliveryState[]).includes(delivery.state) &&
  !delivery.webhook.isDeleted &&
  !delivery.isTest &&
  !isValidation(delivery);

/** What waits for its turn; what is being sent cannot be called back. */
export const isCancellable = ({ state }: Pick<Delivery, 'state'>) =>
  state === 'pending' || state === 'retrying';

const isState = (text: string): text is DeliveryState =>
  (DELIVERY_STATES as readonly string[]).includes(text);

/** The states of the address's `state=dead,retrying`; others are left out. */
export const statesIn = (text: string | undefined): DeliveryState[] =>
  (text ?? '').split(',').filter(isState);

/** The address's list with one more, or without it where it is there already. */
export const toggled = (list: string | undefined, one: string): string => {
  const chosen = (list ?? '').split(',').filter(Boolean);
  return (chosen.includes(one) ? chosen.filter((other) => other !== one) : [...chosen, one]).join(
    ',',
  );
};

/** How often validation endpoints answered what, over all of them; null where there is no validation webhook. */
export const verdictCounts = ({ webhooks }: Pick<Health, 'webhooks'>) => {
  const counts = webhooks.flatMap(({ verdicts }) => verdicts ?? []);
  if (counts.length === 0) return null;
  const total = (kind: VerdictKind) => counts.reduce((sum, count) => sum + count[kind], 0);
  return Object.fromEntries(VERDICT_KINDS.map((kind) => [kind, total(kind)])) as Record<
    VerdictKind,
    number
  >;
};
