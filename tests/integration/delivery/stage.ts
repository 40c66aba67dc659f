/** A Strapi with a receiver, and the helpers that the delivery tests share. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Delivery, DeliveryDetail, Health } from '../../../server/contract/delivery';
import type { Webhook, WebhookInput } from '../../../server/contract/webhook';
import { startReceiver, type Received, type Receiver } from '../../support/receiver';
import { startStrapi, type App, type StartOptions } from '../../support/strapi';

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

const PATIENCE = 30 * SECOND;
/** The longest pause between two checks (ms). */
const LONGEST_PAUSE = 250;
const WAITING = ['pending', 'sending', 'retrying'];

export type Wish = Partial<WebhookInput> & { path?: string };

const dataOf = <T>(answer: { status: number; body: any }): T => {
  if (answer.status >= 300) throw new Error(`${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer.body.data;
};

/**
 * Repeats a read until its result fulfils the condition; throws the last result after a time limit. The pauses grow, because
 * each read costs CPU time of the Strapi that the test waits for.
 */
export const until = async <T>(look: () => Promise<T>, isSo: (seen: T) => boolean): Promise<T> => {
  const deadline = Date.now() + PATIENCE;
  for (let pause = 20; ; pause = Math.min(1.3 * pause, LONGEST_PAUSE)) {
    const seen = await look();
    if (isSo(seen)) return seen;
    if (Date.now() > deadline) {
      throw new Error(
        `The condition was never fulfilled. Last result: ${JSON.stringify(seen).slice(0, 2000)}`,
      );
    }
    await sleep(pause);
  }
};

export class Stage {
  private turned = 0;

  private constructor(
    readonly app: App,
    readonly receiver: Receiver,
  ) {}

  static async start(options: StartOptions = {}): Promise<Stage> {
    const receiver = await startReceiver();
    const app = await startStrapi(options).catch(async (error) => {
      await receiver.stop();
      throw error;
    });
    return new Stage(app, receiver);
  }

  /** Calls the plugin's API. Returns the data, or throws the error. */
  async api<T = any>(method: string, path: string, body?: unknown): Promise<T> {
    return dataOf<T>(await this.app.request(method, `/workflow-webhooks${path}`, body));
  }

  /** Creates a webhook. By default, it is subscribed to new notices and calls `path` of the receiver. */
  makeWebhook({ path = '/hook', ...wish }: Wish = {}): Promise<Webhook> {
    return this.api('POST', '/webhooks', {
      name: path,
      url: this.receiver.url(path),
      events: ['entry.create'],
      contentTypes: ['api::notice.notice'],
      ...wish,
    });
  }

  /** Reads the webhook, and saves it with these changes. */
  async changeWebhook(
    { id }: { id: string },
    { enabled, ...changes }: Partial<WebhookInput>,
  ): Promise<Webhook> {
    let webhook = await this.webhook({ id });
    if (Object.keys(changes).length > 0) {
      const {
        id: own,
        health,
        createdAt,
        publicKey,
        secret,
        includesEndUsers,
        ...settings
      } = webhook;
      webhook = await this.api('PUT', `/webhooks/${own}`, { ...settings, ...changes });
    }
    if (enabled === undefined) return webhook;
    return this.api('POST', `/webhooks/${id}/${enabled ? 'enable' : 'disable'}`);
  }

  webhook({ id }: { id: string }): Promise<Webhook> {
    return this.api('GET', `/webhooks/${id}`);
  }

  /** Saves notices, one after the other. Returns their document ids. */
  write(count = 1, title = 'Notice'): Promise<string[]> {
    return this.app.run(
      async (strapi, args) => {
        const ids: string[] = [];
        for (let index = 0; index < args.count; index += 1) {
          const data = { title: `${args.title} ${index + 1}` };
          ids.push((await strapi.documents('api::notice.notice').create({ data })).documentId);
        }
        return ids;
      },
      { count, title },
    );
  }

  /** The deliveries of one webhook or of all, oldest first. */
  async deliveries(webhook?: { id: string }): Promise<Delivery[]> {
    const found: Delivery[] = [];
    const filter = webhook ? `&webhook=${webhook.id}` : '';
    for (let page = 1; ; page += 1) {
      const query = `/deliveries?sort=id:asc&pageSize=100&page=${page}${filter}`;
      const rows = await this.api<Delivery[]>('GET', query);
      found.push(...rows);
      if (rows.length < 100) return found;
    }
  }

  delivery({ id }: { id: string }): Promise<DeliveryDetail> {
    return this.api('GET', `/deliveries/${id}`);
  }

  /** The webhook's deliveries, as soon as all of them fulfil the condition. */
  all(webhook: { id: string }, isSo: (delivery: Delivery) => boolean): Promise<Delivery[]> {
    return until(
      () => this.deliveries(webhook),
      (found) => found.length > 0 && found.every(isSo),
    );
  }

  /** The webhook's deliveries, as soon as none of them is open. */
  finished(webhook: { id: string }): Promise<Delivery[]> {
    return this.all(webhook, ({ state }) => !WAITING.includes(state));
  }

  /** The webhook's only delivery, as soon as it has at least `attempts` recorded attempts. */
  async attempted(webhook: { id: string }, attempts: number): Promise<DeliveryDetail> {
    const [delivery] = await this.all(
      webhook,
      ({ state, attemptCount }) => attemptCount >= attempts && state !== 'sending',
    );
    return this.delivery(delivery!);
  }

  /** The requests to a path, in order. */
  calls(path = '/hook'): Received[] {
    return this.receiver.requests.filter((request) => request.path === path);
  }

  health(): Promise<Health> {
    return this.api('GET', '/health');
  }

  /** Turns the clock forward. Waits for requests in flight first, because their leases would run out. */
  async turn(ms: number): Promise<void> {
    await until(
      () => this.health(),
      ({ inFlight, deliveries }) => inFlight === 0 && deliveries.sending === 0,
    );
    await this.turnNow(ms);
  }

  turnNow(ms: number): Promise<void> {
    this.turned += ms;
    return this.app.run(
      (strapi, by) => strapi.plugin('workflow-webhooks').service('clock').turn(by),
      ms,
    );
  }

  /** Removes webhooks with their open deliveries, requests and scripts, and turns the clock back. */
  async clear(): Promise<void> {
    for (const { id } of await this.api<Webhook[]>('GET', '/webhooks?pageSize=100')) {
      await this.api('DELETE', `/webhooks/${id}`);
    }
    await this.turn(-this.turned);
    this.receiver.clear();
  }

  async stop(): Promise<void> {
    await this.receiver.stop();
    await this.app.stop();
  }
}
