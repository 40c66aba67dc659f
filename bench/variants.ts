/** The apps that are measured: the same playground, each with its own database; and that of another checkout, to compare with. */
import path from 'node:path';
import { startStrapi, type App, type DatabaseKind } from '../tests/support/strapi';
import { addWebhook } from './in-strapi';
import { contentsOf, type Content, type DocumentKind } from './documents';

export const VARIANTS = ['without', 'none', 'one', 'strapi'] as const;
export type Variant = (typeof VARIANTS)[number] | 'other';

export const TITLES: Record<Variant, string> = {
  without: 'without the plugin',
  none: 'plugin, no webhook matching',
  one: 'plugin, one webhook matching',
  strapi: "Strapi's own webhook, no plugin",
  other: 'plugin of the other checkout, one webhook matching',
};

export type Contents = Record<DocumentKind, Content>;
export type Subject = { variant: Variant; app: App; contents: Contents; sends: boolean };

const CONTENT_TYPES = ['api::page.page', 'api::article.article'];
const EVENTS = ['entry.create', 'entry.update', 'entry.publish'];
const WITHOUT_PLUGIN = { PLAYGROUND_WITHOUT_PLUGIN: '1' };

/** Creates a webhook like the controller of /admin/webhooks, whose check would refuse loopback addresses. Runs inside Strapi. */
const addStrapiWebhook = async (
  strapi: any,
  { url, events }: { url: string; events: string[] },
) => {
  const webhook = await strapi
    .get('webhookStore')
    .createWebhook({ name: 'bench', url, headers: {}, events, isEnabled: true });
  strapi.get('webhookRunner').add(webhook);
};

const addMatchingWebhook = (app: App, url: string) =>
  addWebhook(app, { url, events: EVENTS, contentTypes: CONTENT_TYPES });

const prepare: Record<Variant, (app: App, url: string) => Promise<unknown>> = {
  without: async () => undefined,
  none: (app, url) =>
    addWebhook(app, { url, events: EVENTS, contentTypes: ['api::notice.notice'] }),
  one: addMatchingWebhook,
  other: addMatchingWebhook,
  strapi: (app, url) => app.run(addStrapiWebhook, { url, events: EVENTS }),
};

type Place = {
  url: string;
  database: DatabaseKind;
  /** The folder of another checkout, whose plugin is built. Its playground is loaded instead of this one. */
  checkout?: string;
};

export const startSubject = async (
  variant: Variant,
  { url, database, checkout }: Place,
): Promise<Subject> => {
  const isWithout = variant === 'without' || variant === 'strapi';
  const app = await startStrapi({
    database,
    ...(isWithout ? { env: WITHOUT_PLUGIN } : {}),
    ...(checkout ? { appDir: path.resolve(checkout, 'playground') } : {}),
  });
  const contents = await contentsOf(app);
  await prepare[variant](app, url);
  return { variant, app, contents, sends: variant === 'strapi' || isOurs(variant) };
};

/** Whether this app records its deliveries, so that the clock stops when the last one is recorded. */
export const isOurs = (variant: Variant): boolean => variant === 'one' || variant === 'other';

/** Starts the apps one after the other: four boots at once would take longer. The caller must stop each app. */
export async function* startSubjects(place: Place): AsyncGenerator<Subject> {
  for (const variant of VARIANTS) yield await startSubject(variant, place);
}
