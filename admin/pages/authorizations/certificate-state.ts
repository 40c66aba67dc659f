/** Whether a certificate may be used, and for how long. */
import type { CertificateFacts } from '../../../server/contract/authorization';

const DAY_MS = 86_400_000;
/** Long enough to have a new one issued before it is too late. */
const SOON_MS = 30 * DAY_MS;

export type CertificateState = 'good' | 'notYet' | 'expiresSoon' | 'expired';

/** `now` in milliseconds since 1970. */
export const certificateState = (
  { validFrom, validTo }: Pick<CertificateFacts, 'validFrom' | 'validTo'>,
  now: number,
): CertificateState => {
  if (Date.parse(validTo) <= now) return 'expired';
  if (Date.parse(validFrom) > now) return 'notYet';
  return Date.parse(validTo) - now <= SOON_MS ? 'expiresSoon' : 'good';
};
