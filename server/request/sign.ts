/** Signatures of Standard Webhooks 1.0.0, symmetric (`v1`): who has the secret can check a request. */
import { createHmac } from 'node:crypto';

export const SECRET_PREFIX = 'whsec_';
const SECRET_BYTES = 32;

const keyOf = (secret: string) =>
  Buffer.from(
    secret.startsWith(SECRET_PREFIX) ? secret.slice(SECRET_PREFIX.length) : secret,
    'base64',
  );

type Signed = {
  /** The value of `webhook-id`. */
  id: string;
  /** The value of `webhook-timestamp`: whole seconds since 1970. */
  timestamp: number;
  body: string;
  /** Each `whsec_` and base64. More than one while a rotated secret is still accepted. */
  secrets: readonly string[];
};

/** The value of `webhook-signature`: one `v1,<base64>` per secret, separated by a space. */
export const signatureOf = ({ id, timestamp, body, secrets }: Signed): string => {
  const content = `${id}.${timestamp}.${body}`;
  return secrets
    .map((secret) => `v1,${createHmac('sha256', keyOf(secret)).update(content).digest('base64')}`)
    .join(' ');
};

/** A new secret of 32 bytes; the standard asks for 24 to 64. */
export const newSecret = (randomBytes: (size: number) => Buffer): string =>
  SECRET_PREFIX + randomBytes(SECRET_BYTES).toString('base64');
