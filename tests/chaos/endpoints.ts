/** The receivers of a run: patient, slow, moody and unwilling ones, and a book of all that came to them. */
import { startReceiver, type Received, type Receiver, type Step } from '../support/receiver';
import type { App } from '../support/strapi';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy';
import type { Chance } from './chance';
import type { Arrival, Endpoint } from './history';
import { TIMEOUT_MS } from './plan';

type Manner = Omit<Endpoint, 'id'> & { answer(chance: Chance): Step };

const moods = (chance: Chance): Step => {
  const mood = chance.next();
  if (mood < 0.01) return 'hang';
  if (mood < 0.05) return 'reset';
  if (mood < 0.25) return 503;
  return 200;
};

/** The most that a webhook may have. */
const MANY = 20;

const MANNERS: Manner[] = [
  {
    name: 'steady',
    wants: ['create', 'update'],
    isOrdered: false,
    maxAttempts: MANY,
    isWilling: true,
    answer: () => 200,
  },
  {
    name: 'orderly',
    wants: ['update'],
    isOrdered: true,
    maxAttempts: MANY,
    isWilling: true,
    answer: (chance) => (chance.next() < 0.1 ? 500 : 200),
  },
  {
    name: 'moody',
    wants: ['create'],
    isOrdered: false,
    maxAttempts: MANY,
    isWilling: true,
    answer: moods,
  },
  {
    name: 'slow',
    wants: ['create'],
    isOrdered: false,
    maxAttempts: MANY,
    isWilling: true,
    answer: () => ({ status: 200, delayMs: 120 }),
  },
  {
    name: 'unwilling',
    wants: ['update'],
    isOrdered: false,
    maxAttempts: 3,
    isWilling: false,
    answer: () => 500,
  },
];

const isYes = (step: Step) =>
  step === 200 || (typeof step === 'object' && 'status' in step && step.status === 200);

export type Endpoints = {
  endpoints: Endpoint[];
  arrivals: Arrival[];
  network: TcpProxy;
  stop(): Promise<void>;
};

/** How long the sender may wait for this answer (ms). */
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
  isYes: isYes(step),
  isCut: step === 'reset',
});

const makeWebhook = async (app: App, manner: Manner, port: number): Promise<Endpoint> => {
  const { answer: _, ...endpoint } = manner;
  const { name, wants, isOrdered, maxAttempts } = endpoint;
  const made = await app.request('POST', '/workflow-webhooks/webhooks', {
    name,
    url: `http://127.0.0.1:${port}/${name}`,
    events: wants.map((kind) => `entry.${kind}`),
    contentTypes: ['api::notice.notice'],
    ordered: isOrdered,
    maxAttempts,
  });
  if (made.status >= 300) throw new Error(`No webhook was made: ${JSON.stringify(made.body)}`);
  return { ...endpoint, id: made.body.data.id };
};

/** Listens, and makes the webhooks that call it. */
export const startEndpoints = async (app: App, chance: Chance): Promise<Endpoints> => {
  const receiver: Receiver = await startReceiver();
  const network = await startTcpProxy(Number(new URL(receiver.url()).port));
  const endpoints: Endpoint[] = [];
  const arrivals: Arrival[] = [];
  for (const manner of MANNERS) {
    const endpoint = await makeWebhook(app, manner, network.port);
    endpoints.push(endpoint);
    const dice = chance.branch(manner.name);
    receiver.on(`/${manner.name}`).answer((request) => {
      const step = manner.answer(dice);
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
