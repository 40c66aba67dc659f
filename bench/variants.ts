/** The apps that are measured: the same playground, each with its own database; and that of another checkout, to compare with. */
import path from 'node:path';
import {
  startStrapi,
  type App,
  type DatabaseKind,
  type StartOptions,
} from '../tests/support/strapi';
import { addWebhook, changeWebhook } from './in-strapi';
import { contentsOf, type Content, type DocumentKind } from './documents';
import type { BenchReceiver } from './receiver';

export type Variant = 'without' | 'none' | 'stored' | 'one' | 'strapi' | 'other';

export const TITLES: Record<Variant, string> = {
  without: 'without the plugin',
  none: 'plugin, no webhook matching',
  stored: 'plugin, one webhook matching, sending stopped',
  one: 'plugin, one webhook matching',
  strapi: "Strapi's own webhook, no plugin",
  other: 'plugin of the other checkout, one webhook matching',
};

export type Contents = Record<DocumentKind, Content>;
export type Subject = {
  variant: Variant;
  app: App;
  contents: Contents;
  sends: boolean;
  /** Makes the webhook send to another address. */
  redirect(url: string): Promise<void>;
};

const CONTENT_TYPES = ['api::page.page', 'api::article.article'];
const EVENTS = ['entry.create', 'entry.update', 'entry.publish'];

/** What an app is started with. */
const STARTS: Record<Variant, Pick<StartOptions, 'env' | 'config'>> = {
  without: { env: { PLAYGROUND_WITHOUT_PLUGIN: '1' } },
  none: {},
  stored: { config: { engine: { dispatch: false } } },
  one: {},
  strapi: { env: { PLAYGROUND_WITHOUT_PLUGIN: '1' } },
  other: {},
};

const CONTENT_TYPES_OF_WEBHOOK: Partial<Record<Variant, string[]>> = {
  none: ['api::notice.notice'],
  stored: CONTENT_TYPES,
  one: CONTENT_TYPES,
  other: CONTENT_TYPES,
};

type StrapiWebhook = { url: string; events: string[] };

/**
 * Creates the webhook, or changes it, like the controller of /admin/webhooks, whose check would refuse loopback addresses.
 * Runs inside Strapi.
 */
const setStrapiWebhook = async (strapi: any, { url, events }: StrapiWebhook) => {
  const store = strapi.get('webhookStore');
  const wish = { name: 'bench', url, headers: {}, events, isEnabled: true };
  const [known] = await store.findWebhooks();
  const webhook = known
    ? await store.updateWebhook(known.id, { ...wish, id: known.id })
    : await store.createWebhook(wish);
  strapi.get('webhookRunner').update(webhook);
};

/** Adds the webhook of the variant. Returns how to redirect it. */
async function addWebhookOf(variant: Variant, app: App, url: string): Promise<Subject['redirect']> {
  const contentTypes = CONTENT_TYPES_OF_WEBHOOK[variant];
  if (variant === 'strapi') {
    const set = (to: string) => app.run(setStrapiWebhook, { url: to, events: EVENTS });
    await set(url);
    return set;
  }
  if (!contentTypes) return async () => undefined;
  const wish = { url, events: EVENTS, contentTypes };
  const id = await addWebhook(app, wish);
  return (to) => changeWebhook(app, id, { ...wish, url: to });
}

type Place = {
  receiver: BenchReceiver;
  database: DatabaseKind;
  /** The folder of another checkout, whose plugin is built. Its playground is loaded instead of this one. */
  checkout?: string;
};

export async function startSubject(
  variant: Variant,
  { receiver, database, checkout }: Place,
): Promise<Subject> {
  const { env, config } = STARTS[variant];
  const app = await startStrapi({
    database,
    config,
    env: { ...receiver.trust, ...env },
    ...(checkout ? { appDir: path.resolve(checkout, 'playground') } : {}),
  });
  // A Strapi in use has answered a request. From the first one on, every promise of Node 20 costs a little more, because
  // Strapi keeps the request in an AsyncLocalStorage. An app that got none would be quicker than any in use.
  await fetch(`${app.url}/_health`);
  const contents = await contentsOf(app);
  const redirect = await addWebhookOf(variant, app, receiver.url);
  return { variant, app, contents, redirect, sends: variant === 'strapi' || isOurs(variant) };
}

/** Whether this app records its deliveries, so that the clock stops when the last one is recorded. */
export const isOurs = (variant: Variant): boolean => variant === 'one' || variant === 'other';
