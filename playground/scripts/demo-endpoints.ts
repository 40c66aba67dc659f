/** The demo's three event webhooks, created over the plugin's admin API, and the checks of their receivers. */
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { Webhook } from 'standardwebhooks';
import type { WebhookInput } from '../../server/contract/webhook';
import type { Received, Receiver } from '../../tests/support/receiver';
import type { App } from '../../tests/support/strapi';

export type Endpoint = {
  name: string;
  path: string;
  /** The subscribed events by the plugin's names, and the content types if not all. */
  events: string[];
  contentTypes?: string[];
  /** How many requests one event causes: two if the first one is refused. */
  attempts: number;
  /** The successful check, as printed. */
  proof: string;
  /** The name of an event in this endpoint's format. */
  nameOf(event: string): string;
  nameIn(request: Received): string;
  /** Throws if the request is wrong. */
  verify(request: Received): void;
};

const ARTICLE = 'api::article.article';
const TOKEN = 'search-index-token';
const BASIC = { username: 'mailing', password: 'correct horse battery staple' };

type Made = 'webhooks' | 'authorizations' | 'workflows';

export async function create(app: App, what: Made, input: object) {
  const answer = await app.request('POST', `/workflow-webhooks/${what}`, input);
  if (answer.status !== 200 && answer.status !== 201) {
    throw new Error(`POST ${what} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  }
  return answer.body.data as { id: string; secret?: string };
}

export const makeWebhook = (app: App, input: WebhookInput) => create(app, 'webhooks', input);

const expectHeader = (request: Received, name: string, value: string) => {
  if (request.headers[name] !== value) throw new Error(`the header ${name} has a wrong value`);
};

async function website(app: App, receiver: Receiver): Promise<Endpoint> {
  const { secret = '' } = await makeWebhook(app, {
    name: 'Website',
    description: 'Every change, signed.',
    url: receiver.url('/website'),
    signing: 'standard',
    events: ['entry.*'],
  });
  const verifier = new Webhook(secret);
  return {
    name: 'Website',
    path: '/website',
    events: ['entry.create', 'entry.update', 'entry.publish', 'entry.unpublish', 'entry.delete'],
    attempts: 1,
    proof: 'JSON (standard), signature verified',
    nameOf: (event) => event,
    nameIn: ({ body }) => JSON.parse(body).type,
    verify: ({ body, headers }) => void verifier.verify(body, headers),
  };
}

/** Sitecore's names of the demo's events. */
const SITECORE: Record<string, string> = {
  'entry.publish': 'publish:end',
  'entry.delete': 'item:deleted',
};

async function searchIndex(app: App, receiver: Receiver): Promise<Endpoint> {
  const bearer = { kind: 'bearer', name: 'Token of the search index', token: TOKEN };
  const authorization = await create(app, 'authorizations', bearer);
  const subscription = { events: Object.keys(SITECORE), contentTypes: [ARTICLE] };
  await makeWebhook(app, {
    name: 'Search index',
    description: 'The format of Sitecore.',
    url: receiver.url('/search-index'),
    serialization: 'xml',
    format: 'sitecore',
    authorization: authorization.id,
    ...subscription,
  });
  return {
    name: 'Search index',
    path: '/search-index',
    ...subscription,
    attempts: 1,
    proof: 'XML (sitecore), well-formed, bearer token right',
    nameOf: (event) => SITECORE[event] ?? event,
    nameIn: ({ body }) => new XMLParser().parse(body).event?.EventName,
    verify: (request) => {
      expectHeader(request, 'authorization', `Bearer ${TOKEN}`);
      const verdict = XMLValidator.validate(request.body);
      if (verdict !== true) throw new Error(verdict.err.msg);
    },
  };
}

async function mailingList(app: App, receiver: Receiver): Promise<Endpoint> {
  const basic = { kind: 'basic', name: 'Login of the mailing list', ...BASIC };
  const authorization = await create(app, 'authorizations', basic);
  const subscription = { events: ['entry.publish'], contentTypes: [ARTICLE] };
  await makeWebhook(app, {
    name: 'Mailing list',
    description: "The format of Strapi's own webhooks. The receiver fails at first.",
    url: receiver.url('/mailing-list'),
    format: 'strapi',
    authorization: authorization.id,
    ...subscription,
  });
  receiver.on('/mailing-list').answer(503, 200);
  const credentials = Buffer.from(`${BASIC.username}:${BASIC.password}`).toString('base64');
  return {
    name: 'Mailing list',
    path: '/mailing-list',
    ...subscription,
    attempts: 2,
    proof: 'JSON (strapi), basic authorization right; answered 503 at first, then 200',
    nameOf: (event) => event,
    nameIn: ({ body }) => JSON.parse(body).event,
    verify: (request) => {
      expectHeader(request, 'authorization', `Basic ${credentials}`);
      expectHeader(request, 'x-strapi-event', JSON.parse(request.body).event);
    },
  };
}

export async function makeEndpoints(app: App, receiver: Receiver): Promise<Endpoint[]> {
  return [
    await website(app, receiver),
    await searchIndex(app, receiver),
    await mailingList(app, receiver),
  ];
}

export const isWanted = (endpoint: Endpoint, change: { event: string; uid: string }) =>
  endpoint.events.includes(change.event) && (endpoint.contentTypes?.includes(change.uid) ?? true);
