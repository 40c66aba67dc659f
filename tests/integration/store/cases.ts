/**
 * What every database must do for the store. The cases run inside a Strapi on that database, against the store's own
 * sources, so this file imports nothing of jest. To support another database, make these cases pass on it.
 */
import assert from 'node:assert/strict';
import type { Core } from '@strapi/strapi';
import type { Knex } from 'knex';
import { createChanges } from '../../../server/store/changes.service';
import { eventOf, type DeliveryRow } from '../../../server/store/outbox/rows';
import { afterCommit, joinTransaction } from '../../../server/strapi/database.service';
import { idsOf, MANY, MINUTE, Store } from './case-store';

export const CASES: Record<string, (store: Store) => Promise<void>> = {
  'stores an event and its deliveries, with times as milliseconds': async (store) => {
    const before = Date.now();
    const [addressed] = store.addressed(1, { documentId: 'one' });
    await store.add([addressed!]);
    const [row] = await store.rows();
    assert.equal(row?.event_id, addressed!.event.id);
    assert.equal(row?.document_id, 'one');
    assert.ok(Number(row?.due_at) >= before);
    assert.ok(Number(row?.created_at) <= Date.now());
    const text = (await store.outbox.eventsOf([row!])).get(row!.event_id);
    assert.deepEqual(eventOf(text!), JSON.parse(JSON.stringify(addressed!.event)));
  },

  'joins the transaction that is open, and leaves nothing of one that is rolled back': async (
    store,
  ) => {
    const stored = store.tables.transaction(async (trx) => {
      await store.add(store.addressed(2));
      assert.equal((await store.rows(trx)).length, 2);
      const read = await store.tables.read((own) => store.rows(own));
      assert.equal(read.length, 2);
      throw new Error('Undo');
    });
    await assert.rejects(stored, /Undo/);
    assert.deepEqual(await store.rows(), []);
  },

  'returns every text as it was stored': async (store) => {
    let deep: unknown = 'bottom';
    for (let level = 0; level < 3000; level += 1) deep = { deep };
    const entry = { deep, text: `\u{1F44B} Grüße "quoted" \\ ' \0 \u2028 ${'x'.repeat(100_000)}` };
    await store.add(store.addressed(1, { entry }));
    const [row] = await store.rows();
    const text = (await store.outbox.eventsOf([row!])).get(row!.event_id)!;
    const found = eventOf(text).entry as typeof entry;
    assert.equal(found.text, entry.text);
    let level = 0;
    for (let at: any = found.deep; typeof at === 'object'; at = at.deep) level += 1;
    assert.equal(level, 3000);
  },

  'stores, reads, claims, extends, settles and prunes more rows than one statement takes': async (
    store,
  ) => {
    await store.add(store.addressed(MANY));
    const claimed = await store.claim();
    assert.equal(claimed.length, MANY);
    await store.outbox.extend(claimed, Date.now() + 5 * MINUTE);
    const ids = new Set((await store.rows()).map(({ event_id }) => event_id));
    assert.equal((await store.outbox.eventsOf(claimed)).size, ids.size);
    assert.equal((await store.settle(claimed, { kind: 'delivered' })).length, MANY);
    assert.equal((await store.outbox.log.attemptsOfAll(idsOf(claimed))).size, MANY);
    for (let step = await prune(store, 0); step; step = await prune(store, step.after));
    assert.deepEqual(await store.rows(), []);
    assert.equal((await store.outbox.log.attemptsOfAll(idsOf(claimed))).size, 0);
    assert.equal((await store.outbox.eventsOf(claimed)).size, 0);
  },

  'returns what it stores as claimed, or leaves it waiting': async (store) => {
    const claim = { claimId: 'own.1', leaseUntil: Date.now() + MINUTE };
    const context = { now: Date.now(), claimFor: () => claim };
    const handed = await store.tables.transaction((trx) =>
      store.outbox.add(store.addressed(3), { trx, ...context }),
    );
    const rows = await store.rows();
    const held = rows.filter(({ claim_id }) => claim_id === claim.claimId);
    assert.deepEqual(idsOf(handed.map(({ row }) => row)), idsOf(held));
    // MySQL answers no ids of many new rows.
    assert.equal(held.length, store.strapi.db.dialect.client === 'mysql' ? 0 : 3);
    assert.ok(rows.every(({ state, claim_id }) => state === (claim_id ? 'sending' : 'pending')));
  },

  'claims what is due, the longest waiting first, up to the limit': async (store) => {
    await store.add(store.addressed(5));
    const all = idsOf(await store.rows());
    assert.deepEqual(await store.claim({ now: Date.now() - MINUTE }), []);
    assert.deepEqual(idsOf(await store.claim({ limit: 2 })), all.slice(0, 2));
    assert.deepEqual(idsOf(await store.claim()), all.slice(2));
    assert.deepEqual(await store.claim(), []);
  },

  'gives no delivery to two claims at the same time': async (store) => {
    await store.add(store.addressed(40));
    const claims = await Promise.all(Array.from({ length: 8 }, () => store.claim({ limit: 5 })));
    const taken = idsOf(claims.flat());
    assert.equal(new Set(taken).size, taken.length);
    const rest = idsOf(await store.claim());
    assert.deepEqual([...taken, ...rest].sort(byNumber), idsOf(await store.rows()));
  },

  'lets the first attempts of a document wait for each other': async (store) => {
    await store.add([
      ...store.addressed(2, { documentId: 'same' }),
      ...store.addressed(1, { documentId: 'other' }),
    ]);
    const [first, second, other] = idsOf(await store.rows());
    const claimed = await store.claim();
    assert.deepEqual(idsOf(claimed), [first, other]);
    assert.deepEqual(await store.outbox.followed(claimed), [store.webhookId]);
    await store.settle(claimed, { kind: 'again', at: Date.now() + MINUTE, why: 'HTTP 500' });
    assert.deepEqual(await store.claim({ isOrdered: true }), []);
    assert.deepEqual(idsOf(await store.claim()), [second]);
  },

  'lets only the holder of a claim record its attempt': async (store) => {
    await store.add(store.addressed(1));
    const lost = await store.claim();
    const now = Date.now() + 2 * MINUTE;
    const again = { webhookId: store.webhookId, claimClass: 'again', limit: 5 } as const;
    const mine = await store.outbox.claim({
      ...{ ...again, now, isOrdered: false },
      ...{ claimId: 'two.1', leaseUntil: now + MINUTE },
    });
    assert.equal(mine.length, 1);
    assert.deepEqual(await store.settle(lost, { kind: 'delivered' }), []);
    await store.outbox.extend(lost, 1);
    await store.outbox.release(lost, 1);
    assert.deepEqual(await store.states(), ['sending']);
    assert.equal((await store.settle(mine, { kind: 'dead', why: 'HTTP 400' })).length, 1);
    const [row] = await store.rows();
    assert.deepEqual([row?.state, row?.reason, row?.attempt_count], ['dead', 'HTTP 400', 1]);
    assert.equal((await store.outbox.log.attemptsOf(mine[0]!.id)).length, 1);
  },

  'gives back what was not sent, as if it had never been claimed': async (store) => {
    await store.add(store.addressed(2));
    const now = Date.now() + 5;
    await store.outbox.release(await store.claim(), now);
    const rows = await store.rows();
    assert.deepEqual(
      rows.map(({ state, claim_id, attempt_count }) => [state, claim_id, attempt_count]),
      Array(2).fill(['pending', null, 0]),
    );
    assert.equal(await store.outbox.nextDue(store.webhookId), now);
    assert.ok((await store.outbox.dueWebhooks(now)).includes(store.webhookId));
  },

  'finds the webhooks with something due in any state that is not over, and no others': async (
    store,
  ) => {
    const now = Date.now();
    const ids = ['pending', 'sending', 'retrying', 'dead', 'later'].map(
      (name) => `${name}-${store.webhookId}`,
    );
    for (const webhookId of ids) {
      await store.add(store.addressed(3, { webhookId }));
      const [state = ''] = webhookId.split('-');
      const change = state === 'later' ? { due_at: now + MINUTE } : { state, due_at: now };
      await store.tables
        .deliveries()
        .where('webhook_id', webhookId)
        .update(change as Partial<DeliveryRow>);
    }
    const found = async (at: number) =>
      (await store.outbox.dueWebhooks(at)).filter((id) => ids.includes(id)).sort();
    const [pending, sending, retrying, , later] = ids;
    assert.deepEqual(await found(now - 1), []);
    assert.deepEqual(await found(now), [pending, retrying, sending]);
    assert.deepEqual(await found(now + MINUTE), [later, pending, retrying, sending]);
  },

  'keeps the body of a first attempt for the later ones': async (store) => {
    await store.add(store.addressed(1));
    const claimed = await store.claim();
    await store.settle(claimed, { kind: 'again', at: Date.now(), why: 'HTTP 503 \0' });
    const rows = await store.rows();
    assert.deepEqual(await store.outbox.bodiesOf(rows), new Map([[rows[0]!.id, '{"a":1}']]));
    assert.match(rows[0]!.reason ?? '', /^HTTP 503 /);
  },

  'sends again and cancels, one or many, and skips what is on its way': async (store) => {
    const now = Date.now();
    await store.add(store.addressed(4));
    const [one, ...others] = await store.claim({ limit: 3 });
    await store.settle([one!, others[0]!], { kind: 'dead', why: 'HTTP 400' });
    assert.equal(await store.outbox.resend(others[1]!.id, now), false);
    assert.equal(await store.outbox.resend(one!.id, now), true);
    const many = { webhook: store.webhookId };
    const context = { webhookIds: [store.webhookId], now: () => now };
    const dead = { ...many, state: ['dead'] as const };
    assert.equal((await store.outbox.resendMany(dead, context)).count, 1);
    assert.deepEqual(await store.states(), ['retrying', 'retrying', 'sending', 'pending']);
    const waiting = { ...many, state: ['pending', 'retrying'] as const };
    assert.deepEqual(
      await store.outbox.countMany(waiting, { webhookIds: [store.webhookId], action: 'cancel' }),
      [{ id: store.webhookId, count: 3 }],
    );
    assert.equal((await store.outbox.cancelMany(waiting, context)).count, 3);
    const wish = { webhookId: store.webhookId, reason: 'The webhook was deleted.', now };
    assert.equal(await store.outbox.cancelOf(wish), 1);
    assert.deepEqual(await store.states(), Array(4).fill('cancelled'));
  },

  'keeps the attempt of a delivery that was cancelled while it was sent': async (store) => {
    await store.add(store.addressed(1));
    const claimed = await store.claim();
    await store.outbox.cancelOf({ webhookId: store.webhookId, reason: 'No.', now: Date.now() });
    assert.deepEqual(await store.settle(claimed, { kind: 'delivered' }), []);
    assert.deepEqual(await store.states(), ['cancelled']);
    assert.equal((await store.outbox.log.attemptsOf(claimed[0]!.id)).length, 1);
  },

  'lists, filters, sorts and pages the log, and counts what waits': async (store) => {
    await store.add(store.addressed(3, { documentId: 'listed' }));
    await store.add(store.addressed(2));
    const query = { webhook: store.webhookId };
    const paging = { page: 2, pageSize: 2, sort: 'createdAt:asc' };
    const { rows, total } = await store.outbox.log.list(query, paging);
    const all = await store.rows();
    assert.deepEqual([idsOf(rows), total], [idsOf(all.slice(2, 4)), 5]);
    const found = await store.outbox.log.list({ ...query, documentId: 'listed' }, paging);
    assert.deepEqual([found.rows.length, found.total], [1, 3]);
    const [waiting] = await store.outbox.waiting([store.webhookId]);
    assert.deepEqual([waiting?.state, waiting?.count], ['pending', 5]);
    assert.equal(await store.outbox.oldestWaiting([waiting!]), Number(all[0]!.created_at));
    await store.settle(await store.claim({ limit: 1 }), { kind: 'delivered' });
    const last = (await store.outbox.lastSent([store.webhookId])).get(store.webhookId);
    assert.deepEqual([last?.id, last?.state], [String(all[0]!.id), 'delivered']);
  },

  'gives the configuration a new version with each commit of a change, and with nothing else':
    async (store) => {
      const changes = createChanges({
        strapi: store.strapi,
        clock: { now: Date.now },
        onChange: () => undefined,
      });
      const first = await changes.version();
      const undone = store.tables.transaction(async (trx) => {
        await changes.recordIn(trx);
        assert.notEqual(await changes.version(trx), first);
        throw new Error('Undo');
      });
      await assert.rejects(undone, /Undo/);
      assert.equal(await changes.version(), first);
      await changes.record();
      const second = await changes.version();
      assert.notEqual(second, first);
      await changes.prune(0);
      assert.equal(await changes.version(), second);
      await changes.prune(Date.now() + MINUTE);
      assert.notEqual(await changes.version(), second);
    },

  'notices a change that is committed after a later one, and lets neither wait': async (store) => {
    const { strapi } = store;
    // SQLite has one connection.
    if (strapi.db.dialect.client === 'sqlite') return;
    const clock = { now: Date.now };
    const changes = createChanges({ strapi, clock, onChange: () => undefined });
    const early = await strapi.db.connection.transaction();
    await changes.recordIn(early);
    await store.tables.separately((trx) => changes.recordIn(trx));
    const between = await changes.version();
    await early.commit();
    assert.notEqual(await changes.version(), between);
  },

  'takes back events that were stored in the open transaction': async (store) => {
    const [kept, undone] = store.addressed(2);
    await store.tables.transaction(async (trx) => {
      await store.outbox.add([kept!, undone!], { trx, now: Date.now() });
      await store.outbox.takeBack([undone!.event.id], trx);
    });
    assert.deepEqual(
      (await store.rows()).map(({ event_id }) => event_id),
      [kept!.event.id],
    );
  },

  'gives an event a later time than those that another process stored of its document': async (
    store,
  ) => {
    const [ahead] = store.addressed(1, { documentId: store.webhookId });
    const inAMinute = Date.now() + MINUTE;
    const early = { ...ahead!.event, time: new Date(inAMinute).toISOString() };
    await store.add([{ ...ahead!, event: early }]);
    const [later] = store.addressed(1, { documentId: store.webhookId });
    await store.add([later!]);
    const row = (await store.rows())[1]!;
    const { time } = eventOf((await store.outbox.eventsOf([row])).get(row.event_id)!);
    // SQLite has one process, whose times rise anyway.
    if (store.strapi.db.dialect.client !== 'sqlite') assert.ok(Date.parse(time) > inAMinute, time);
  },
};

