/** A configured endpoint: what an administrator sends, and what the API answers. */
import { z } from 'zod';
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

export const headerNameProblem = (name: string): string | null => {
  if (!HEADER_NAME.test(name)) {
    return 'A header name is made of letters, digits and dashes, as in "x-team".';
  }
  return REFUSED_HEADERS.test(name)
    ? `"${name}" is set by the plugin or by the connection. Choose another name.`
    : null;
};

const headerTextSchema = z.string('Expected text.').regex(HEADER_VALUE, {
  message: 'A header value is one line of printable ASCII characters, at most 16,384 of them.',
});

/** A plain value, or a secret one, of which answers hold the mask. */
export const headerValueSchema = z.union(
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

/** The shape of a URL only; whether its address may be called is decided by the network room. */
export const urlProblem = (text: string): string | null => {
  // `URL` passes over line breaks and tabs, so that a longer text than the one that is called would be stored.
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
};

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
  kind: z.enum(WEBHOOK_KINDS, 'Expected "event", "submit" or "validation".').default('event'),
  name: z
    .string('Expected a name.')
    .trim()
    .min(1, 'Give the webhook a name.')
    .max(200, 'At most 200 characters.'),
  description: z.string().max(2000).default(''),
  enabled: z.boolean().default(true),
  url: urlSchema,
  headers: headersSchema.default({}),
  serialization: z.enum(SERIALIZATIONS, 'Expected "json" or "xml".').default('json'),
  format: z
    .enum(FORMATS, 'Expected "standard", "strapi", "sitecore", "vee" or "cloudevents".')
    .default('standard'),
  authorization: z
    .string(AUTHORIZATION_EXPECTED)
    .min(1, AUTHORIZATION_EXPECTED)
    .nullable()
    .default(null),
  signing: z
    .enum(SIGNINGS, 'Expected "none", "standard", "standard-ed25519", "github" or "stripe".')
    .default('none'),
  events: z.array(eventPatternSchema).max(100).default([]),
  contentTypes: z.array(z.string().max(200)).max(500).default([]),
  locales: z.array(z.string().max(35)).max(200).default([]),
  filter: filterSchema.nullable().default(null),
  maxAttempts: z.int().min(1).max(20).default(10),
  /** Requests a second, over all instances; null: as many as the receiver takes. */
  rateLimit: z
    .number('Expected requests per second, or null.')
    .min(0.01, 'At least 0.01 requests per second, which is one in 100 seconds.')
    .max(1000, 'At most 1,000 requests per second.')
    .nullable()
    .default(null),
  /** Whether the deliveries of one document are sent one after the other, in the order of its changes. */
  ordered: z.boolean('Expected true or false.').default(false),
  /** Of submit and validation webhooks: a workflow's id, or "publication". */
  workflow: keyOrNull('Expected the id of a workflow, or "publication".'),
  /** Of submit webhooks: the key of the state that is entered. */
  state: keyOrNull('Expected the key of a state, or null.'),
  command: keyOrNull('Expected the key of a command, or null.'),
  onError: z.enum(ON_ERROR, 'Expected "refuse" or "allow".').default('refuse'),
  mode: z.enum(MODES, 'Expected "enforce", "warn" or "audit".').default('enforce'),
  /** Milliseconds; null: `validation.timeout` of the configuration. */
  timeout: z
    .int('Expected milliseconds, as a whole number.')
    .min(100, 'At least 100 milliseconds.')
    .max(60_000, 'At most 60,000 milliseconds.')
    .nullable()
    .default(null),
});

type Settings = z.output<typeof settingsSchema>;
type Trouble = { path: string; message: string };

const NO_EVENTS = 'Only an event webhook subscribes to events. Leave the list empty.';

const ASKED_AT_ONCE =
  'A validation is asked while an editor waits: it is neither held back nor put in order. Leave this empty.';

const workflowTrouble = (settings: Settings): Trouble[] => {
  const { kind, workflow, state, command, events, rateLimit, ordered } = settings;
  const troubles: (Trouble | false)[] = [
    events.length > 0 && { path: 'events', message: NO_EVENTS },
    workflow === null && { path: 'workflow', message: 'Choose a workflow.' },
  ];
  if (kind === 'validation') {
    troubles.push(
      rateLimit !== null && { path: 'rateLimit', message: ASKED_AT_ONCE },
      ordered && { path: 'ordered', message: ASKED_AT_ONCE },
      command === null && { path: 'command', message: 'Choose the command that is validated.' },
      state !== null && {
        path: 'state',
        message: 'A validation belongs to a command. Leave the state empty.',
      },
    );
  } else {
    troubles.push(
      (state === null) === (command === null) && {
        path: state === null ? 'state' : 'command',
        message: 'Choose either a state or a command.',
      },
    );
  }
  return troubles.filter((trouble) => trouble !== false);
};

