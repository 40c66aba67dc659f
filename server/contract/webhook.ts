/** A configured endpoint: what an administrator sends, and what the API answers. */
import { z } from 'zod';
import { isEventPattern } from './catalogue';
import { filterSchema } from './filter';

export const WEBHOOK_KINDS = ['event'] as const;
export const SERIALIZATIONS = ['json', 'xml'] as const;
export const FORMATS = ['standard', 'strapi', 'sitecore'] as const;
export const SIGNINGS = ['none', 'standard'] as const;
export type Serialization = (typeof SERIALIZATIONS)[number];
export type Format = (typeof FORMATS)[number];
export type Signing = (typeof SIGNINGS)[number];

/** Headers that belong to the connection, to the body or to the signature, and are refused on a webhook. */
const REFUSED_HEADERS =
  /^(host|content-.*|transfer-encoding|connection|keep-alive|upgrade|te|trailer|expect|proxy-.*|webhook-.*|user-agent|x-strapi-event)$/i;
const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/;
const HEADER_VALUE = /^[\x20-\x7e]{0,4000}$/;

export const headerNameProblem = (name: string): string | null => {
  if (!HEADER_NAME.test(name)) {
    return 'A header name is made of letters, digits and dashes, as in "x-team".';
  }
  return REFUSED_HEADERS.test(name)
    ? `"${name}" is set by the plugin or by the connection. Choose another name.`
    : null;
};

const headerTextSchema = z.string('Expected text.').regex(HEADER_VALUE, {
  message: 'A header value is one line of printable ASCII characters, at most 4,000 of them.',
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

export const webhookInputSchema = z.strictObject({
  kind: z
    .enum(WEBHOOK_KINDS, 'Expected "event". Submit and validation webhooks need workflows.')
    .default('event'),
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
  format: z.enum(FORMATS, 'Expected "standard", "strapi" or "sitecore".').default('standard'),
  authorization: z
    .string(AUTHORIZATION_EXPECTED)
    .min(1, AUTHORIZATION_EXPECTED)
    .nullable()
    .default(null),
  signing: z.enum(SIGNINGS, 'Expected "none" or "standard".').default('none'),
  events: z.array(eventPatternSchema).max(100).default([]),
  contentTypes: z.array(z.string().max(200)).max(500).default([]),
  locales: z.array(z.string().max(35)).max(200).default([]),
  filter: filterSchema.nullable().default(null),
  maxAttempts: z.int().min(1).max(20).default(10),
});

/** What an administrator sends to make or to change a webhook (PUT replaces it whole). */
export type WebhookInput = z.input<typeof webhookInputSchema>;
export type WebhookSettings = z.output<typeof webhookInputSchema>;

export type HealthState = 'healthy' | 'failing' | 'disabled';
export type WebhookHealth = {
  state: HealthState;
  consecutiveFailures: number;
  disabledReason: string | null;
  lastSuccessAt: string | null;
};

export type Webhook = WebhookSettings & {
  id: string;
  health: WebhookHealth;
  createdAt: string;
  updatedAt: string;
  /** `whsec_` and base64; only in the answer that makes or rotates it. */
  secret?: string;
};

/** What is sampled by a test or a preview. Without a document, the event is a made-up one. */
export const sampleSchema = z.strictObject({
  event: z.string().optional(),
  uid: z.string().optional(),
  documentId: z.string().optional(),
  locale: z.string().optional(),
});
export type Sample = z.infer<typeof sampleSchema>;

/** The body of POST /webhooks/preview: enough of a webhook to show what it would send. */
export const previewSchema = sampleSchema.extend({
  id: z.string().optional(),
  name: z.string().max(200).default(''),
  format: z.enum(FORMATS).default('standard'),
  serialization: z.enum(SERIALIZATIONS).default('json'),
  events: z.array(z.string()).default([]),
  contentTypes: z.array(z.string()).default([]),
});
export type PreviewInput = z.input<typeof previewSchema>;
export type Preview = { event: string; headers: Record<string, string>; body: string };
