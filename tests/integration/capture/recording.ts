/** A Strapi whose stored events a test reads from the database, before anything is sent. */
import type { WebhookEvent } from '../../../server/contract/event';
import type { WebhookInput } from '../../../server/contract/webhook';
import { eventOf } from '../../../server/store/outbox/rows';
import { startStrapi, type App, type StartOptions } from '../../support/strapi';

export const ARTICLE = 'api::article.article';
export const PAGE = 'api::page.page';
export const NOTICE = 'api::notice.notice';
export const HOMEPAGE = 'api::homepage.homepage';
export const AUTHOR = 'api::author.author';
export const TAG = 'api::tag.tag';
/** Hidden in the Content Manager. */
export const REDIRECT = 'api::redirect.redirect';

/** A closed port: deliveries fail and stay in the database, so tests can read them later. */
const NOWHERE = 'http://127.0.0.1:9/';

export type Stored = { events: WebhookEvent[]; deliveries: any[] };

export const succeeded = <T = any>({ status, body }: { status: number; body: any }): T => {
  if (status >= 300) throw new Error(`${status}: ${JSON.stringify(body)}`);
  return body as T;
};

/** Each event as a short text, such as `entry.update en draft`. */
export const summariesOf = (events: WebhookEvent[]) =>
  events.map(({ name, locale, status }) => [name, locale, status].filter(Boolean).join(' '));

/** The fields of a page, as a form sends them. */
export const pageForm = (over: object = {}) => ({ title: 'A page', path: '/a', ...over });

export class Recording {
  private readonly inputs = new Map<string, object>();
  private articles = 0;

  private constructor(readonly app: App) {}

  static async start(options: StartOptions = {}): Promise<Recording> {
    const schedule = [0, 3_600_000];
    return new Recording(await startStrapi({ config: { delivery: { schedule } }, ...options }));
  }

  stop() {
    return this.app?.stop();
  }

  async webhook(input: Partial<WebhookInput> = {}): Promise<string> {
    const whole = { name: 'Everything', url: NOWHERE, events: ['*'], ...input };
    const answer = await this.app.request('POST', '/workflow-webhooks/webhooks', whole);
    const { id } = succeeded(answer).data;
    this.inputs.set(id, whole);
    return id;
  }

  async change(id: string, input: Partial<WebhookInput>) {
    const path = `/workflow-webhooks/webhooks/${id}`;
    const whole = { ...this.inputs.get(id), ...input };
    succeeded(await this.app.request('PUT', path, whole));
    if (input.enabled !== undefined)
      succeeded(await this.app.request('POST', `${path}/${input.enabled ? 'enable' : 'disable'}`));
    this.inputs.set(id, whole);
  }

  async remove(id: string) {
    succeeded(await this.app.request('DELETE', `/workflow-webhooks/webhooks/${id}`));
  }

  async stored(): Promise<Stored> {
    const { payloads, deliveries } = await this.app.run(async (strapi) => {
      const rows = (table: string) =>
        strapi.db.connection(`workflow_webhooks_${table}`).select().orderBy('id');
      const events = await rows('events');
      return {
        payloads: events.map(({ payload }: any) => payload as string),
        deliveries: await rows('deliveries'),
      };
    });
    return { events: payloads.map(eventOf), deliveries };
  }

  /** The events and deliveries that an action stored, and its result. */
  async storedBy<T>(work: () => Promise<T>): Promise<Stored & { result: T }> {
    const before = await this.stored();
    const result = await work();
    const after = await this.stored();
    return {
      result,
      events: after.events.slice(before.events.length),
      deliveries: after.deliveries.slice(before.deliveries.length),
    };
  }

  async eventsOf(work: () => Promise<unknown>): Promise<WebhookEvent[]> {
    return (await this.storedBy(work)).events;
  }

  /** Calls the document service from code. */
  documents<T = any>(uid: string, action: string, params: object = {}): Promise<T> {
    return this.app.run(
      (strapi, { uid, action, params }) => strapi.documents(uid)[action](params),
      { uid, action, params },
    ) as Promise<T>;
  }

  /** Creates a document from code. */
  async make(uid: string, data: object, more: object = {}): Promise<string> {
    return (await this.documents(uid, 'create', { data, ...more })).documentId;
  }

  /** Creates an article in these locales. Returns its document id. */
  async article({ locales = ['en'], isPublished = false } = {}): Promise<string> {
    const [first, ...rest] = locales;
    const slug = `article-${++this.articles}`;
    const documentId = await this.make(ARTICLE, { title: slug, slug }, { locale: first });
    for (const locale of rest) {
      const data = { title: `Article ${locale}`, slug: `${slug}-${locale}` };
      await this.documents(ARTICLE, 'update', { documentId, locale, data });
    }
    if (isPublished) await this.documents(ARTICLE, 'publish', { documentId, locale: '*' });
    return documentId;
  }

  page({ isPublished = false } = {}): Promise<string> {
    return this.make(PAGE, pageForm(), isPublished ? { status: 'published' } : {});
  }

  /** Calls the Content Manager. */
  async manager(method: string, path: string, body?: unknown) {
    return succeeded(await this.app.request(method, `/content-manager${path}`, body));
  }

  async rest(method: string, path: string, data?: object) {
    return succeeded(await this.app.contentApi(method, path, data && { data }));
  }
}
