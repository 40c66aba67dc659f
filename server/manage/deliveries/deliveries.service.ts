/** What was sent, to whom, with which answer; and sending it again. */
import { errors, invalid, notFound } from '../../strapi/errors';
import type { Delivery, DeliveryDetail, DeliveryQuery, Health } from '../../contract/delivery';
import { VALIDATION } from '../../contract/catalogue';
import type { Page, Paging } from '../../contract/api';
import type { Clock } from '../../strapi/clock.service';
import type { Dispatcher } from '../../deliver/dispatcher.service';
import type { Engine } from '../../deliver/engines/database.service';
import type { HealthBook } from '../../deliver/health.service';
import { totalOf, isSortable } from '../../store/outbox/log.service';
import type { Outbox } from '../../store/outbox/outbox.service';
import { deliveryOf, type DeliveryRow } from '../../store/outbox/rows';
import { pageOf } from '../../store/settings';
import { createExport, detailOf } from './export.service';
import { MAX_ID, toId } from './id';
import { createMany } from './many.service';
import type { Found } from './searching.service';
import type { Webhooks } from '../webhooks/webhooks.service';

const NO_RESEND =
  'This was a question to a validation, asked when a command ran, and is not sent again. Run the command again, or use "Check" beside the document.';

/** A delivery that cannot be there is beyond all that are. */
const idIn = (id: string | undefined) => (id === undefined ? undefined : (toId(id) ?? MAX_ID));

type Options = {
  outbox: Outbox;
  webhooks: Webhooks;
  health: HealthBook;
  clock: Clock;
  dispatcher: Dispatcher;
  engine: Engine;
  /** Whether this process is meant to send. */
  mayDispatch: boolean;
};

export const createDeliveries = ({
  outbox,
  webhooks,
  health,
  clock,
  dispatcher,
  engine,
  mayDispatch,
}: Options) => {
  const rowOf = async (id: string): Promise<DeliveryRow> => {
    const rowId = toId(id);
    const row = rowId === null ? null : await outbox.log.find(rowId);
    if (!row) throw notFound('delivery');
    return row;
  };

  const logQueryOf = async ({ resendable, after, upTo, ...filters }: Found<DeliveryQuery>) => {
    const query = { ...filters, after: idIn(after), upTo: idIn(upTo) };
    return resendable ? { ...query, among: [...(await webhooks.names()).keys()] } : query;
  };

  const list = async (query: Found<DeliveryQuery>, paging: Paging): Promise<Page<Delivery>> => {
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
      logQueryOf(query).then((wanted) => outbox.log.list(wanted, paging)),
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
    return detailOf(row, attempts, names);
  };

  /** Refused where it would never be sent, or is about to be. */
  const resend = async (id: string): Promise<DeliveryDetail> => {
    const row = await rowOf(id);
    if (!(await webhooks.names()).has(row.webhook_id)) {
      throw new errors.ApplicationError(
        `The webhook "${row.webhook_name}" was deleted, so there is nowhere to send this to.`,
      );
    }
    if (row.event === VALIDATION) throw new errors.ApplicationError(NO_RESEND);
    if (!(await outbox.resend(row.id, clock.now()))) {
      throw new errors.ApplicationError(
        'This delivery is already on its way. Wait for its answer, then resend it if you must.',
      );
    }
    dispatcher.wake([row.webhook_id]);
    return find(id);
  };

  const report = async (): Promise<Health> => {
    const names = await webhooks.names();
    const [{ states, verdicts }, waiting, healths] = await Promise.all([
      outbox.counts(),
      outbox.waiting([...names.keys()]),
      health.all(),
    ]);
    const oldest = await outbox.oldestWaiting(waiting);
    return {
      deliveries: {
        ...states,
        pending: totalOf(waiting, 'pending'),
        sending: totalOf(waiting, 'sending'),
        retrying: totalOf(waiting, 'retrying'),
      },
      oldestPendingMs: oldest === null ? null : Math.max(0, clock.now() - oldest),
      inFlight: dispatcher.inFlight(),
      webhooks: [...names].map(([id, name]) => {
        const known = healths.get(id)?.health;
        return {
          id,
          name,
          state: known?.state ?? 'healthy',
          consecutiveFailures: known?.consecutiveFailures ?? 0,
          verdicts: verdicts.get(id) ?? null,
        };
      }),
      engine: {
        driver: engine.driver,
        isRunning: dispatcher.isRunning(),
        dispatch: mayDispatch,
        isReachable: engine.isReachable(),
      },
      clockSkewMs: clock.skew(),
    };
  };

  return {
    list,
    find,
    resend,
    ...createMany({ outbox, webhooks, clock, dispatcher }),
    exported: createExport({ outbox, webhooks, logQueryOf }),
    report,
  };
};

export type Deliveries = ReturnType<typeof createDeliveries>;
