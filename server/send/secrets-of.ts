/** The secrets that must stay out of what is stored and shown: attempts, errors, logs, answers of a test. */
import type { AuthorizationSettings } from '../contract/authorization';
import { basicCredentials } from './credentials/basic';
import type { Target } from './request';
import { PRIVATE_KEY_PREFIX, SECRET_PREFIX, querySecrets } from '../store/secrets/webhook-secrets';

/** As a form writes it, which is how a client names itself in a header (RFC 6749, 2.3.1). */
const inForm = (text: string) => new URLSearchParams([['', text]]).toString().slice(1);

/** Every secret of an authorization, and the forms of it that stand in a request. */
export const credentialsOf = (authorization: AuthorizationSettings): string[] => {
  switch (authorization.kind) {
    case 'basic': {
      const { username, password } = authorization;
      const credentials = basicCredentials(username, password);
      // Without a password the user name is the key, as services have it that know API keys only.
      return password === '' ? [username, credentials] : [password, credentials];
    }
    case 'digest':
      return [authorization.password];
    case 'oauth2Password':
    case 'oauth2ClientCredentials': {
      const { clientId, clientSecret } = authorization;
      const client = basicCredentials(inForm(clientId), inForm(clientSecret));
      const password = authorization.kind === 'oauth2Password' ? [authorization.password] : [];
      return [clientSecret, client, ...password];
    }
    case 'clientCertificate':
      return [authorization.privateKey, authorization.passphrase ?? ''];
    case 'bearer':
      return [authorization.token];
    case 'apiKey':
      return [authorization.value];
    default:
      return authorization satisfies never;
  }
};

/** A signing secret without its prefix is still the key. */
const signingForms = (secret: string) => {
  const prefix = [SECRET_PREFIX, PRIVATE_KEY_PREFIX].find((known) => secret.startsWith(known));
  return prefix === undefined ? [secret] : [secret, secret.slice(prefix.length)];
};

/** Every secret of this target that a receiver may repeat, each once, the longest first. */
export const secretsOf = (input: { target: Target; secretHeaderValues: string[] }): string[] => {
  const { authorization, secrets, url } = input.target;
  const all = [
    ...(authorization ? credentialsOf(authorization) : []),
    ...secrets.flatMap(signingForms),
    ...input.secretHeaderValues,
    ...querySecrets(url),
  ];
  const known = new Set(all.filter((secret) => secret !== ''));
  return [...known].sort((one, other) => other.length - one.length);
};