function prune(store: Store, after: number) {
  return store.outbox.pruneOld(after, Date.now() + MINUTE);
}

function byNumber(one: number, other: number): number {
  return one - other;
}

type PlanNode = { 'Actual Loops': number; Plans?: PlanNode[] };

function mostLoops({ 'Actual Loops': loops, Plans: inner = [] }: PlanNode): number {
  return Math.max(loops, ...inner.map(mostLoops));
}

/**
 * How often PostgreSQL runs the part of a claim that it runs most, for `count` due deliveries. The table is new, so the
 * planner expects a single row.
 */
export async function loopsOfClaim(strapi: Core.Strapi, count: number): Promise<number> {
  const store = new Store(strapi);
  const knex = strapi.db.connection;
  await store.add(store.addressed(count));
  let claim = { sql: '', bindings: [] as Knex.RawBinding[] };
  const keep = (query: typeof claim) => {
    if (query.sql.includes('skip locked')) claim = query;
  };
  knex.on('query', keep);
  await store.claim();
  knex.removeListener('query', keep);
  await store.tables.deliveries().update({ state: 'pending', claim_id: null, due_at: 1 });
  const sql = claim.sql.replace(/\$\d+/g, '?');
  const { rows } = await knex.raw(`explain (analyze, format json) ${sql}`, claim.bindings);
  return mostLoops(rows[0]['QUERY PLAN'][0].Plan);
}

/** Whether work that waits for a COMMIT runs although the COMMIT fails. For PostgreSQL, which checks the constraint only then. */
export async function runsAfterFailedCommit(strapi: Core.Strapi): Promise<boolean> {
  const table = 'store_case_commit';
  await strapi.db.connection.raw(
    `create table ${table} (id int unique deferrable initially deferred)`,
  );
  let hasRun = false;
  const stored = joinTransaction(strapi, async (trx) => {
    await afterCommit(strapi, trx, () => (hasRun = true));
    await trx.raw(`insert into ${table} values (1), (1)`);
  });
  await assert.rejects(stored, /duplicate key/);
  return hasRun;
}

/** Runs one case; rejects with the assertion that failed. */
export function runCase(strapi: Core.Strapi, title: string): Promise<void> {
  return CASES[title]!(new Store(strapi));
}
