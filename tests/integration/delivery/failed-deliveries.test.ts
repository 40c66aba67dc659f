/** Failed deliveries: found, resent and cancelled by the thousand, and exported as a file. */
import type { Delivery } from '../../../server/contract/delivery';
import type { Webhook } from '../../../server/contract/webhook';
import { CSV_COLUMNS } from '../../../server/manage/deliveries/csv';
import { SUPER_ADMIN } from '../../support/strapi';
import { countOf, fillBacklog } from './backlog';
import { reachable } from './reachable';
import { HOUR, MINUTE, Stage, until } from './stage';

/** So many that a resend needs more than one page of everything. */
const MANY = 12_000;
const EXPORTED = 50_000;

describe.each(reachable('sqlite', 'postgres', 'mysql'))('on %s', (database) => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.start({ database, config: { delivery: { schedule: [0, 10 * MINUTE] } } });
  });
  afterEach(() => stage.clear());
  afterAll(() => stage?.stop());

  const many = (what: 'resend' | 'cancel', wish: object) =>
    stage.api<{ count: number; next?: string | null }>('POST', `/deliveries/${what}`, wish);

  const dead = async (titles: string[], path = '/hook'): Promise<[Webhook, Delivery[]]> => {
    stage.receiver.on(path).answer(500);
    const webhook = await stage.makeWebhook({ path, maxAttempts: 1 });
    for (const title of titles) await stage.write(1, title);
    const found = await stage.finished(webhook);
    stage.receiver.on(path).answer(200);
    return [webhook, found];
  };

  describe('the list', () => {
    it('leaves out what cannot be sent again, where it is asked to', async () => {
      const [webhook] = await dead(['Lost']);
      const [gone] = await dead(['Gone'], '/gone');
      stage.receiver.on('/hook').answer(500);
      await stage.api('POST', `/webhooks/${webhook.id}/test`, {});
      await stage.api('DELETE', `/webhooks/${gone.id}`);
      const found = await stage.api<Delivery[]>(
        'GET',
        '/deliveries?state=dead,cancelled&resendable=true',
      );
      expect(found.map((one) => one.webhook.id)).toEqual([webhook.id]);
      expect(found.some(({ isTest }) => isTest)).toBe(false);
      const refused = await stage.app.request(
        'GET',
        '/workflow-webhooks/deliveries?resendable=maybe',
      );
      expect(refused.status).toBe(400);
    });
  });

  describe('a resend of many', () => {
    it('takes every filter of the list, and says before it does it how many there are', async () => {
      const [{ id: webhook }, [one, two]] = await dead(['One', 'Two', 'Three']);
      const base = { webhook, states: ['dead'] };
      const counted = async (wish: object) =>
        (await many('resend', { ...base, ...wish, dryRun: true })).count;
      expect(await counted({})).toBe(3);
      expect(await counted({ event: 'entry.create' })).toBe(3);
      expect(await counted({ event: 'entry.delete' })).toBe(0);
      expect(await counted({ documentId: one!.documentId })).toBe(1);
      expect(await counted({ from: one!.createdAt, to: two!.createdAt })).toBe(2);
      expect(await counted({ ids: [one!.id, '999999'] })).toBe(1);
      expect(await counted({ ids: [] })).toBe(0);
      expect(await countOf(stage, { id: webhook }, 'dead')).toBe(3);

      expect(await many('resend', { ...base, documentId: one!.documentId })).toEqual({ count: 1 });
      expect(await many('resend', { ...base, ids: [two!.id] })).toEqual({ count: 1 });
      await until(
        () => countOf(stage, { id: webhook }, 'delivered'),
        (count) => count === 2,
      );
      expect(await countOf(stage, { id: webhook }, 'dead')).toBe(1);
    });

    it('says at each field what is wrong with it', async () => {
      const answer = await stage.app.request('POST', '/workflow-webhooks/deliveries/resend', {
        states: [],
        ids: ['one'],
        next: 'more',
        limit: 0,
        from: 'yesterday',
      });
      expect(answer.status).toBe(400);
      const paths = answer.body.error.details.errors.map(({ path }: any) => path.join('.'));
      expect(paths.sort()).toEqual(['from', 'ids.0', 'limit', 'next', 'states']);
    });

    it('of thousands uses small statements over any number of calls, and its count is correct', async () => {
      const webhook = await stage.makeWebhook();
      await fillBacklog(stage, webhook, {
        count: MANY,
        like: { state: 'dead', reason: 'Given up.' },
      });
      const wish = { webhook: webhook.id, states: ['dead'] };
      await watchStatements();
      expect(await many('resend', wish)).toEqual({ count: MANY });
      const sizes = await boundValues(/^update .*workflow_webhooks_deliveries/);
      expect(sizes.length).toBeGreaterThanOrEqual(MANY / 500);
      expect(Math.max(...sizes)).toBeLessThan(520);
      // It is switched off, so all of them wait.
      expect(await countOf(stage, webhook, 'retrying')).toBe(MANY);

      const waiting = { webhook: webhook.id, states: ['retrying', 'dead', 'delivered'] };
      expect(await many('cancel', { ...waiting, dryRun: true })).toMatchObject({ count: MANY });
      const counts: number[] = [];
      for (let next: string | null | undefined; next !== null;) {
        const done = await many('cancel', { ...waiting, limit: 5000, ...(next ? { next } : {}) });
        counts.push(done.count);
        next = done.next ?? null;
      }
      expect(counts.every((count) => count <= 5000)).toBe(true);
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(MANY);
      const [cancelled] = await stage.api<Delivery[]>(
        'GET',
        `/deliveries?webhook=${webhook.id}&pageSize=1`,
      );
      expect(cancelled).toMatchObject({
        state: 'cancelled',
        reason: 'An administrator cancelled this before it was sent.',
      });
    });
  });

  describe('a cancelled delivery', () => {
    it('is not sent, and can be sent later', async () => {
      stage.receiver.on('/hook').answer(500, 200);
      const webhook = await stage.makeWebhook();
      await stage.write();
      await stage.attempted(webhook, 1);
      const wish = { webhook: webhook.id };
      expect(await many('cancel', { ...wish, states: ['pending', 'retrying'] })).toEqual({
        count: 1,
      });
      await stage.turn(HOUR);
      const witness = await stage.makeWebhook({ path: '/witness' });
      await stage.write();
      await stage.finished(witness);
      expect(await countOf(stage, webhook, 'cancelled')).toBe(1);
      expect(await many('resend', { ...wish, states: ['cancelled'] })).toEqual({ count: 1 });
      await until(
        () => countOf(stage, webhook, 'delivered'),
        (count) => count === 2,
      );
    });
  });

  describe('an export', () => {
    const open = async (query: string) => {
      const token = await stage.app.login(SUPER_ADMIN.email, SUPER_ADMIN.password);
      return fetch(`${stage.app.url}/workflow-webhooks/deliveries/export?${query}`, {
        headers: { authorization: `Bearer ${token}` },
      });
    };

    it('as JSON lines contains each matching delivery as in the API, oldest first', async () => {
      const [{ id: webhook }, found] = await dead(['One', 'Zw\u00f6i \ud83d\udc4b', 'Three']);
      const answer = await open(`webhook=${webhook}&state=dead`);
      expect(answer.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
      expect(answer.headers.get('content-disposition')).toBe(
        'attachment; filename="deliveries.jsonl"',
      );
      const lines = (await answer.text()).trimEnd().split('\n');
      const details = await Promise.all(found.map((one) => stage.delivery(one)));
      expect(lines.map((line) => JSON.parse(line))).toEqual(details);
      const narrower = await open(`webhook=${webhook}&documentId=${found[1]!.documentId}`);
      expect(JSON.parse(await narrower.text())).toEqual(details[1]);
      expect(await (await open(`webhook=${webhook}&state=pending`)).text()).toBe('');
    });

    it('as CSV is a table that a spreadsheet shows and does not run', async () => {
      const name = '=HYPERLINK("http://127.0.0.1/", "a, b")';
      stage.receiver.on('/hook').answer({ status: 500, body: 'No' });
      const webhook = await stage.makeWebhook({ name, maxAttempts: 1 });
      await stage.write();
      const [lost] = await stage.finished(webhook);
      const text = await (await open(`webhook=${webhook.id}&format=csv`)).text();
      const [head, row, end] = text.split('\r\n');
      expect(head).toBe(CSV_COLUMNS.join(','));
      expect(row).toContain(`,"'=HYPERLINK(""http://127.0.0.1/"", ""a, b"")",dead,`);
      expect(row!.startsWith(`${lost!.id},${lost!.eventId},entry.create,${webhook.id},`)).toBe(
        true,
      );
      expect(row).toContain(',refused,500,,');
      expect(end).toBe('');
    });

    it('of thousands is complete, and stops reading when the client disconnects', async () => {
      const webhook = await stage.makeWebhook();
      await fillBacklog(stage, webhook, {
        count: EXPORTED,
        like: { state: 'dead', reason: 'Lost' },
      });
      const whole = await open(`webhook=${webhook.id}&format=csv`);
      const ids = (await whole.text())
        .trimEnd()
        .split('\r\n')
        .slice(1)
        .map((line) => Number(line.split(',')[0]));
      expect(new Set(ids).size).toBe(EXPORTED);
      expect(ids).toEqual([...ids].sort((one, other) => one - other));

      await watchStatements();
      const cut = await open(`webhook=${webhook.id}&format=csv`);
      const reader = cut.body!.getReader();
      await reader.read();
      await reader.cancel();
      // Two looks that see the same: nothing is read any more.
      const pages = () => boundValues(/^select \* .*workflow_webhooks_deliveries.* order by .*id/);
      let seen = -1;
      const counts = await until(
        async () => {
          const before = seen;
          seen = (await pages()).length;
          await stage.health();
          return [before, seen];
        },
        ([before, now]) => before === now,
      );
      expect(counts[1]).toBeLessThan(EXPORTED / 500);
    });

    it('says what is wrong with its format', async () => {
      const answer = await open('format=xlsx');
      expect(answer.status).toBe(400);
      expect((await answer.json()).error.details.errors[0].message).toBe(
        'Expected "jsonl" or "csv".',
      );
    });
  });

  /** From now on, notes every statement with the number of its values. */
  const watchStatements = () =>
    stage.app.run((strapi) => {
      const seen: [string, number][] = [];
      (globalThis as any).statements = seen;
      strapi.db.connection.removeAllListeners('query');
      strapi.db.connection.on('query', ({ sql, bindings }: any) =>
        seen.push([sql.replaceAll(/["`]/g, ''), bindings?.length ?? 0]),
      );
    });

  const boundValues = async (pattern: RegExp): Promise<number[]> => {
    const seen = await stage.app.run(() => (globalThis as any).statements as [string, number][]);
    return seen.filter(([sql]) => pattern.test(sql)).map(([, values]) => values);
  };
});
