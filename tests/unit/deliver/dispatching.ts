/**
 * A dispatcher with everything that is its own, beside an outbox that is a list, receivers that are functions, and a time
 * that tests turn: jest's, so that timers, `Date` and `performance` agree.
 */
import { createClaiming, createLeases } from '../../../server/deliver/claims.service';
import { Dispatcher, type DispatcherOptions } from '../../../server/deliver/dispatcher.service';
import {
  createDatabaseEngine,
  type Engine,
} from '../../../server/deliver/engines/database.service';
import type { Outcome } from '../../../server/send/http/outcome';
import { resultOf } from '../../../server/send/task.service';
import type { ClaimedRow } from '../../../server/store/outbox/claim.service';
import type { ClaimClass } from '../../../server/store/outbox/due.service';
import type { Outbox } from '../../../server/store/outbox/outbox.service';
import type { HealthStore } from '../../../server/deliver/health.service';
import type { ActiveWebhook } from '../../../server/match/active.service';

type Row = Pick<
  ClaimedRow,
  'id' | 'event_id' | 'webhook_id' | 'state' | 'attempt_count' | 'trigger'
> & { due_at: number; claim_id: string | null; document_id?: string | null };
type Sent = { id: number; webhookId: string; at: number };
type Posted = Parameters<DispatcherOptions['recordAttempts']>[0][number];
type Answer = number | { status: number; headers?: Record<string, string>; ms?: number };
export type Wish = {
  webhooks: (Pick<ActiveWebhook, 'id'> & Partial<ActiveWebhook>)[];
  config?: Partial<DispatcherOptions['config']>;
  perWebhook?: number;
  answer?(sent: Sent): Answer;
  /** How long it takes to record answers. */
  recordingMs?: number;
};

const LEASE_MS = 25_000;
const TARGET = {
  url: 'https://receiver.test/',
  headers: {},
  authorization: null,
  signing: 'none',
} as const;
const STATES = { first: ['pending'], again: ['sending', 'retrying'] };

const outcomeOf = (answer: Answer): Outcome & { kind: 'answered' } => {
  const {
    status,
    headers = {},
    ms = 10,
  } = typeof answer === 'number' ? { status: answer } : answer;
  return { kind: 'answered', status, headers, body: '', isTruncated: false, ms };
};

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** The statements that sending needs. Each may be made to fail, by its name. */
const createTable = (now: () => number) => {
  const rows: Row[] = [];
  const failing = new Map<string, (webhookId?: string) => boolean>();
  const asked: string[] = [];
  const fails = (name: string, webhookId?: string) => {
    asked.push(name);
    if (failing.get(name)?.(webhookId)) throw new Error(`No ${name} today`);
  };
  const isOpen = ({ state }: Row) => ['pending', 'sending', 'retrying'].includes(state);
  const outbox = {
    claim: async (input: {
      webhookId: string;
      claimClass: ClaimClass;
      limit: number;
      claimId: string;
      leaseUntil: number;
    }) => {
      fails('claim', input.webhookId);
      const due = rows.filter(
        (row) =>
          row.webhook_id === input.webhookId &&
          STATES[input.claimClass].includes(row.state) &&
          row.due_at <= now(),
      );
      const taken = due.slice(0, input.limit);
      for (const row of taken)
        Object.assign(row, { state: 'sending', claim_id: input.claimId, due_at: input.leaseUntil });
      return taken.map((row) => ({ ...row }));
    },
    release: async (given: readonly ClaimedRow[]) => {
      fails('release');
      for (const { id, claim_id } of given)
        for (const row of rows.filter((one) => one.id === id && one.claim_id === claim_id))
          Object.assign(row, {
            state: row.attempt_count > 0 ? 'retrying' : 'pending',
            claim_id: null,
            due_at: now(),
          });
    },
    extend: async (claimIds: string[], until: number) => {
      fails('extend');
      for (const row of rows.filter(({ claim_id }) => claim_id && claimIds.includes(claim_id)))
        row.due_at = until;
    },
    dueWebhooks: async () => {
      fails('dueWebhooks');
      const due = rows.filter((row) => isOpen(row) && row.due_at <= now());
      return [...new Set(due.map(({ webhook_id }) => webhook_id))];
    },
    nextDue: async (webhookId: string) => {
      const times = rows.filter((row) => row.webhook_id === webhookId && isOpen(row));
      return times.length === 0 ? null : Math.min(...times.map(({ due_at }) => due_at));
    },
    followed: async () => [],
    eventsOf: async () => new Map(),
    bodiesOf: async () => new Map(),
  } as unknown as Outbox;
  /** Takes so long as it is told to, and then finds the claims that there were at its start. */
  const settle = async (batch: readonly Posted[], ms: number) => {
    const claims = new Map(batch.map(({ row }) => [row.id, row.claim_id]));
    if (ms > 0) await sleep(ms);
    fails('settle');
    const recorded: Posted[] = [];
    for (const posted of batch) {
      const { row, settlement } = posted;
      for (const known of rows.filter(
        ({ id, claim_id }) => id === row.id && claim_id === claims.get(row.id),
      )) {
        recorded.push(posted);
        Object.assign(known, {
          state: settlement.kind === 'again' ? 'retrying' : settlement.kind,
          due_at: settlement.kind === 'again' ? settlement.at : known.due_at,
          claim_id: null,
          attempt_count: known.attempt_count + 1,
        });
      }
    }
    return recorded;
  };
  return { rows, outbox, settle, failing, asked, fails };
};

