/**
 * The receiver, in a process of its own, so that it takes no time from the one that sends: answers 200 at once and
 * keeps when each request had come. Times are of the monotonic clock that all processes of a machine share.
 */
import http from 'node:http';
import type { AddressInfo } from 'node:net';

export type Arrival = {
  /** Milliseconds of the machine's monotonic clock. */
  at: number;
  /** The number in the title of the entry, as in "bench-17"; null if there is none. */
  number: number | null;
  bytes: number;
};

export type Question = { id: number; ask: 'count' | 'take' };
export type Message =
  { kind: 'listening'; port: number } | { kind: 'answer'; id: number; value: number | Arrival[] };

const now = () => Number(process.hrtime.bigint()) / 1e6;
const say = (message: Message) => process.send?.(message);
const arrivals = new Map<string, Arrival[]>();
const all = () => [...arrivals.values()].flat();

const server = http.createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const at = now();
    response.writeHead(200, { 'content-length': 0 }).end();
    const body = Buffer.concat(chunks);
    const number = /"bench-(\d+)"/.exec(body.toString('latin1'))?.[1];
    const path = request.url ?? '/';
    const list = arrivals.get(path) ?? [];
    arrivals.set(path, list);
    list.push({ at, number: number === undefined ? null : Number(number), bytes: body.length });
  });
});
// A sender's idle connection must not be closed just as it is used again: that would measure us.
server.keepAliveTimeout = 600_000;

process.on('message', ({ id, ask }: Question) => {
  const value = ask === 'count' ? all().length : all();
  if (ask === 'take') arrivals.clear();
  say({ kind: 'answer', id, value });
});
process.once('disconnect', () => process.exit());

server.listen(0, '127.0.0.1', () =>
  say({ kind: 'listening', port: (server.address() as AddressInfo).port }),
);
