/** Sends a request with the credentials of an authorization. `converse` is the list of its kinds. */
import type { AuthorizationSettings, SettingsOf } from '../../contract/authorization';
import { sentence } from '../../contract/sentences';
import { remembering } from '../../store/remembering';
import type { Clock } from '../../strapi/clock.service';
import { certificateFacts } from './client-certificate';
import type { Sender, SendOptions } from '../http/send.service';
import type { OutgoingRequest } from '../request';
import { authorize } from './headers';
import { settingsKeyOf, unsentForAuth, type Conversation } from './kind';
import { createDigestSending } from './digest.service';
import { createTokenCall, createTokens, createTokenSending } from './oauth.service';

type Options = { sender: Sender; clock: Clock; version: string; timeout: number };

export type AuthorizedSending = ReturnType<typeof createAuthorizedSending>;

/** `version`: this plugin's, sent to token endpoints. `timeout`: the deadline of one call for a token, in milliseconds. */
export function createAuthorizedSending({ sender, clock, version, timeout }: Options) {
  const tokens = createTokens({ call: createTokenCall({ sender, version, timeout }), clock });
  const sendWithDigest = createDigestSending({ sender });
  const sendWithToken = createTokenSending({ sender, tokens });

  const sendPlainly = async (
    request: OutgoingRequest,
    options: SendOptions,
  ): Promise<Conversation> => ({
    request,
    outcome: await sender.send(request, options),
    secrets: [],
  });

  /** Over a connection that shows a client certificate (mutual TLS). */
  const sendWithCertificate = async (
    request: OutgoingRequest,
    settings: SettingsOf<'clientCertificate'>,
    options: SendOptions,
  ): Promise<Conversation> => {
    const { certificate, privateKey, passphrase, ca } = settings;
    const end = endOf(certificate);
    if (clock.now() > end) {
      const day = new Date(end).toISOString().slice(0, 10);
      const message = sentence('client-certificate-expired', { day });
      return { request, outcome: unsentForAuth(message, false), secrets: [] };
    }
    const identity = { key: settingsKeyOf(settings), certificate, privateKey, passphrase, ca };
    return sendPlainly(request, { ...options, identity });
  };

  const converse = async (
    request: OutgoingRequest,
    authorization: AuthorizationSettings | null,
    options: SendOptions,
  ): Promise<Conversation> => {
    if (authorization === null) return sendPlainly(request, options);
    switch (authorization.kind) {
      case 'basic':
      case 'bearer':
      case 'apiKey':
        return sendPlainly(authorize(request, authorization), options);
      case 'digest':
        return sendWithDigest(request, authorization, options);
      case 'oauth2ClientCredentials':
      case 'oauth2Password':
        return sendWithToken(request, authorization, options);
      case 'clientCertificate':
        return sendWithCertificate(request, authorization, options);
      default:
        return authorization satisfies never;
    }
  };

  return {
    tokens,
    /** Never rejects. `options.timeout` is the deadline of all calls together, that for a token included. */
    send: (
      request: OutgoingRequest,
      authorization: AuthorizationSettings | null,
      options: SendOptions,
    ): Promise<Conversation> =>
      converse(request, authorization, options).catch((error: Error) => {
        // Credentials, or an answer of the other side, that no code above has foreseen.
        const message = sentence('credentials-unusable', { message: error.message });
        return { request, outcome: unsentForAuth(message, false), secrets: [] };
      }),
  };
}

/** The end of a certificate in milliseconds since 1970. The connection itself refuses a certificate that cannot be read. */
const endOf = remembering(
  (certificate) =>
    Date.parse(certificateFacts(certificate)?.validTo ?? '') || Number.POSITIVE_INFINITY,
);
