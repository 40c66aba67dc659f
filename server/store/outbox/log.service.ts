/** Reads the outbox for people: what was sent, to whom, with which answer. */
import type { Paging } from '../../contract/api';
import { createBatches } from './batches.service';
import { narrowed, sendable, type Choice } from './narrowed';
import type { AttemptRow, DeliveryRow, EventRow } from './rows';
import { chunksOf } from '../../strapi/chunks';
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

/** `among`: only what could be sent again, to one of these webhooks. */
export type LogQuery = Choice & { among?: readonly string[] };

export const createLog = (tables: Tables) => {
  const filtered = ({ among, ...choice }: LogQuery) => {
    const rows = narrowed(tables.deliveries(), choice);
    return among ? sendable(rows, among) : rows;
  };

  const list = async (query: LogQuery, { page, pageSize, sort }: Paging) => {
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

  const { whole, batches } = createBatches(tables);

  /** All that the query finds, oldest first, a few hundred at a time, up to the newest that there is at the start. */
  const pages = async function* (query: LogQuery): AsyncGenerator<DeliveryRow[]> {
    yield* batches<DeliveryRow>(() => filtered(query), await whole());
  };

  /** Those of several deliveries, oldest first. */
  const attemptsOfAll = async (
    deliveryIds: readonly number[],
  ): Promise<Map<number, AttemptRow[]>> => {
    const rows = (await tables
      .attempts()
      .whereIn('delivery_id', [...deliveryIds])
      .orderBy('id')) as AttemptRow[];
    const found = new Map<number, AttemptRow[]>();
    for (const row of rows) {
      const known = found.get(row.delivery_id);
      if (known) known.push(row);
      else found.set(row.delivery_id, [row]);
    }
    return found;
  };

  /** The events of these ids as JSON, without those of more characters, which are not read at all. */
  const smallEvents = async (ids: readonly string[], most: number): Promise<string[]> => {
    const found: string[] = [];
    for (const chunk of chunksOf(ids)) {
      const rows = (await tables
        .events()
        .whereIn('event_id', chunk)
        .whereRaw('length(payload) <= ?', [most])
        .select('payload')) as EventRow[];
      found.push(...rows.map(({ payload }) => payload));
    }
    return found;
  };

  return { list, find, pages, attemptsOf, attemptsOfAll, smallEvents };
};
