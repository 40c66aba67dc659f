/** What a delivery's state means for the panel: whether it moves by itself, and whether it may be sent again. */
import {
  DELIVERY_STATES,
  type Delivery,
  type DeliveryState,
} from '../../../server/contract/delivery';

const MOVING: readonly DeliveryState[] = ['pending', 'sending', 'retrying'];

/** Whether it will change without anyone doing anything. */
export const isMoving = ({ state }: Pick<Delivery, 'state'>) => MOVING.includes(state);

/** Those that the server sends again when asked: everything that is not on its way already. */
export const RESENDABLE_STATES = ['dead', 'cancelled', 'retrying', 'delivered'] as const;

/** A webhook that was deleted has no name, and no address to send to. */
export const isResendable = ({ state, webhook, isTest }: Delivery) =>
  (RESENDABLE_STATES as readonly DeliveryState[]).includes(state) &&
  webhook.name !== null &&
  !isTest;

const isState = (text: string): text is DeliveryState =>
  (DELIVERY_STATES as readonly string[]).includes(text);

/** The states of the address's `state=dead,retrying`; others are left out. */
export const statesIn = (text: string | undefined): DeliveryState[] =>
  (text ?? '').split(',').filter(isState);
