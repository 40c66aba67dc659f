/** Webhooks with an authorization: helpers on top of those of the delivery tests. */
import type { Authorization, AuthorizationCheck } from '../../../server/contract/authorization';
import type { DeliveryDetail } from '../../../server/contract/delivery';
import type { Webhook } from '../../../server/contract/webhook';
import type { OAuthServer } from '../../support/oauth-server';
import { HOUR, type Stage, type Wish } from '../delivery/stage';

export const USER = { username: 'ada', password: 'pass "word" ü' };
export const CLIENT = { clientId: 'cli:ent+1/%', clientSecret: 'cl%ient se:cret+&="ü' };

/** The second attempt is an hour away, so tests see only the first one. */
export const ONE_ATTEMPT = { config: { delivery: { schedule: [0, HOUR] } } };

export const makeAuthorization = (stage: Stage, input: object): Promise<Authorization> =>
  stage.api('POST', '/authorizations', { name: 'An authorization', ...input });

/** A webhook to this URL with a new authorization. */
export const makeAuthorized = async (
  stage: Stage,
  input: object,
  wish: Wish = {},
): Promise<Webhook> => {
  const { id: authorization } = await makeAuthorization(stage, input);
  return stage.makeWebhook({ authorization, ...wish });
};

/** Saves one notice. Returns its delivery to this webhook after the first attempt. */
export const delivered = async (stage: Stage, webhook: Webhook): Promise<DeliveryDetail> => {
  const [documentId] = await stage.write();
  const [delivery] = (
    await stage.all(webhook, ({ state }) => state !== 'pending' && state !== 'sending')
  ).filter((one) => one.documentId === documentId);
  return stage.delivery(delivery!);
};

export const checkAuthorization = (
  stage: Stage,
  { id }: { id: string },
  url?: string,
): Promise<AuthorizationCheck> =>
  stage.api('POST', `/authorizations/${id}/check`, url === undefined ? {} : { url });

/** Client credentials at the token URL of this server. */
export const clientCredentials = (server: OAuthServer, more: object = {}) => ({
  kind: 'oauth2ClientCredentials',
  tokenUrl: server.tokenUrl,
  ...CLIENT,
  ...more,
});

/** Deletes the authorizations of earlier tests; no webhook may use them any more. */
export const clearAuthorizations = async (stage: Stage): Promise<void> => {
  for (const { id } of await stage.api<Authorization[]>('GET', '/authorizations?pageSize=100'))
    await stage.api('DELETE', `/authorizations/${id}`);
};
