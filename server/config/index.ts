/** The plugin's configuration in `config/plugins`: its options, their defaults, and the check when Strapi starts. */
import { z } from 'zod';
import { inWords } from '../contract/api';
import { PLUGIN_ID } from '../contract/names';
import { parseAllow } from '../send/http/address';

// Durations are milliseconds.

const SECOND = 1000;
const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Standard Webhooks' schedule: the wait before each attempt, counted from the one before. */
export const DEFAULT_SCHEDULE = [
  0,
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  DAY,
];

const milliseconds = (least: number, most: number) => z.int().min(least).max(most);

const deliverySchema = z.strictObject({
  /**
   * Requests under way at once, over all webhooks. A webhook without a request under way may always send one, so that
   * hanging endpoints never stop one that answers: at most one more for each webhook.
   */
  concurrency: z.int().min(1).max(1000).default(128),
  /** Requests under way at once to one webhook. */
  concurrencyPerWebhook: z.int().min(1).max(200).default(16),
  /** The deadline of one request: connecting, sending and reading the answer together. */
  timeout: milliseconds(100, 5 * MINUTE).default(15 * SECOND),
  /** The wait before each attempt. The last step repeats if a webhook allows more attempts. */
  schedule: z
    .array(milliseconds(0, 30 * DAY))
    .min(1)
    .max(50)
    .default(DEFAULT_SCHEDULE),
  /** A longer request body is not sent. */
  maxBodyBytes: z.int().min(1000).max(100_000_000).default(5_000_000),
  /** How much of an answer is read and logged. */
  maxResponseBytes: z.int().min(0).max(1_000_000).default(16_384),
  /** How long finished deliveries and their events stay in the log. */
  retentionDays: z.number().min(0.01).max(3650).default(30),
  /** How many finished deliveries stay in the log at most; the oldest go first. 0: no limit. */
  retentionCount: z.int().min(0).max(1_000_000_000).default(0),
  /** A webhook is disabled if all its attempts failed for this long. 0: never. */
  disableAfter: milliseconds(0, 365 * DAY).default(5 * DAY),
});

const PROXY_EXPECTED =
  'Expected the URL of a proxy, such as "http://proxy.internal:3128", or null.';
const CA_EXPECTED =
  'Expected the text of one or more PEM certificates, starting with -----BEGIN CERTIFICATE-----, or null.';

const networkSchema = z.strictObject({
  /** CIDR ranges, addresses or host names that may be called although they are private. */
  allow: z.array(z.string()).default([]),
  /** Refuse URLs that start with http://. */
  requireHttps: z.boolean().default(false),
  /** The URL of an HTTP proxy for every request. It resolves host names by itself. */
  proxy: z
    .string(PROXY_EXPECTED)
    .refine((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol), {
      message: PROXY_EXPECTED,
    })
    .nullable()
    .default(null),
  /** PEM certificates to trust besides Node's own. */
  ca: z
    .string(CA_EXPECTED)
    .regex(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/, CA_EXPECTED)
    .nullable()
    .default(null),
});

const validationSchema = z.strictObject({
  /** All validations of one command together: nobody waits longer for them. */
  budget: milliseconds(100, MINUTE).default(10 * SECOND),
  /** The deadline of one validation endpoint, unless its webhook names one. */
  timeout: milliseconds(100, MINUTE).default(3 * SECOND),
});

const REDIS_EXPECTED =
  'Expected the URL of a Redis server, such as "redis://cache.internal:6379/0" or "rediss://...".';

const isRedisUrl = (text: string) =>
  URL.canParse(text) && /^rediss?:$/.test(new URL(text).protocol) && new URL(text).hostname !== '';

