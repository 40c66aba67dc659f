/** Deliveries: listed, sent again, cancelled and exported. */
import { VALIDATION } from '../../contract/catalogue';
import type {
  Delivery,
  DeliveryDetail,
  DeliveryQuery,
  ExportFormat,
  Health,
  Many,
  ManyDone,
} from '../../contract/delivery';
import type { Page, Paging } from '../../contract/api';
import type { Dispatcher } from '../../deliver/dispatcher.service';
import type { Engine } from '../../deliver/engines/database.service';
import type { HealthStore } from '../../deliver/health.service';
import { type Stretch, totalOf, isSortable, type LogQuery } from '../../store/outbox/log.service';
import type { Outbox } from '../../store/outbox/outbox.service';
import type { Many as StoredMany, Reached } from '../../store/outbox/change.service';
import {
  attemptOf,
  deliveryOf,
  sentBodyOf,
  type AttemptRow,
  type DeliveryRow,
} from '../../store/outbox/rows';
import { pageOf } from '../../store/settings';
import { chunksOf } from '../../strapi/chunks';
import type { Clock } from '../../strapi/clock.service';
import { invalid, notFound, problem, refused } from '../../strapi/errors';
import type { Webhooks } from '../webhooks/webhooks.service';
import { CSV_HEAD, csvLine } from './csv';
import type { Searched } from './readable.service';

type Options = {
  outbox: Outbox;
  webhooks: Webhooks;
  health: HealthStore;
  clock: Clock;
  dispatcher: Dispatcher;
  engine: Engine;
  /** Whether this process is meant to send. */
  mayDispatch: boolean;
};

type Query = Searched<DeliveryQuery>;
/** Leaves out all that the reader may not see, and names the documents. */
type Show = (details: readonly DeliveryDetail[]) => Promise<readonly DeliveryDetail[]>;

const CONTENT_TYPES: Record<ExportFormat, string> = {
  jsonl: 'application/x-ndjson; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
};

/** So many deliveries have their attempts, with bodies, in memory at a time. */
const AT_ONCE = 20;

export const createDeliveries = (options: Options) => {
  const { outbox, webhooks, health, clock, dispatcher, engine, mayDispatch } = options;

  async function rowOf(id: string): Promise<DeliveryRow> {
    const rowId = rowIdOf(id);
    const row = rowId === null ? null : await outbox.log.find(rowId);
    if (!row) throw notFound('delivery');
    return row;
  }

  async function logQueryOf({ resendable, after, upTo, ...filters }: Query): Promise<LogQuery> {
    const query = { ...filters, after: boundOf(after), upTo: boundOf(upTo) };
    return resendable ? { ...query, among: [...(await webhooks.names()).keys()] } : query;
  }

  async function list(query: Query, paging: Paging): Promise<Page<Delivery>> {
    if (paging.sort && !isSortable(paging.sort.split(':')[0] ?? ''))
      throw invalid([problem(['sort'], 'sort-of-deliveries-unknown')]);
    const [{ rows, total }, names] = await Promise.all([
      logQueryOf(query).then((wanted) => outbox.log.list(wanted, paging)),
      webhooks.names(),
    ]);
    return pageOf(
      rows.map((row) => deliveryOf(row, names)),
      { paging, total },
    );
  }

  async function find(id: string): Promise<DeliveryDetail> {
    const row = await rowOf(id);
    const [attempts, names] = await Promise.all([outbox.log.attemptsOf(row.id), webhooks.names()]);
    return detailOf(row, attempts, names);
  }

  /** Refused if the delivery would never be sent, or is about to be sent. */
  async function resend(id: string): Promise<DeliveryDetail> {
    const row = await rowOf(id);
    if (!(await webhooks.names()).has(row.webhook_id))
      throw refused('delivery-webhook-deleted', { name: row.webhook_name });
    if (row.event === VALIDATION) throw refused('delivery-of-validation');
    if (!(await outbox.resend(row.id, clock.now()))) throw refused('delivery-on-its-way');
    dispatcher.wake([row.webhook_id]);
    return find(id);
  }

  /** Works in small batches, and, with a `limit`, in several calls, so that a caller can show the progress. */
  async function changeMany(many: Searched<Many>, action: 'resend' | 'cancel'): Promise<ManyDone> {
    const names = await webhooks.names();
    const webhookIds = [...names.keys()];
    const stored = storedManyOf(many);
    if (many.dryRun) return countsOf(await outbox.countMany(stored, { webhookIds, action }), names);
    const change = action === 'resend' ? outbox.resendMany : outbox.cancelMany;
    const reached = await change(stored, {
      webhookIds,
      now: clock.now,
      limit: many.limit,
      stretch: many.next === undefined ? undefined : stretchOf(many.next),
    });
    dispatcher.wake();
    return doneOf(reached, many);
  }

  async function* details(query: Query, show: Show): AsyncGenerator<DeliveryDetail> {
    const names = await webhooks.names();
    for await (const page of outbox.log.pages(await logQueryOf(query))) {
      for (const rows of chunksOf(page, AT_ONCE)) {
        const attempts = await outbox.log.attemptsOfAll(rows.map(({ id }) => id));
        yield* await show(rows.map((row) => detailOf(row, attempts.get(row.id) ?? [], names)));
      }
    }
  }

  async function* exportedLines(query: Query, format: ExportFormat, show: Show) {
    if (format === 'csv') yield CSV_HEAD;
    // A table has neither bodies nor titles.
    const shown: Show = format === 'csv' ? async (found) => found : show;
    for await (const detail of details(query, shown)) yield exportedLine(format, detail);
  }

  /** Oldest first. The database is read only while somebody reads the lines. */
  function exported(query: Query, format: ExportFormat, show: Show) {
    return { type: CONTENT_TYPES[format], lines: exportedLines(query, format, show) };
  }

  async function report(): Promise<Health> {
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
  }

  return { list, find, resend, changeMany, exported, report };
};

