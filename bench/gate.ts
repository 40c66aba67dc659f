/**
 * Measures the cost of a command without its endpoints: the whole time in process, minus the time of the slowest endpoint from
 * request to answer by the receiver's clock. The result includes reading and locking the document, building and sending the
 * requests, reading the answers, and the transaction that moves the document and writes its history and log. Commands run one
 * after the other; the validations of a command are called at once.
 */
import type { WorkflowInput } from '../server/contract/workflow';
import type { App } from '../tests/support/strapi';
import type { BenchReceiver } from './receiver';
import type { Arrival } from './receiver-process';
import { turnOrder } from './statistics';
import type { Subject } from './variants';

export type GateCase = { validations: number; delayMs: number };
/** Milliseconds, a list for every round. */
export type GateSeries = GateCase & { whole: number[][]; endpoint: number[][]; added: number[][] };
export type GateOptions = { rounds: number; count: number };

const UID = 'api::page.page';
/** The first commands of each slice are not counted: they are the warm-up. */
const WARM_UP = 3;

/** No validation, to measure the move alone; instant endpoints; endpoints with a delay. */
const CASES: GateCase[] = [
  { validations: 0, delayMs: 0 },
  ...[0, 20].flatMap((delayMs) =>
    [1, 5, 20].map((validations): GateCase => ({ validations, delayMs })),
  ),
];

const WORKFLOW: WorkflowInput = {
  name: 'Bench',
  contentTypes: [UID],
  initialState: 'draft',
  states: [
    { key: 'draft', name: 'Draft' },
    { key: 'review', name: 'In review' },
    { key: 'approved', name: 'Approved', final: true },
  ],
  commands: [
    { key: 'submit', name: 'Submit', from: ['draft'], to: 'review' },
    { key: 'approve', name: 'Approve', from: ['review'], to: 'approved' },
    { key: 'reject', name: 'Reject', from: ['review'], to: 'draft' },
  ],
};

const api = async <T>(app: App, method: string, call: { path: string; body?: object }) => {
  const answer = await app.request(method, `/workflow-webhooks${call.path}`, call.body);
  if (answer.status >= 300) throw new Error(`${call.path}: ${JSON.stringify(answer.body)}`);
  return answer.body.data as T;
};

/** Runs inside Strapi. */
const createAll = async (strapi: any, task: { uid: string; data: object; count: number }) => {
  const ids: string[] = [];
  for (let index = 0; index < task.count; index += 1) {
    const data = { ...task.data, title: `bench-${index}` };
    ids.push((await strapi.documents(task.uid).create({ data })).documentId);
  }
  return ids;
};

type Moves = { uid: string; ids: string[]; command: string };

/** Runs inside Strapi. Returns the time of each command (ms). */
const moveAll = async (strapi: any, { uid, ids, command }: Moves): Promise<number[]> => {
  const workflows = strapi.plugin('workflow-webhooks').service('workflows');
  const now = () => Number(process.hrtime.bigint()) / 1e6;
  const took: number[] = [];
  for (const documentId of ids) {
    const startedAt = now();
    await workflows.run({ uid, documentId }, { command });
    took.push(now() - startedAt);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return took;
};

const addValidations = async (
  app: App,
  workflow: string,
  { validations, delayMs, url }: GateCase & { url: string },
): Promise<string[]> => {
  const ids: string[] = [];
  for (let index = 0; index < validations; index += 1) {
    const body = {
      kind: 'validation',
      name: `check ${index + 1}`,
      url: new URL(`/check/${delayMs}`, url).href,
      workflow,
      command: 'submit',
      signing: 'standard',
    };
    ids.push((await api<{ id: string }>(app, 'POST', { path: '/webhooks', body })).id);
  }
  return ids;
};

/** The slowest endpoint of each command. Commands run one after the other, so arrivals are grouped in order. */
const slowest = (arrivals: readonly Arrival[], validations: number): number[] => {
  const inOrder = [...arrivals].sort((one, other) => one.at - other.at);
  const times: number[] = [];
  for (let first = 0; first < inOrder.length; first += validations)
    times.push(Math.max(...inOrder.slice(first, first + validations).map(({ ms }) => ms)));
  return times;
};

const slice = async (
  { app, ids, workflow }: { app: App; ids: string[]; workflow: string },
  receiver: BenchReceiver,
  one: GateCase,
) => {
  const webhooks = await addValidations(app, workflow, { ...one, url: receiver.url });
  await receiver.take();
  const whole = await app.run(moveAll, { uid: UID, ids, command: 'submit' });
  await receiver.until(ids.length * one.validations);
  const arrivals = await receiver.take();
  for (const id of webhooks) await api(app, 'DELETE', { path: `/webhooks/${id}` });
  await app.run(moveAll, { uid: UID, ids, command: 'reject' });
  const endpoint = one.validations === 0 ? whole.map(() => 0) : slowest(arrivals, one.validations);
  return {
    whole: whole.slice(WARM_UP),
    endpoint: endpoint.slice(WARM_UP),
    added: whole.map((ms, index) => ms - (endpoint[index] ?? Number.NaN)).slice(WARM_UP),
  };
};

export const measureGate = async (
  { app, contents }: Subject,
  receiver: BenchReceiver,
  { rounds, count }: GateOptions,
): Promise<GateSeries[]> => {
  const { id: workflow } = await api<{ id: string }>(app, 'POST', {
    path: '/workflows',
    body: WORKFLOW,
  });
  const { data } = contents.small;
  const ids = await app.run(createAll, { uid: UID, data, count: count + WARM_UP });
  const all = CASES.map((one): GateSeries => ({ ...one, whole: [], endpoint: [], added: [] }));
  // The first round is not counted: it is the warm-up.
  for (let round = -1; round < rounds; round += 1) {
    for (const series of turnOrder(all, round + 1)) {
      const { whole, endpoint, added } = await slice({ app, ids, workflow }, receiver, series);
      if (round < 0) continue;
      series.whole.push(whole);
      series.endpoint.push(endpoint);
      series.added.push(added);
    }
  }
  return all;
};
