/** A webhook as the capture and the dispatcher use it: subscription, address and credentials, ready to use. */
import type { WebhookSettings } from '../contract/webhook';
import type { Subscription, Binding } from './matching';
import type { Target } from '../send/request';

export type ActiveWebhook = Subscription &
  Binding &
  Pick<
    WebhookSettings,
    | 'name'
    | 'format'
    | 'serialization'
    | 'maxAttempts'
    | 'rateLimit'
    | 'ordered'
    | 'onError'
    | 'mode'
    | 'timeout'
  > & {
    target: Omit<Target, 'secrets' | 'format'>;
    /** The secrets that sign at a time (ms): the current one first, then those of a rotation's overlap. */
    signingSecrets(now: number): string[];
    /** Every text that must never be stored or shown. */
    secretValues: string[];
    /** Only if it was disabled automatically: why its events are kept meanwhile, but not sent. */
    cancelledBecause?: string;
    /** Why nothing can be sent to it: an unreadable secret, or an authorization that is gone. Otherwise null. */
    unsendable: string | null;
  };
