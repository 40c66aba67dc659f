/** A webhook: a configured endpoint, its tests and its previews. */
import { z } from 'zod';
import { flag, oneOf } from './api';
import { isEventPattern } from './catalogue';
import { filterSchema } from './filter';
import { MODES, ON_ERROR } from './document';

export const WEBHOOK_KINDS = ['event', 'submit', 'validation'] as const;
export type WebhookKind = (typeof WEBHOOK_KINDS)[number];
export const SERIALIZATIONS = ['json', 'xml'] as const;
export const FORMATS = ['standard', 'strapi', 'sitecore', 'vee', 'cloudevents'] as const;
export const SIGNINGS = ['none', 'standard', 'standard-ed25519', 'github', 'stripe'] as const;
export type Serialization = (typeof SERIALIZATIONS)[number];
export type Format = (typeof FORMATS)[number];
export type Signing = (typeof SIGNINGS)[number];

/** Headers that belong to the connection, to the body or to the signature, and are refused on a webhook. */
const REFUSED_HEADERS =
  /^(host|content-.*|transfer-encoding|connection|keep-alive|upgrade|te|trailer|expect|proxy-.*|webhook-.*|user-agent|x-strapi-event|x-hub-signature.*|stripe-signature)$/i;
const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/;
const HEADER_VALUE = /^[\x20-\x7e]{0,16384}$/;

export function headerNameProblem(name: string): string | null {
  if (!HEADER_NAME.test(name)) {
    return 'A header name is made of letters, digits and dashes, as in "x-team".';
  }
  return REFUSED_HEADERS.test(name)
    ? `"${name}" is set by the plugin or by the connection. Choose another name.`
    : null;
}

const headerTextSchema = z.string('Expected text.').regex(HEADER_VALUE, {
  message: 'A header value is one line of printable ASCII characters, at most 16,384 of them.',
});

/** A plain value, or a secret one, which answers mask. */
const headerValueSchema = z.union(
  [
    headerTextSchema,
    z
      .strictObject({ value: headerTextSchema, secret: z.boolean('Expected true or false.') })
      .refine(({ value, secret }) => !secret || value !== '', {
        path: ['value'],
        message: 'A secret header needs a value.',
      }),
  ],
  'Expected text, or { "value": "...", "secret": true }.',
);
export type HeaderValue = z.infer<typeof headerValueSchema>;
export type Headers = Record<string, HeaderValue>;

/** `{ "x-team": "web", "x-key": { "value": "...", "secret": true } }`; names are compared without regard to case. */
const headersSchema = z
  .record(z.string(), headerValueSchema, 'Expected an object of header names and values.')
  .superRefine((headers, context) => {
    const names = Object.keys(headers);
    if (names.length > 50) context.addIssue({ code: 'custom', message: 'At most 50 headers.' });
    const seen = new Set<string>();
    for (const name of names) {
      const isTwice = seen.has(name.toLowerCase());
      const problem = headerNameProblem(name) ?? (isTwice ? `"${name}" is there twice.` : null);
      if (problem) context.addIssue({ code: 'custom', path: [name], message: problem });
      seen.add(name.toLowerCase());
    }
  });

/** Checks the shape of a URL only. The guarded HTTP client decides whether its address may be called. */
export function urlProblem(text: string): string | null {
  // `URL` ignores line breaks and tabs: the stored text would differ from the called URL.
  if (/\p{Cc}/u.test(text)) return 'Expected one line, without control characters.';
  if (!URL.canParse(text)) return 'Expected a whole URL, as in "https://example.com/hook".';
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    return `Expected a URL that starts with https:// or http://, not "${url.protocol}".`;
  }
  if (url.username || url.password) {
    return 'A user name or password does not belong in the URL. Make an authorization and choose it here.';
  }
  if (url.hash) return 'A URL fragment (after "#") is never sent. Remove it.';
  return null;
}

export const urlSchema = z
  .string('Expected a URL, as in "https://example.com/hook".')
  .trim()
  .max(2000, 'At most 2,000 characters.')
  .superRefine((text, context) => {
    const problem = urlProblem(text);
    if (problem) context.addIssue({ code: 'custom', message: problem });
  });

const eventPatternSchema = z.string().superRefine((pattern, context) => {
  if (!isEventPattern(pattern)) {
    context.addIssue({
      code: 'custom',
      message: `There is no event "${pattern}". Choose a name of the event catalogue, or a pattern such as "entry.*" or "*".`,
    });
  }
});

