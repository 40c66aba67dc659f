/**
 * The receiver, in a separate process so that it takes no CPU time from the sender. It listens on two ports: one for HTTPS, as
 * receivers do in production, and one for HTTP. It answers 200 at once; at /check/20, after 20 ms with an accepted
 * validation; at /slow/200, after 200 ms; at /hang, never. It records the time of each request that it answers. Times are of
 * the monotonic clock that all processes of a machine share.
 */
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';

export type Arrival = {
  /** Milliseconds of the machine's monotonic clock. */
  at: number;
  /** The number in the title of the entry, as in "bench-17"; null if there is none. */
  number: number | null;
  bytes: number;
  /** The time until the answer (ms). */
  ms: number;
};

/** The first message to this process: what the HTTPS port shows. PEM. */
export type Identity = { ask: 'listen'; key: string; certificate: string };
export type Question = { id: number; ask: 'count' | 'take' };
export type Message =
  | { kind: 'listening'; port: number; securePort: number }
  | { kind: 'answer'; id: number; value: number | Arrival[] };

const now = () => Number(process.hrtime.bigint()) / 1e6;
const send = (message: Message) => process.send?.(message);
const arrivals = new Map<string, Arrival[]>();
const all = () => [...arrivals.values()].flat();
const count = () => [...arrivals.values()].reduce((sum, { length }) => sum + length, 0);

const ACCEPTED = '{"IsValid":true,"Message":""}';
const DELAYED = /^\/(check|slow)\/(\d+)$/;
const HANGING = /^\/hang/;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const answer = async (path: string, response: http.ServerResponse) => {
  const [, kind, delay = 0] = DELAYED.exec(path) ?? [];
  const body = kind === 'check' ? ACCEPTED : '';
  if (Number(delay) > 0) await pause(Number(delay));
  response.writeHead(200, { 'content-length': body.length }).end(body);
};

function receive(request: http.IncomingMessage, response: http.ServerResponse): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', async () => {
    const at = now();
    const path = request.url ?? '/';
    if (HANGING.test(path)) return;
    await answer(path, response);
    const ms = now() - at;
    const body = Buffer.concat(chunks);
    const number = /"bench-(\d+)"/.exec(body.toString('latin1'))?.[1];
    const list = arrivals.get(path) ?? [];
    arrivals.set(path, list);
    list.push({ at, number: number === undefined ? null : Number(number), bytes: body.length, ms });
  });
}

// Long, because closing an idle connection just as the sender uses it again would distort the measurement.
const KEEP_ALIVE_MS = 600_000;

function listen(server: http.Server | https.Server): Promise<number> {
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)),
  );
}

async function start({ key, certificate }: Identity): Promise<void> {
  const port = await listen(http.createServer(receive));
  const securePort = await listen(https.createServer({ key, cert: certificate }, receive));
  send({ kind: 'listening', port, securePort });
}

process.on('message', (message: Question | Identity) => {
  if (message.ask === 'listen') return void start(message);
  const value = message.ask === 'count' ? count() : all();
  if (message.ask === 'take') arrivals.clear();
  send({ kind: 'answer', id: message.id, value });
});
process.once('disconnect', () => process.exit());
