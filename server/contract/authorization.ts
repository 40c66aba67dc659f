/** Credentials of an endpoint, stored once and used by any webhook. Secret fields are write-only. */
import { z } from 'zod';
import { oneOf } from './api';
import type { RecordedRequest, RecordedResponse } from './delivery';
import { MASK } from './names';
import { headerNameProblem, urlSchema } from './webhook';

const printable = (what: string, most = 4000) =>
  z
    .string(`Expected ${what}.`)
    .min(1, `Enter ${what}.`)
    .max(most, `At most ${most.toLocaleString('en-US')} characters.`)
    .regex(/^[\x20-\x7e]*$/, 'Expected one line of printable ASCII characters.');

const textOrEmpty = (what: string) =>
  z
    .string(`Expected ${what}.`)
    .max(1000, 'At most 1,000 characters.')
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'Expected one line, without control characters.');

const text = (what: string) => textOrEmpty(what).min(1, `Enter ${what}.`);

/** Tokens with many claims (Azure, Keycloak) have many kilobytes; most servers accept 16 KB of headers. */
const LONGEST_TOKEN = 16_384;

/** Forms send an empty field as an empty text. */
const optional = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess((value) => (value === '' ? null : value), schema.nullable()).default(null);

const HOST_EXPECTED =
  'Expected a host name such as "api.example.com", "*.example.com" or an address, without scheme, port or path.';
const HOST = /^(\*\.)?[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*$/;
const IPV6 = /^\[?(?=[0-9a-f.]*:)[0-9a-f:.]{2,45}\]?$/;

const hostSchema = z
  .string(HOST_EXPECTED)
  .trim()
  .toLowerCase()
  .max(253, { message: HOST_EXPECTED, abort: true })
  .refine((host) => HOST.test(host) || IPV6.test(host), HOST_EXPECTED);

const common = {
  name: z.string('Expected a name.').trim().min(1, 'Give the authorization a name.').max(200),
  description: z.string().max(2000).default(''),
  /** The only hosts that receive these credentials; empty: every host of a webhook that uses them. */
  allowedHosts: z
    .array(hostSchema, 'Expected a list of host names.')
    .max(50, 'At most 50 hosts.')
    .default([]),
};

const PARAMETER = /^[\x21-\x7e]{1,200}$/;
/** The grant sends these itself (RFC 6749): a parameter of the same name would be sent twice. */
const OWN_PARAMETERS = /^(grant_type|client_id|client_secret|username|password|scope)$/;

function parameterProblem(name: string): string | null {
  if (!PARAMETER.test(name)) return 'A parameter name is made of printable ASCII, without spaces.';
  return OWN_PARAMETERS.test(name) ? `"${name}" has a field of its own. Enter it there.` : null;
}

const parametersSchema = z
  .record(
    z.string(),
    z.string('Expected text.').max(2000, 'At most 2,000 characters.'),
    'Expected an object of parameter names and values, such as { "audience": "https://api.example.com" }.',
  )
  .default({})
  .superRefine((parameters, context) => {
    const names = Object.keys(parameters);
    if (names.length > 20) context.addIssue({ code: 'custom', message: 'At most 20 parameters.' });
    for (const name of names) {
      const message = parameterProblem(name);
      if (message) context.addIssue({ code: 'custom', path: [name], message });
    }
  });

/** How a client authenticates (RFC 6749, 2.3.1), in the terms of OAuth's registry. */
export const CLIENT_AUTHENTICATIONS = ['client_secret_basic', 'client_secret_post'] as const;

const SCOPE_EXPECTED = 'Expected scopes separated by spaces, without quotes or backslashes.';

const oauth = {
  ...common,
  /** The token endpoint; null if it is discovered from `authorityUrl`. */
  tokenUrl: optional(urlSchema),
  /** The issuer, whose `/.well-known/openid-configuration` names the token URL. */
  authorityUrl: optional(urlSchema),
  clientId: printable('the client id', 1000),
  clientSecret: text('the client secret'),
  clientAuthentication: oneOf(CLIENT_AUTHENTICATIONS).default('client_secret_basic'),
  /** Separated by spaces; empty: no scope is requested. */
  scope: z
    .string(SCOPE_EXPECTED)
    .trim()
    .max(2000)
    .regex(/^[\x20\x21\x23-\x5b\x5d-\x7e]*$/, SCOPE_EXPECTED)
    .default(''),
  /** The word before the token in the `Authorization` header. */
  headerPrefix: z
    .string('Expected a word, such as "Bearer".')
    .trim()
    .max(100)
    .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, 'Expected one word, such as "Bearer".')
    .default('Bearer'),
  /** Where the discovered token URL may lie, besides the authority itself. */
  additionalBaseAddresses: z
    .array(urlSchema, 'Expected a list of URLs.')
    .max(20, 'At most 20 base addresses.')
    .default([]),
  /** Further parameters of the token request, such as `audience`. Not secret. */
  parameters: parametersSchema,
};

function checkTokenSource(
  { tokenUrl, authorityUrl }: { tokenUrl: string | null; authorityUrl: string | null },
  context: z.core.$RefinementCtx,
) {
  if ((tokenUrl === null) !== (authorityUrl === null)) return;
  const message =
    tokenUrl === null
      ? 'Enter the token URL, or the authority URL from which it can be discovered.'
      : 'Enter either the token URL or the authority URL, not both.';
  context.addIssue({ code: 'custom', path: ['tokenUrl'], message });
}