const AUTHORIZATION_EXPECTED = 'Expected the id of an authorization, or null for none.';

const keyOrNull = (what: string) => z.string(what).min(1, what).max(100).nullable().default(null);

const settingsSchema = z.strictObject({
  kind: oneOf(WEBHOOK_KINDS).default('event'),
  name: z
    .string('Expected a name.')
    .trim()
    .min(1, 'Give the webhook a name.')
    .max(200, 'At most 200 characters.'),
  description: z.string().max(2000).default(''),
  enabled: z.boolean().default(true),
  url: urlSchema,
  headers: headersSchema.default({}),
  serialization: oneOf(SERIALIZATIONS).default('json'),
  format: oneOf(FORMATS).default('standard'),
  authorization: z
    .string(AUTHORIZATION_EXPECTED)
    .min(1, AUTHORIZATION_EXPECTED)
    .nullable()
    .default(null),
  signing: oneOf(SIGNINGS).default('none'),
  events: z.array(eventPatternSchema).max(100).default([]),
  contentTypes: z.array(z.string().max(200)).max(500).default([]),
  locales: z.array(z.string().max(35)).max(200).default([]),
  filter: filterSchema.nullable().default(null),
  maxAttempts: z.int().min(1).max(20).default(10),
  /** Requests per second, over all instances; null: no limit. */
  rateLimit: z
    .number('Expected requests per second, or null.')
    .min(0.01, 'At least 0.01 requests per second, which is one in 100 seconds.')
    .max(1000, 'At most 1,000 requests per second.')
    .nullable()
    .default(null),
  /** Whether the deliveries of one document are sent one by one, in the order of its changes. */
  ordered: z.boolean('Expected true or false.').default(false),
  /** For submit and validation webhooks: a workflow's id, or "publication". */
  workflow: keyOrNull('Expected the id of a workflow, or "publication".'),
  /** For submit webhooks: the key of the state that the document enters. */
  state: keyOrNull('Expected the key of a state, or null.'),
  command: keyOrNull('Expected the key of a command, or null.'),
  onError: oneOf(ON_ERROR).default('refuse'),
  mode: oneOf(MODES).default('enforce'),
  /** Milliseconds; null: `validation.timeout` of the configuration. */
  timeout: z
    .int('Expected milliseconds, as a whole number.')
    .min(100, 'At least 100 milliseconds.')
    .max(60_000, 'At most 60,000 milliseconds.')
    .nullable()
    .default(null),
});

const NO_EVENTS = 'Only an event webhook subscribes to events. Leave the list empty.';
const NO_WORKFLOW =
  'An event webhook belongs to no workflow. Leave this empty, or choose another kind.';
const ASKED_AT_ONCE =
  'A validation is asked while an editor waits: it is neither held back nor put in order. Leave this empty.';
const NO_STATE = 'A validation belongs to a command. Leave the state empty.';

type Settings = z.output<typeof settingsSchema>;
/** Whether a field is wrong, its name, and the message. */
type Check = [isWrong: boolean, path: keyof Settings, message: string];

function checksOf(settings: Settings): Check[] {
  const { kind, workflow, state, command, events, rateLimit, ordered } = settings;
  if (kind === 'event')
    return (['workflow', 'state', 'command'] as const).map((name) => [
      settings[name] !== null,
      name,
      NO_WORKFLOW,
    ]);
  const common: Check[] = [
    [events.length > 0, 'events', NO_EVENTS],
    [workflow === null, 'workflow', 'Choose a workflow.'],
  ];
  if (kind === 'submit') {
    const isAmbiguous = (state === null) === (command === null);
    const path = state === null ? 'state' : 'command';
    return [...common, [isAmbiguous, path, 'Choose either a state or a command.']];
  }
  return [
    ...common,
    [rateLimit !== null, 'rateLimit', ASKED_AT_ONCE],
    [ordered, 'ordered', ASKED_AT_ONCE],
    [command === null, 'command', 'Choose the command that is validated.'],
    [state !== null, 'state', NO_STATE],
  ];
}

export const webhookInputSchema = settingsSchema.superRefine((settings, context) => {
  for (const [isWrong, path, message] of checksOf(settings))
    if (isWrong) context.addIssue({ code: 'custom', path: [path], message });
});