export const scene = (wish: Wish) => {
  jest.useFakeTimers();
  const now = () => Date.now();
  const table = createTable(now);
  const sent: Sent[] = [];
  const errors: string[] = [];
  const onError = (error: unknown) => void errors.push((error as Error).message);
  const nextSlots = new Map<string, number>();
  const takeSlots: HealthStore['takeSlots'] = async (webhookId, { count, interval }) => {
    const first = Math.max(now(), nextSlots.get(webhookId) ?? 0);
    nextSlots.set(webhookId, first + count * interval);
    return first;
  };
  const leases = createLeases({ lease: LEASE_MS, outbox: table.outbox, now, onError });
  const claiming = createClaiming({ outbox: table.outbox, leases, now, takeSlots });
  const engine: Engine = createDatabaseEngine({
    outbox: table.outbox,
    claiming,
    perWebhook: wish.perWebhook ?? 4,
    now,
  });
  const active = wish.webhooks.map(
    (webhook) =>
      ({ rateLimit: null, ordered: false, maxAttempts: 10, ...webhook }) as ActiveWebhook,
  );
  const recordAttempts: DispatcherOptions['recordAttempts'] = async (batch) => {
    return { effects: [], recorded: await table.settle(batch, wish.recordingMs ?? 0) };
  };
  const attempt: DispatcherOptions['attempt'] = async (webhook, message) => {
    const one = { id: message.delivery?.id ?? 0, webhookId: webhook.id, at: now() };
    sent.push(one);
    const outcome = outcomeOf(wish.answer?.(one) ?? 200);
    await sleep(outcome.ms);
    const task = { target: TARGET, secretValues: [], now: one.at };
    return { ...resultOf(task, { outcome, body: '' }), secrets: [] };
  };
  const pauses = new Map<string, number>();
  const dispatcher = new Dispatcher({
    config: { concurrency: 16, timeout: 15_000, schedule: [0, 5000], ...wish.config },
    outbox: table.outbox,
    clock: { now },
    engine,
    perTurn: 4,
    leases,
    quiet: async () => {},
    readWebhooks: async () => {
      table.fails('webhooks');
      return active;
    },
    readHealths: async () =>
      new Map(
        [...pauses].map(([id, parkedUntil]) => [id, { health: { state: 'healthy' }, parkedUntil }]),
      ),
    recordAttempts,
    attempt,
    onError,
  } as unknown as DispatcherOptions);

  /** Creates so many due deliveries in the database. */
  const store = (webhookId: string, count: number, like: Partial<Row> = {}) => {
    for (let index = 0; index < count; index += 1) {
      const id = table.rows.length + 1;
      table.rows.push({
        id,
        event_id: `event-${id}`,
        webhook_id: webhookId,
        state: 'pending',
        attempt_count: 0,
        trigger: 'automatic',
        due_at: now(),
        claim_id: null,
        ...like,
      });
    }
  };

  return {
    ...table,
    dispatcher,
    engine,
    sent,
    errors,
    pauses,
    store,
    sentTo: (webhookId: string) => sent.filter((one) => one.webhookId === webhookId),
    /** Time passes (ms). */
    pass: (ms: number) => jest.advanceTimersByTimeAsync(ms),
    end: async () => {
      const stopping = dispatcher.stop();
      await jest.advanceTimersByTimeAsync(10_000);
      await stopping;
      jest.useRealTimers();
    },
  };
};

export type Scene = ReturnType<typeof scene>;