const engineSchema = z
  .strictObject({
    /** How the sending processes find due deliveries: in the database alone, or with BullMQ on Redis beside it. */
    driver: z.enum(['database', 'bullmq'], 'Expected "database" or "bullmq".').default('database'),
    /** The URL of Redis. Its credentials are never shown. */
    redis: z.string(REDIS_EXPECTED).refine(isRedisUrl, REDIS_EXPECTED).nullable().default(null),
    /** The prefix of our keys in Redis. Apps that share a Redis need different ones. */
    prefix: z
      .string()
      .regex(
        /^[\w.-]{1,100}$/,
        'Expected 1 to 100 letters, digits, dots, dashes and underscores: what our keys in Redis start with.',
      )
      .default('workflow-webhooks'),
    /** Whether this process sends. False: it stores deliveries, and others send them. */
    dispatch: z.boolean().default(true),
    /** Whether requests are made and sent in a thread of their own. False: on Strapi's event loop. */
    thread: z.boolean().default(true),
  })
  .refine(({ driver, redis }) => driver !== 'bullmq' || redis !== null, {
    path: ['redis'],
    message: `The engine "bullmq" needs Redis. ${REDIS_EXPECTED}`,
  });

const LEVEL_EXPECTED = 'Expected "debug", "info" or "off".';

const level = () => z.enum(['debug', 'info', 'off'], LEVEL_EXPECTED).default('debug');

const logSchema = z.strictObject({
  /** The level of the line for a recorded event. */
  events: level(),
  /**
   * The level of the line of an attempt. Unless "off", an attempt that leaves its delivery dead is a warning, and so is one
   * failed attempt a minute of each webhook.
   */
  attempts: level(),
});

const tracingSchema = z.strictObject({
  /** Whether receivers are sent the `traceparent` of the attempt's span. */
  propagate: z.boolean().default(false),
});

const KEYS_EXPECTED =
  'Expected a list of encryption keys: texts, none of them empty. Leave out what is not set.';

const secretsSchema = z.strictObject({
  /** Former values of `admin.secrets.encryptionKey`: they decrypt, and never encrypt. */
  previousKeys: z
    .array(z.string(KEYS_EXPECTED).min(1, KEYS_EXPECTED), KEYS_EXPECTED)
    .max(20, 'At most 20 keys.')
    .default([]),
});

const metricsSchema = z.strictObject({
  /** Whether GET /api/workflow-webhooks/metrics answers an API token that may call it. */
  enabled: z.boolean().default(false),
});

const UID_EXPECTED = 'Expected the uid of a content type, such as "api::screen.screen".';

const screensSchema = z.strictObject({
  /** Content types whose changes are `screen.*` events in place of `entry.*`. */
  contentTypes: z
    .array(z.string(UID_EXPECTED).regex(/^[\w-]+::[\w-]+\.[\w-]+$/, UID_EXPECTED))
    .max(500)
    .default([]),
});

export const configSchema = z.strictObject({
  delivery: deliverySchema.prefault({}),
  engine: engineSchema.prefault({}),
  log: logSchema.prefault({}),
  network: networkSchema.prefault({}),
  metrics: metricsSchema.prefault({}),
  screens: screensSchema.prefault({}),
  secrets: secretsSchema.prefault({}),
  tracing: tracingSchema.prefault({}),
  validation: validationSchema.prefault({}),
});

export type Config = z.output<typeof configSchema>;

/** With defaults. Throws if the configuration is not valid, which Strapi has checked at start. */
export const configOf = (config: unknown): Config => configSchema.parse(config ?? {});

function problemsOf(config: unknown): string[] {
  const parsed = configSchema.safeParse(config, { error: inWords });
  if (!parsed.success) {
    return parsed.error.issues.map(
      (issue) => `${issue.path.join('.') || 'config'}: ${issue.message}`,
    );
  }
  try {
    parseAllow(parsed.data.network.allow);
    return [];
  } catch (error) {
    return [(error as Error).message];
  }
}

function validator(config: unknown) {
  const problems = problemsOf(config);
  if (problems.length === 0) return;
  throw new Error(
    [
      `The configuration of "${PLUGIN_ID}" in config/plugins is not valid:`,
      ...problems.map((problem) => `  - ${problem}`),
      "Every option and its default is listed in the plugin's docs/configuration.md.",
    ].join('\n'),
  );
}

export default {
  // Defaults come from `configOf`. Strapi would merge them in with lodash's defaultsDeep, which mixes lists item by
  // item: a schedule of two steps would get the other eight of the default.
  default: {},
  validator,
};
