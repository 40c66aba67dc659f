/** What is stored of a webhook's settings: checked, and with everything secret encrypted. */
import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { WebhookSettings } from '../../contract/webhook';
import type { Clock } from '../../strapi/clock.service';
import { invalid } from '../../strapi/errors';
import { newSecret, type NewSecret } from '../../store/secrets/webhook-secrets';
import { NO_KEY, type Secrets } from '../../store/secrets/secrets.service';
import type { Check } from './check-webhook.service';
import {
  fitting,
  missingHeaderSecrets,
  rotated,
  storedHeaders,
  urlToStore,
  wishesOf,
  type WebhookRow,
} from '../../store/webhook-record';

const QUERY_NEEDS_KEY =
  'The values in the query of a URL, after "?", may be secret, and are stored encrypted.';

const nothingBehind = (names: string[]) =>
  `Nothing is stored that the mask of ${names.map((name) => `"${name}"`).join(', ')} could stand for. Enter the value.`;

/** Choosing content types anew is choosing what leaves: from then on end users leave where they are named. */
const keepsEndUsers = ({ contentTypes }: WebhookSettings, stored: WebhookRow | null): boolean =>
  stored !== null &&
  wishesOf(stored).includesEndUsers &&
  isDeepStrictEqual([...contentTypes].sort(), [...wishesOf(stored).contentTypes].sort());

type Options = { secrets: Secrets; check: Check; clock: Clock };

export const createStoring = ({ secrets, check, clock }: Options) => {
  const headersOf = (settings: WebhookSettings, stored: WebhookRow | null) => {
    const before = stored?.headers ?? {};
    const missing = missingHeaderSecrets(settings.headers, before);
    if (missing.length > 0) {
      throw invalid(
        missing.map((name) => ({
          path: ['headers', name],
          message: 'There is no stored secret that this mask could stand for. Enter the value.',
        })),
      );
    }
    const headers = storedHeaders(settings.headers, before, secrets.encrypt);
    if (!headers) throw invalid([{ path: ['headers'], message: NO_KEY }]);
    return headers;
  };

  const addressOf = (settings: WebhookSettings, stored: WebhookRow | null) => {
    const address = urlToStore(settings.url, stored, secrets);
    if (address.kind === 'stored') return address;
    const message =
      address.kind === 'noKey' ? `${QUERY_NEEDS_KEY} ${NO_KEY}` : nothingBehind(address.names);
    throw invalid([{ path: ['url'], message }]);
  };

  const withSecret = (secret: NewSecret, before: WebhookRow['secrets']) => {
    const value = secrets.encrypt(secret.text);
    if (value === null) throw invalid([{ path: ['signing'], message: NO_KEY }]);
    const { publicKey } = secret;
    return rotated(
      before ?? [],
      publicKey === null ? { value } : { value, publicKey },
      clock.now(),
    );
  };

  /** A first secret where signing begins, or begins to need one of the other kind; null where none is needed. */
  const firstSecret = ({ signing }: WebhookSettings, stored: WebhookRow | null) =>
    signing === 'none' || fitting(stored?.secrets ?? null, signing).length > 0
      ? null
      : newSecret(signing, randomBytes);

  /** `hasNewUrl`: another address than before, masks aside. */
  const prepared = async (settings: WebhookSettings, stored: WebhookRow | null) => {
    const address = addressOf(settings, stored);
    await check({ ...settings, url: address.whole });
    const secret = firstSecret(settings, stored);
    const data = {
      ...settings,
      ...address.columns,
      includesEndUsers: keepsEndUsers(settings, stored),
      headers: headersOf(settings, stored),
      // Only where they change: a rotation may have come since the row was read.
      ...(secret === null ? {} : { secrets: withSecret(secret, []) }),
    };
    return { data, secret, hasNewUrl: address.isNew };
  };

  const rotation = ({ signing, secrets: known }: Pick<WebhookRow, 'signing' | 'secrets'>) => {
    const secret = newSecret(signing, randomBytes);
    return { secret, data: { secrets: withSecret(secret, fitting(known, signing)) } };
  };

  return { prepared, rotation };
};
