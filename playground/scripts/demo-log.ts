/** Reads the plugin's log of deliveries, and waits until none of them is open. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Delivery } from '../../server/contract/delivery';
import type { App } from '../../tests/support/strapi';
import { print } from './demo-print';

const PATIENCE = 10_000;

async function deliveriesOf(app: App): Promise<Delivery[]> {
  const answer = await app.request('GET', '/workflow-webhooks/deliveries?pageSize=100');
  if (answer.status !== 200) {
    throw new Error(`GET deliveries answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  }
  return answer.body.data;
}

/** Returns the number of deliveries that are not delivered. */
export async function checkLog(app: App): Promise<number> {
  const deadline = Date.now() + PATIENCE;
  for (;;) {
    const deliveries = await deliveriesOf(app);
    const open = deliveries.filter(({ state }) => state !== 'delivered');
    if (open.length === 0 || Date.now() > deadline) {
      const attempts = deliveries.reduce((sum, delivery) => sum + delivery.attemptCount, 0);
      const [all, sent] = [deliveries.length, deliveries.length - open.length];
      print(
        `\nThe log holds ${all} deliveries, ${sent} of them delivered, in ${attempts} attempts.`,
      );
      return open.length;
    }
    await sleep(100);
  }
}
