/** From when on deliveries of a webhook that was disabled by itself may have been given up or missed. */
import type { WebhookHealth } from '../../../server/contract/webhook';

/** The first failure in a row is recorded after it was met, and instances learn of a disabled webhook one by one. */
const BEFORE_MS = 10 * 60_000;

type Known = Pick<WebhookHealth, 'disabledAt' | 'failingSince'>;

/** ISO 8601; null where nothing is known of it. */
export const resendSince = ({ disabledAt, failingSince }: Known): string | null => {
  const moments = [disabledAt, failingSince].flatMap((at) => (at === null ? [] : Date.parse(at)));
  return moments.length === 0 ? null : new Date(Math.min(...moments) - BEFORE_MS).toISOString();
};
