/** Waits for the requests that a change must cause at each endpoint, checks them, and prints the result. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Received, Receiver } from '../../tests/support/receiver';
import { isWanted, type Endpoint } from './demo-endpoints';
import { print } from './demo-print';

const PATIENCE = 20_000;

/** A word in the private fields of the demo's article: it must never be sent. */
export const PRIVATE_WORD = 'not-for-the-public';

export type Change = { event: string; uid: string };

/** The requests that earlier changes have already claimed. */
type Claimed = Set<Received>;

async function requestsFor(
  endpoint: Endpoint,
  change: Change,
  { receiver, claimed }: { receiver: Receiver; claimed: Claimed },
): Promise<Received[]> {
  const deadline = Date.now() + PATIENCE;
  for (;;) {
    const found = receiver.requests.filter(
      (request) =>
        request.path === endpoint.path &&
        !claimed.has(request) &&
        endpoint.nameIn(request) === endpoint.nameOf(change.event),
    );
    if (found.length >= endpoint.attempts || Date.now() > deadline) {
      found.forEach((request) => claimed.add(request));
      return found;
    }
    await sleep(25);
  }
}

function problemIn(endpoint: Endpoint, requests: Received[]): string | null {
  if (requests.length !== endpoint.attempts) {
    return `expected ${endpoint.attempts} request(s), ${requests.length} arrived`;
  }
  for (const request of requests) {
    try {
      endpoint.verify(request);
    } catch (error) {
      return (error as Error).message;
    }
    if (request.body.includes(PRIVATE_WORD)) return 'a private field was sent';
  }
  const isSame = (read: (request: Received) => unknown) => new Set(requests.map(read)).size === 1;
  if (!isSame((request) => request.headers['webhook-id'])) return 'the webhook-id changed';
  return isSame((request) => request.body) ? null : 'the body changed between the attempts';
}

/** Returns a function that counts the endpoints with missing or wrong requests. */
export function arrivals(receiver: Receiver, endpoints: Endpoint[]) {
  const claimed: Claimed = new Set();
  return async (change: Change): Promise<number> => {
    let missing = 0;
    for (const endpoint of endpoints.filter((each) => isWanted(each, change))) {
      const requests = await requestsFor(endpoint, change, { receiver, claimed });
      const problem = problemIn(endpoint, requests);
      if (problem) missing += 1;
      const named = `${endpoint.name.padEnd(12)} ${endpoint.nameOf(change.event).padEnd(15)}`;
      print(`   ${problem ? '✗' : '✓'} ${named} ${problem ?? endpoint.proof}`);
    }
    return missing;
  };
}