export type Deliveries = ReturnType<typeof createDeliveries>;

/** PostgreSQL and MySQL keep row ids in 32 bits, and refuse to compare one with more. */
const MAX_ID = 2 ** 31 - 1;

/** Null if no row can have this id. */
const rowIdOf = (text: string): number | null =>
  /^\d{1,10}$/.test(text) && Number(text) <= MAX_ID ? Number(text) : null;

/** An id that no row can have counts as larger than all ids. */
const boundOf = (id: string | undefined) =>
  id === undefined ? undefined : (rowIdOf(id) ?? MAX_ID);

/** The first id that was not looked at yet is the one after `after`. */
function stretchOf(next: string): Stretch {
  const [after = 0, last = 0] = next.split('-').map(rowIdOf);
  return { after: after ?? 0, last: last ?? 0 };
}

const storedManyOf = ({ states, ids, ...many }: Searched<Many>): StoredMany => ({
  ...many,
  state: states,
  ids: ids?.flatMap((id) => rowIdOf(id) ?? []),
});

function doneOf({ count, next }: Reached, { limit }: Pick<Many, 'limit'>): ManyDone {
  return limit === undefined ? { count } : { count, next: next && `${next.after}-${next.last}` };
}

const countsOf = (
  found: { id: string; count: number }[],
  names: ReadonlyMap<string, string>,
): ManyDone => ({
  count: found.reduce((sum, { count }) => sum + count, 0),
  webhooks: found
    .map(({ id, count }) => ({ id, name: names.get(id) ?? id, count }))
    .sort((one, other) => other.count - one.count),
});

function detailOf(
  row: DeliveryRow,
  attempts: AttemptRow[],
  names: ReadonlyMap<string, string>,
): DeliveryDetail {
  const body = sentBodyOf(attempts);
  return {
    ...deliveryOf(row, names),
    isContentHidden: false,
    attempts: attempts.map((attempt) => attemptOf(attempt, body)).reverse(),
  };
}

function exportedLine(format: ExportFormat, detail: DeliveryDetail): string {
  if (format === 'jsonl') return `${JSON.stringify(detail)}\n`;
  const { attempts, ...delivery } = detail;
  return csvLine({ delivery, last: attempts[0] });
}
