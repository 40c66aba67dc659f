/** What was sent, to whom, with which answer; and sending it again. */
import { errors } from '../strapi-errors';
import type {
  Delivery,
  DeliveryDetail,
  DeliveryQuery,
  Health,
  ResendMany,
} from '../contract/delivery';
import type { Page, Paging } from '../contract/paging';
import type { Clock } from '../delivery/clock.service';
import type { Dispatcher } from '../delivery/dispatcher.service';
import type { HealthBook } from '../delivery/health.service';
import { invalid, notFound } from '../errors';
import { isSortable } from '../outbox/log.service';
import type { Outbox } from '../outbox/outbox.service';
import { attemptOf, deliveryOf, type DeliveryRow } from '../outbox/rows';
import { pageOf } from '../paging/page';
import type { Webhooks } from '../webhooks/webhooks.service';

/** PostgreSQL and MySQL keep row ids in 32 bits, and refuse to compare one with more. */
const MAX_ID = 2 ** 31 - 1;

type Options = {
  outbox: Outbox;
  webhooks: Webhooks;
  health: HealthBook;
  clock: Clock;
  dispatcher: Dispatcher;
  engine: string;
};

export const createDeliveries = ({
  outbox,
  webhooks,
  health,
  clock,
  dispatcher,
  engine,
}: Options) => {
  const rowOf = async (id: string): Promise<DeliveryRow> => {
    const isId = /^\d{1,10}$/.test(id) && Number(id) <= MAX_ID;
    const row = isId ? await outbox.log.find(Number(id)) : null;
    if (!row) throw notFound('delivery');
    return row;
  };

  const list = async (query: DeliveryQuery, paging: Paging): Promise<Page<Delivery>> => {
    if (paging.sort && !isSortable(paging.sort.split(':')[0] ?? '')) {
      throw invalid([
        {
          path: ['sort'],
          message:
            'Expected to sort by createdAt, event, state, attemptCount, nextAttemptAt or deliveredAt.',
        },
      ]);
    }
    const [{ rows, total }, names] = await Promise.all([
      outbox.log.list(query, paging),
      webhooks.names(),
    ]);
    return pageOf(
      rows.map((row) => deliveryOf(row, names)),
      { paging, total },
    );
  };

  const find = async (id: string): Promise<DeliveryDetail> => {
    const row = await rowOf(id);
    const [attempts, names] = await Promise.all([outbox.log.attemptsOf(row.id), webhooks.names()]);
    const body = attempts.find((attempt) => attempt.body !== null)?.body ?? '';
    return {
      ...deliveryOf(row, names),
      attempts: attempts.map((attempt) => attemptOf(attempt, body)).reverse(),
    };
  };

  /** Refused where it would never be sent, or is about to be. */
  const resend = async (id: string): Promise<DeliveryDetail> => {
    const row = await rowOf(id);
    if (!(await webhooks.names()).has(row.webhook_id)) {
      throw new errors.ApplicationError(
        `The webhook "${row.webhook_name}" was deleted, so there is nowhere to send this to.`,
      );
    }
    if (!(await outbox.resend(row.id, clock.now()))) {
      throw new errors.ApplicationError(
        'This delivery is already on its way. Wait for its answer, then resend it if you must.',
      );
    }
    dispatcher.wake([row.webhook_id]);
    return find(id);
  };

  const resendMany = async (choice: ResendMany): Promise<{ count: number }> => {
    const webhookIds = [...(await webhooks.names()).keys()];
    const count = await outbox.resendMany(choice, { webhookIds, now: clock.now() });
    dispatcher.wake();
    return { count };
  };

  const report = async (): Promise<Health> => {
    const [deliveries, oldest, healths, names] = await Promise.all([
      outbox.log.counts(),
      outbox.log.oldestWaiting(),
      health.all(),
      webhooks.names(),
    ]);
    return {
      deliveries,
      oldestPendingMs: oldest === null ? null : Math.max(0, clock.now() - oldest),
      inFlight: dispatcher.inFlight(),
      webhooks: [...names].map(([id, name]) => {
        const known = healths.get(id)?.health;
        return {
          id,
          name,
          state: known?.state ?? 'healthy',
          consecutiveFailures: known?.consecutiveFailures ?? 0,
        };
      }),
      engine: { driver: engine, isRunning: dispatcher.isRunning() },
      clockSkewMs: clock.skew(),
    };
  };

  return { list, find, resend, resendMany, report };
};

export type Deliveries = ReturnType<typeof createDeliveries>;
