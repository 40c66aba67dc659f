/** A webhook as the capturing and the sending half use it: subscription, address and credentials, ready to use. */
import type { WebhookSettings } from '../contract/webhook';
import type { Subscription } from './matching';
import type { Binding } from './binding';
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
    /** Of one that was disabled by itself: why what happens meanwhile is kept for it, but not sent. */
    cancelledBecause?: string;
    /** Why it cannot be sent to: a secret that cannot be read, or an authorization that is gone. Null if it can. */
    unsendable: string | null;
  };
