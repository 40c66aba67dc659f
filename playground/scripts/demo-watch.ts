/** Prints arriving requests until Ctrl-C. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Receiver } from '../../tests/support/receiver';
import { print } from './demo-print';

export async function watch(receiver: Receiver): Promise<void> {
  let isOver = false;
  // Not `once`: npm and tsx forward a Ctrl-C that the terminal has already sent to this process, and the
  // second signal would end the process before Strapi has stopped.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => (isOver = true));
  let shown = receiver.requests.length;
  while (!isOver) {
    for (const request of receiver.requests.slice(shown)) {
      shown += 1;
      print(`${request.path.padEnd(16)} ${request.body.slice(0, 160)}`);
    }
    await sleep(200);
  }
}