const eventTrouble = (settings: Settings): Trouble[] =>
  (['workflow', 'state', 'command'] as const)
    .filter((name) => settings[name] !== null)
    .map((name) => ({
      path: name,
      message: 'An event webhook belongs to no workflow. Leave this empty, or choose another kind.',
    }));

export const webhookInputSchema = settingsSchema.superRefine((settings, context) => {
  const troubles = settings.kind === 'event' ? eventTrouble(settings) : workflowTrouble(settings);
  for (const { path, message } of troubles)
    context.addIssue({ code: 'custom', path: [path], message });
});

/** What an administrator sends to make or to change a webhook (PUT replaces it whole). */
export type WebhookInput = z.input<typeof webhookInputSchema>;
export type WebhookSettings = z.output<typeof webhookInputSchema>;

export type HealthState = 'healthy' | 'failing' | 'disabled';
/** What a list of webhooks is narrowed to. `off`: an administrator disabled it; `disabled`: it was disabled by itself. */
export const SHOWN_HEALTHS = ['healthy', 'failing', 'disabled', 'off'] as const;
export type ShownHealth = (typeof SHOWN_HEALTHS)[number];

/** The query of GET /webhooks. */
export const webhookQuerySchema = z.object({
  kind: z.string().optional(),
  enabled: z
    .enum(['true', 'false'], 'Expected "true" or "false".')
    .transform((text) => text === 'true')
    .optional(),
  includesEndUsers: z
    .enum(['true', 'false'], 'Expected "true" or "false".')
    .transform((text) => text === 'true')
    .optional(),
  health: z.enum(SHOWN_HEALTHS, 'Expected "healthy", "failing", "disabled" or "off".').optional(),
  search: z.string().max(200).optional(),
});
export type WebhookQuery = z.infer<typeof webhookQuerySchema>;

/** The last delivery that was sent. `at`: when it ended, or, where it is tried again, when it was made. */
export type LastDelivery = { id: string; state: 'delivered' | 'dead' | 'retrying'; at: string };
export type WebhookHealth = {
  state: HealthState;
  consecutiveFailures: number;
  disabledReason: string | null;
  /** Since when it is disabled, where it was disabled by itself; its failures in a row may have begun before. */
  disabledAt: string | null;
  failingSince: string | null;
  lastSuccessAt: string | null;
  /** Until when it is not called: its receiver asked for a pause, or a validation's breaker is open. */
  pausedUntil: string | null;
  /** Null where nothing was sent that the log still holds. Tests do not count. */
  lastDelivery: LastDelivery | null;
};

export type Webhook = WebhookSettings & {
  id: string;
  /**
   * Whether it still sends end users, though it does not name their content type: it is older than the rule that it must.
   * Only POST /webhooks/:id/exclude-end-users and another choice of content types change it, to false.
   */
  includesEndUsers: boolean;
  health: WebhookHealth;
  createdAt: string;
  updatedAt: string;
  /** Of `standard-ed25519`: with what receivers check signatures, `whpk_` and base64. Null for every other signing. */
  publicKey: string | null;
  /** `whsec_` and base64; only in the answer that makes or rotates it. A private key is never answered. */
  secret?: string;
};

/** GET /api/workflow-webhooks/public-keys/:webhook, for anybody: after a rotation the key before it too, until then. */
export type PublicKey = {
  /** `whpk_` and the 32 bytes of the key in base64 (Standard Webhooks). */
  publicKey: string;
  /** The same key as a JSON Web Key (RFC 8037). */
  jwk: { kty: 'OKP'; crv: 'Ed25519'; x: string };
  /** ISO 8601; null for the key in use. */
  validUntil: string | null;
};

/** What is sampled by a test or a preview. Without a document, the event is a made-up one. */
export const sampleSchema = z.strictObject({
  event: z.string().optional(),
  uid: z.string().optional(),
  documentId: z.string().optional(),
  locale: z.string().optional(),
});
export type Sample = z.infer<typeof sampleSchema>;

/** The body of POST /webhooks/test: a webhook as it would be saved, which the input's own schema checks. */
export const unsavedTestSchema = z.strictObject({
  webhook: z.record(z.string(), z.unknown(), 'Expected the settings of a webhook.'),
  /** Of a stored webhook with changes: what stands masked is taken from it. */
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
  /** Headers that are sent too, but made only then: there is no secret to sign with yet, or none for this caller. */
  madeWhenSent: string[];
  body: string;
};
