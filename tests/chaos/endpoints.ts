/** The receivers of a run (steady, ordered, flaky, slow and failing) and a record of every request that they got. */
import { startReceiver, type Received, type Receiver, type Step } from '../support/receiver';
import type { App } from '../support/strapi';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy';
import type { SeededRandom } from './seeded-random';
import type { Arrival, Endpoint } from './history';
import { TIMEOUT_MS } from './plan';

type EndpointKind = Omit<Endpoint, 'id'> & { answer(random: SeededRandom): Step };

const flakyAnswer = (random: SeededRandom): Step => {
  const roll = random.next();
  if (roll < 0.01) return 'hang';
  if (roll < 0.05) return 'reset';
  if (roll < 0.25) return 503;
  return 200;
};

/** The most attempts that a webhook may have. */
const MOST_ATTEMPTS = 20;

const ENDPOINT_KINDS: EndpointKind[] = [
  {
    name: 'steady',
    wants: ['create', 'update'],
    isOrdered: false,
    maxAttempts: MOST_ATTEMPTS,
    acceptsEventually: true,
    answer: () => 200,
  },
  {
    name: 'ordered',
    wants: ['update'],
    isOrdered: true,
    maxAttempts: MOST_ATTEMPTS,
    acceptsEventually: true,
    answer: (random) => (random.next() < 0.1 ? 500 : 200),
  },
  {
    name: 'flaky',
    wants: ['create'],
    isOrdered: false,
    maxAttempts: MOST_ATTEMPTS,
    acceptsEventually: true,
    answer: flakyAnswer,
  },
  {
    name: 'slow',
    wants: ['create'],
    isOrdered: false,
    maxAttempts: MOST_ATTEMPTS,
    acceptsEventually: true,
    answer: () => ({ status: 200, delayMs: 120 }),
  },
  {
    name: 'failing',
    wants: ['update'],
    isOrdered: false,
    maxAttempts: 3,
    acceptsEventually: false,
    answer: () => 500,
  },
];

const isAcceptance = (step: Step) =>
  step === 200 || (typeof step === 'object' && 'status' in step && step.status === 200);

export type Endpoints = {
  endpoints: Endpoint[];
  arrivals: Arrival[];
  network: TcpProxy;
  stop(): Promise<void>;
};

/** How long the sender waits for this answer at most (ms). */
const waitOf = (step: Step): number => {
  if (step === 'hang') return TIMEOUT_MS;
  return typeof step === 'object' && 'status' in step ? (step.delayMs ?? 0) : 0;
};

const arrivalOf = ({ headers, body, at }: Received, step: Step): Omit<Arrival, 'endpoint'> => ({
  webhookId: headers['webhook-id'] ?? '',
  body,
  op: JSON.parse(body).data.entry.title,
  at,
  overAt: at + waitOf(step),
  isAccepted: isAcceptance(step),
  isReset: step === 'reset',
});

const makeWebhook = async (app: App, kind: EndpointKind, port: number): Promise<Endpoint> => {
  const { answer: _, ...endpoint } = kind;
  const { name, wants, isOrdered, maxAttempts } = endpoint;
  const made = await app.request('POST', '/workflow-webhooks/webhooks', {
    name,
    url: `http://127.0.0.1:${port}/${name}`,
    events: wants.map((kind) => `entry.${kind}`),
    contentTypes: ['api::notice.notice'],
    ordered: isOrdered,
    maxAttempts,
  });
  if (made.status >= 300)
    throw new Error(`The webhook could not be created: ${JSON.stringify(made.body)}`);
  return { ...endpoint, id: made.body.data.id };
};

/** Starts the receiver and creates the webhooks that call it. */
export const startEndpoints = async (app: App, random: SeededRandom): Promise<Endpoints> => {
  const receiver: Receiver = await startReceiver();
  const network = await startTcpProxy(Number(new URL(receiver.url()).port));
  const endpoints: Endpoint[] = [];
  const arrivals: Arrival[] = [];
  for (const kind of ENDPOINT_KINDS) {
    const endpoint = await makeWebhook(app, kind, network.port);
    endpoints.push(endpoint);
    const ownRandom = random.branch(kind.name);
    receiver.on(`/${kind.name}`).answer((request) => {
      const step = kind.answer(ownRandom);
      arrivals.push({ ...arrivalOf(request, step), endpoint: endpoint.id });
      return step;
    });
  }
  return {
    endpoints,
    arrivals,
    network,
    stop: async () => {
      await network.stop();
      await receiver.stop();
    },
  };
};
