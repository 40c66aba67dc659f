/** Counts what the outbox holds, for people and monitors that ask often, and never at the cost of sending. */
import { setImmediate as turn } from 'node:timers/promises';
import { DELIVERY_STATES, type DeliveryState } from '../../contract/delivery';
import { VERDICT_KINDS, type VerdictKind } from '../../contract/document';
import type { Tables } from './tables.service';

/** Rows that one statement reads: SQLite answers in the process's own thread, and others have their turn between two. */
const PIECE = 20_000;
/** Counting all takes a twentieth of the time at most: so long is an answer kept, as a multiple of what it took. */
const REST = 20;
/** What takes no longer (ms) is counted anew each time. */
const QUICK_MS = 50;

const UNFINISHED = ['pending', 'sending', 'retrying'] as const;
type Unfinished = (typeof UNFINISHED)[number];

export type Waiting = { webhookId: string; state: Unfinished; count: number; oldestId: number };

type Group = {
  state: DeliveryState;
  webhook_id: string;
  verdict: VerdictKind | null;
  is_test: boolean | number;
  total: number | string;
};

export type Census = {
  /** Of what was queued: a question to a validation never was, and has counts of its own. */
  states: Record<DeliveryState, number>;
  /** What each validation endpoint's answers meant, over what the log still holds. */
  verdicts: Map<string, Record<VerdictKind, number>>;
};

const stateCounts = (groups: readonly Group[]): Census['states'] => {
  const states = Object.fromEntries(DELIVERY_STATES.map((state) => [state, 0]));
  for (const { state, verdict, total } of groups)
    if (verdict === null) states[state] = (states[state] ?? 0) + Number(total);
  return states as Census['states'];
};

const NONE = Object.fromEntries(VERDICT_KINDS.map((kind) => [kind, 0])) as Record<
  VerdictKind,
  number
>;

const verdictCounts = (groups: readonly Group[]): Census['verdicts'] => {
  const verdicts: Census['verdicts'] = new Map();
  for (const { webhook_id, verdict, is_test, total } of groups) {
    if (verdict === null || is_test) continue;
    const counts = verdicts.get(webhook_id) ?? NONE;
    verdicts.set(webhook_id, { ...counts, [verdict]: counts[verdict] + Number(total) });
  }
  return verdicts;
};

export const createCensus = (tables: Tables) => {
  const groupsOf = (first: number): Promise<Group[]> =>
    tables
      .deliveries()
      .whereBetween('id', [first, first + PIECE - 1])
      .groupBy('state', 'webhook_id', 'verdict', 'is_test')
      .select('state', 'webhook_id', 'verdict', 'is_test')
      .count({ total: '*' }) as unknown as Promise<Group[]>;

  const endOf = async (end: 'asc' | 'desc'): Promise<number> => {
    const row = await tables.deliveries().orderBy('id', end).select('id').first();
    return row?.id ?? 0;
  };

  const countAll = async (): Promise<Census> => {
    const [oldest, newest] = [await endOf('asc'), await endOf('desc')];
    const groups: Group[] = [];
    for (let first = oldest; first <= newest; first += PIECE) {
      groups.push(...(await groupsOf(first)));
      await turn();
    }
    return { states: stateCounts(groups), verdicts: verdictCounts(groups) };
  };

  let kept: { until: number; answer: Promise<Census> } | null = null;

  /** Of a long log as it was a little while ago. */
  const census = (): Promise<Census> => {
    if (kept && performance.now() < kept.until) return kept.answer;
    const startedAt = performance.now();
    const one = { until: Number.POSITIVE_INFINITY, answer: countAll() };
    kept = one;
    one.answer.then(
      () => {
        const took = performance.now() - startedAt;
        one.until = took < QUICK_MS ? 0 : performance.now() + took * REST;
      },
      () => (kept = null),
    );
    return one.answer;
  };

  /** As it is now, by the index that claims use: only what waits or is being sent, however long the log is. */
  const waiting = async (webhookIds: readonly string[]): Promise<Waiting[]> => {
    const rows = (await tables
      .deliveries()
      .whereIn('webhook_id', webhookIds)
      .whereIn('state', [...UNFINISHED])
      .groupBy('webhook_id', 'state')
      .select('webhook_id', 'state')
      .count({ total: '*' })
      .min({ oldest: 'id' })) as unknown as {
      webhook_id: string;
      state: Unfinished;
      total: number | string;
      oldest: number | string;
    }[];
    return rows.map((row) => ({
      webhookId: row.webhook_id,
      state: row.state,
      count: Number(row.total),
      oldestId: Number(row.oldest),
    }));
  };

  /** When the delivery that waits longest was made (ms); null if none waits. */
  const oldestWaiting = async (rows: readonly Waiting[]): Promise<number | null> => {
    const ids = rows.filter(({ state }) => state !== 'sending').map(({ oldestId }) => oldestId);
    if (ids.length === 0) return null;
    const row = await tables
      .deliveries()
      .where('id', Math.min(...ids))
      .select('created_at')
      .first();
    return row ? Number(row.created_at) : null;
  };

  return { census, waiting, oldestWaiting };
};

export const totalOf = (rows: readonly Waiting[], ...states: Unfinished[]): number =>
  rows.filter(({ state }) => states.includes(state)).reduce((total, { count }) => total + count, 0);
