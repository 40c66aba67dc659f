/** Reads the outbox for people: what was sent, to whom, with which answer, and how much still waits. */
import { DELIVERY_STATES, type DeliveryQuery, type DeliveryState } from '../contract/delivery';
import type { Paging } from '../contract/paging';
import type { AttemptRow, DeliveryRow } from './rows';
import type { Tables } from './tables.service';

const SORTABLE: Record<string, string> = {
  id: 'id',
  createdAt: 'id',
  event: 'event',
  state: 'state',
  attemptCount: 'attempt_count',
  nextAttemptAt: 'due_at',
  deliveredAt: 'delivered_at',
};

export const isSortable = (field: string) => Object.hasOwn(SORTABLE, field);

export const createLog = (tables: Tables) => {
  const filtered = (query: DeliveryQuery) => {
    const rows = tables.deliveries();
    if (query.webhook) rows.where('webhook_id', query.webhook);
    if (query.state) rows.whereIn('state', query.state);
    if (query.event) rows.where('event', query.event);
    if (query.documentId) rows.where('document_id', query.documentId);
    if (query.from) rows.where('created_at', '>=', Date.parse(query.from));
    if (query.to) rows.where('created_at', '<=', Date.parse(query.to));
    return rows;
  };

  const list = async (query: DeliveryQuery, { page, pageSize, sort }: Paging) => {
    const [field = 'id', direction = 'desc'] = (sort ?? 'id:desc').split(':');
    const order = direction.toLowerCase() === 'asc' ? 'asc' : 'desc';
    const counted = await filtered(query).count({ total: '*' }).first();
    const rows = (await filtered(query)
      .orderBy([
        { column: SORTABLE[field] ?? 'id', order },
        { column: 'id', order },
      ])
      .limit(pageSize)
      .offset((page - 1) * pageSize)) as DeliveryRow[];
    return { rows, total: Number(counted?.total ?? 0) };
  };

  const find = async (id: number): Promise<DeliveryRow | null> =>
    (await tables.deliveries().where('id', id).first()) ?? null;

  /** Oldest first, as they are stored. */
  const attemptsOf = async (deliveryId: number): Promise<AttemptRow[]> =>
    (await tables.attempts().where('delivery_id', deliveryId).orderBy('id')) as AttemptRow[];

  const counts = async (): Promise<Record<DeliveryState, number>> => {
    const rows = (await tables
      .deliveries()
      .groupBy('state')
      .select('state')
      .count({ total: '*' })) as {
      state: DeliveryState;
      total: number | string;
    }[];
    const found = new Map(rows.map(({ state, total }) => [state, Number(total)]));
    return Object.fromEntries(
      DELIVERY_STATES.map((state) => [state, found.get(state) ?? 0]),
    ) as Record<DeliveryState, number>;
  };

  /** When the delivery that waits longest was made (ms); null if none waits. */
  const oldestWaiting = async (): Promise<number | null> => {
    const row = await tables
      .deliveries()
      .whereIn('state', ['pending', 'retrying'])
      .min({ at: 'created_at' })
      .first();
    return row?.at == null ? null : Number(row.at);
  };

  return { list, find, attemptsOf, counts, oldestWaiting };
};