const pem = (what: string) =>
  z
    .string(`Expected ${what}.`)
    .trim()
    .max(100_000, { message: 'At most 100,000 characters.', abort: true });

/** Readers of authorizations see it, so it may hold no secret. */
const certificatePem = (what: string) =>
  pem(what)
    .regex(
      /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/,
      `Expected ${what} in PEM, starting with -----BEGIN CERTIFICATE-----.`,
    )
    .refine(
      (text) => !text.includes('PRIVATE KEY'),
      'This holds a private key too. Enter it in its own field, where it is encrypted.',
    );

const isPrivateKey = (text: string) =>
  /-----BEGIN (?:[A-Z]+ ){0,2}PRIVATE KEY-----/.test(text) &&
  /-----END (?:[A-Z]+ ){0,2}PRIVATE KEY-----/.test(text);

const privateKeyPem = pem('the private key').refine(
  (text) => text === MASK || isPrivateKey(text),
  'Expected the private key in PEM, starting with -----BEGIN PRIVATE KEY-----.',
);

/** RFC 7617 lets either be empty: some services take a key as the user name, and no password. */
const passwordOrEmpty = textOrEmpty('the password');

export const authorizationInputSchema = z.discriminatedUnion(
  'kind',
  [
    z
      .strictObject({
        kind: z.literal('basic'),
        ...common,
        username: textOrEmpty('the user name').refine(
          (user) => !user.includes(':'),
          'A user name of basic authentication holds no colon.',
        ),
        password: passwordOrEmpty,
      })
      .refine(({ username, password: secret }) => username !== '' || secret !== '', {
        path: ['username'],
        message: 'Enter a user name, a password, or both.',
      }),
    z.strictObject({
      kind: z.literal('digest'),
      ...common,
      username: text('the user name'),
      password: passwordOrEmpty,
    }),
    z.strictObject({
      kind: z.literal('bearer'),
      ...common,
      token: printable('the token', LONGEST_TOKEN),
    }),
    z
      .strictObject({
        kind: z.literal('apiKey'),
        ...common,
        key: printable('the name of the header or query parameter'),
        value: printable('the key', LONGEST_TOKEN),
        in: oneOf(['header', 'query']).default('header'),
      })
      .superRefine(({ key, in: place }, context) => {
        const problem = place === 'header' ? headerNameProblem(key) : null;
        if (problem) context.addIssue({ code: 'custom', path: ['key'], message: problem });
      }),
    z
      .strictObject({ kind: z.literal('oauth2ClientCredentials'), ...oauth })
      .superRefine(checkTokenSource),
    z
      .strictObject({
        kind: z.literal('oauth2Password'),
        ...oauth,
        username: text('the user name'),
        password: text('the password'),
      })
      .superRefine(checkTokenSource),
    z.strictObject({
      kind: z.literal('clientCertificate'),
      ...common,
      /** The certificate, followed by the intermediate ones. */
      certificate: certificatePem('the client certificate'),
      privateKey: privateKeyPem,
      /** For an encrypted private key. */
      passphrase: optional(text('the passphrase')),
      /** The authorities that verify the receiver's certificate, in place of the usual ones. */
      ca: optional(certificatePem('the certificate of the authority')),
    }),
  ],
  'Expected a kind: "basic", "digest", "bearer", "apiKey", "oauth2ClientCredentials", "oauth2Password" or "clientCertificate".',
);

export type AuthorizationInput = z.input<typeof authorizationInputSchema>;
/** With its secrets in the clear: server only, never in an answer. */
export type AuthorizationSettings = z.output<typeof authorizationInputSchema>;
export type AuthorizationKind = AuthorizationSettings['kind'];
export type SettingsOf<Kind extends AuthorizationKind> = Extract<
  AuthorizationSettings,
  { kind: Kind }
>;

/** Which fields of a kind are secret: encrypted at rest, masked in answers. */
export const SECRET_FIELDS: Record<AuthorizationKind, readonly string[]> = {
  basic: ['password'],
  digest: ['password'],
  bearer: ['token'],
  apiKey: ['value'],
  oauth2ClientCredentials: ['clientSecret'],
  oauth2Password: ['clientSecret', 'password'],
  clientCertificate: ['privateKey', 'passphrase'],
};

/** Times are ISO 8601. */
export type CertificateFacts = {
  subject: string;
  issuer: string;
  validFrom: string;
  validTo: string;
};

/** As the API answers it: the settings with masked secrets, and the webhooks that use it. */
export type Authorization = AuthorizationSettings & {
  id: string;
  webhooks: { id: string; name: string }[];
  /** For a client certificate; null for every other kind. */
  certificateFacts: CertificateFacts | null;
  createdAt: string;
  updatedAt: string;
};

/** An editor of webhooks sees this much of an authorization. */
export type AuthorizationChoice = { id: string; name: string };

/** The body of POST /authorizations/:id/check. Without a URL, the check calls a webhook that uses it; OAuth needs none. */
export const authorizationCheckSchema = z.strictObject({ url: optional(urlSchema) });
export type AuthorizationCheckInput = z.input<typeof authorizationCheckSchema>;

/** The result of a check. Secrets are masked. */
export type AuthorizationCheck = {
  ok: boolean;
  /** The result in a sentence. */
  message: string;
  /** The token that OAuth returned: its endpoint, and its expiry (ISO 8601; null if unknown). */
  token: { url: string; expiresAt: string | null; scope: string | null } | null;
  /** The call with the credentials, a `webhook.test` event; null if no URL was called. */
  request: RecordedRequest | null;
  response: RecordedResponse | null;
  durationMs: number;
};