/** The body of POST /webhooks and of PUT /webhooks/:id, which replaces the whole webhook. */
export type WebhookInput = z.input<typeof webhookInputSchema>;
export type WebhookSettings = z.output<typeof webhookInputSchema>;

export type HealthState = 'healthy' | 'failing' | 'disabled';
/** The filter of a list. `off`: an administrator disabled the webhook; `disabled`: its failures or its receiver did. */
export const SHOWN_HEALTHS = ['healthy', 'failing', 'disabled', 'off'] as const;
export type ShownHealth = (typeof SHOWN_HEALTHS)[number];

/** The query of GET /webhooks. */
export const webhookQuerySchema = z.object({
  kind: z.string().optional(),
  enabled: flag.optional(),
  includesEndUsers: flag.optional(),
  health: oneOf(SHOWN_HEALTHS).optional(),
  search: z.string().max(200).optional(),
});
export type WebhookQuery = z.infer<typeof webhookQuerySchema>;

/** The last delivery that was sent. `at`: when it ended; while it is being retried, when it was created. */
export type LastDelivery = { id: string; state: 'delivered' | 'dead' | 'retrying'; at: string };
export type WebhookHealth = {
  state: HealthState;
  consecutiveFailures: number;
  disabledReason: string | null;
  /** When its failures or its receiver disabled it; the failures in a row may have begun earlier. */
  disabledAt: string | null;
  failingSince: string | null;
  lastSuccessAt: string | null;
  /** Calls stop until then: the receiver asked for a pause, or the validation's breaker is open. */
  pausedUntil: string | null;
  /** Null if the log holds no sent delivery. Tests do not count. */
  lastDelivery: LastDelivery | null;
};

export type Webhook = WebhookSettings & {
  id: string;
  /**
   * True for an old webhook that still sends end users without naming their content type. Only
   * POST /webhooks/:id/exclude-end-users and another choice of content types set it to false.
   */
  includesEndUsers: boolean;
  health: WebhookHealth;
  createdAt: string;
  updatedAt: string;
  /** For `standard-ed25519`: the key with which receivers check signatures, `whpk_` and base64. Otherwise null. */
  publicKey: string | null;
  /** `whsec_` and base64; only in the answer that creates or rotates it. A private key is never answered. */
  secret?: string;
};

/** GET /api/workflow-webhooks/public-keys/:webhook, public. After a rotation it also lists the previous key for a while. */
export type PublicKey = {
  /** `whpk_` and the 32 bytes of the key in base64 (Standard Webhooks). */
  publicKey: string;
  /** The same key as a JSON Web Key (RFC 8037). */
  jwk: { kty: 'OKP'; crv: 'Ed25519'; x: string };
  /** ISO 8601; null for the key in use. */
  validUntil: string | null;
};

/** The event of a test or a preview. Without a document, the event is invented. */
export const sampleSchema = z.strictObject({
  event: z.string().optional(),
  uid: z.string().optional(),
  documentId: z.string().optional(),
  locale: z.string().optional(),
});
export type Sample = z.infer<typeof sampleSchema>;

/** The body of POST /webhooks/test. `webhookInputSchema` checks the webhook. */
export const unsavedTestSchema = z.strictObject({
  webhook: z.record(z.string(), z.unknown(), 'Expected the settings of a webhook.'),
  /** The stored webhook that masked values are taken from. */
  id: z.string().max(64).optional(),
  sample: sampleSchema.default({}),
});
export type UnsavedTest = { webhook: WebhookInput; id?: string; sample?: Sample };

/** The body of POST /webhooks/preview: enough of a webhook to show what it would send. */
export const previewSchema = sampleSchema.extend({
  kind: z.enum(WEBHOOK_KINDS).default('event'),
  workflow: z.string().nullable().default(null),
  state: z.string().nullable().default(null),
  command: z.string().nullable().default(null),
  id: z.string().optional(),
  name: z.string().max(200).default(''),
  format: z.enum(FORMATS).default('standard'),
  serialization: z.enum(SERIALIZATIONS).default('json'),
  signing: z.enum(SIGNINGS).default('none'),
  events: z.array(z.string()).default([]),
  contentTypes: z.array(z.string()).default([]),
});
export type PreviewInput = z.input<typeof previewSchema>;
export type Preview = {
  event: string;
  headers: Record<string, string>;
  /** Headers that only a real request has: there is no secret to sign with yet, or none for this caller. */
  madeWhenSent: string[];
  body: string;
};
