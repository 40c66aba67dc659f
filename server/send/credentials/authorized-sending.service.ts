/** Sends a request with the credentials of an authorization, whatever conversation that takes. */
import { sentence } from '../../contract/sentences';
import type { AuthorizationSettings } from '../../contract/authorization';
import type { Clock } from '../../strapi/clock.service';
import type { Sender, SendOptions } from '../http/send.service';
import { authorize } from './authorize';
import type { OutgoingRequest } from '../request';
import { createCertificateSending } from './certificate-sending.service';
import { unsentForAuth, type Conversation } from './conversation';
import { createDigestSending } from './digest-sending.service';
import { createTokenCall } from './token-call.service';
import { createTokenSending } from './token-sending.service';
import { createTokens } from './tokens.service';

type Options = { sender: Sender; clock: Clock; version: string; timeout: number };

/** `version`: this plugin's, told to token endpoints. `timeout`: the deadline of one call for a token, in milliseconds. */
export const createAuthorizedSending = ({ sender, clock, version, timeout }: Options) => {
  const tokens = createTokens({ call: createTokenCall({ sender, version, timeout }), clock });
  const withDigest = createDigestSending({ sender });
  const withToken = createTokenSending({ sender, tokens });
  const withCertificate = createCertificateSending({ sender, clock });

  const plainly = async (
    request: OutgoingRequest,
    options: SendOptions,
  ): Promise<Conversation> => ({
    request,
    outcome: await sender.send(request, options),
    secrets: [],
  });

  const converse = (
    request: OutgoingRequest,
    authorization: AuthorizationSettings | null,
    options: SendOptions,
  ): Promise<Conversation> => {
    if (authorization === null) return plainly(request, options);
    switch (authorization.kind) {
      case 'basic':
      case 'bearer':
      case 'apiKey':
        return plainly(authorize(request, authorization), options);
      case 'digest':
        return withDigest(request, authorization, options);
      case 'oauth2ClientCredentials':
      case 'oauth2Password':
        return withToken(request, authorization, options);
      case 'clientCertificate':
        return withCertificate(request, authorization, options);
    }
  };

  /** Never rejects. `options.timeout` is the deadline of all calls together, that for a token included. */
  const send = async (
    request: OutgoingRequest,
    authorization: AuthorizationSettings | null,
    options: SendOptions,
  ): Promise<Conversation> => {
    try {
      return await converse(request, authorization, options);
    } catch (error) {
      // What the other side said, or what was entered, is something that nobody thought of.
      const message = sentence('credentials-unusable', { message: (error as Error).message });
      return { request, outcome: unsentForAuth(message, false), secrets: [] };
    }
  };

  return { send, tokens };
};

export type AuthorizedSending = ReturnType<typeof createAuthorizedSending>;
