import {
  attemptOf,
  attemptRowOf,
  bareAttempt,
  sentBodyOf,
  deliveryOf,
  type DeliveryRow,
  type NewAttempt,
} from '../../../server/store/outbox/rows';

const row: DeliveryRow = {
  id: 7,
  event_id: 'evt_1',
  event: 'entry.create',
  webhook_id: 'w1',
  webhook_name: 'Old name',
  format: 'standard',
  serialization: 'json',
  state: 'retrying',
  reason: 'The receiver answered 500.',
  attempt_count: 2,
  due_at: '1800000000000',
  claim_id: 'secret-claim',
  trigger: 'automatic',
  is_test: 0,
  created_at: '1700000000000',
  delivered_at: null,
  uid: 'api::notice.notice',
  document_id: 'd1',
  locale: null,
  verdict: null,
};
const names = new Map([['w1', 'New name']]);

const attempt: NewAttempt = {
  at: 1_700_000_000_000,
  durationMs: 12.6,
  outcome: 'refused',
  trigger: 'automatic',
  request: { method: 'POST', url: 'https://example.com/', headers: { a: 'b' }, body: '{"a":1}' },
  response: { status: 500, headers: {}, body: 'no' },
  error: null,
};

describe('a delivery as it is answered', () => {
  it('has moments as ISO texts, also where a database answers big integers as text', () => {
    expect(deliveryOf(row, names)).toMatchObject({
      id: '7',
      nextAttemptAt: '2027-01-15T08:00:00.000Z',
      createdAt: '2023-11-14T22:13:20.000Z',
      deliveredAt: null,
      isTest: false,
    });
  });

  it('has a next attempt only while it waits for one', () => {
    for (const state of ['sending', 'delivered', 'dead', 'cancelled'] as const) {
      expect(deliveryOf({ ...row, state }, names).nextAttemptAt).toBeNull();
    }
    expect(deliveryOf({ ...row, state: 'pending' }, names).nextAttemptAt).not.toBeNull();
  });

  it('has the name of its webhook of today, and the one of then once that is deleted', () => {
    expect(deliveryOf(row, names).webhook).toEqual({
      id: 'w1',
      name: 'New name',
      isDeleted: false,
    });
    expect(deliveryOf(row, new Map()).webhook).toEqual({
      id: 'w1',
      name: row.webhook_name,
      isDeleted: true,
    });
  });

  it('contains no claims', () => {
    expect(JSON.stringify(deliveryOf(row, names))).not.toContain('secret-claim');
  });
});

const first = { isFirst: true, statementBytes: 1_000_000 };

describe('an attempt', () => {
  it('is answered as it was stored', () => {
    const stored = { ...attemptRowOf(7, attempt, first), id: 1 };
    expect(attemptOf(stored, 'not this one')).toEqual({
      ...attempt,
      id: '1',
      at: '2023-11-14T22:13:20.000Z',
      durationMs: 13,
    });
  });

  it('stores the body once: later ones are answered with that of the first', () => {
    const later = attemptRowOf(7, attempt, { ...first, isFirst: false });
    expect(JSON.stringify(later)).not.toContain('"a":1');
    expect(later.body).toBeNull();
    expect(attemptOf({ ...later, id: 2 }, '{"a":1}').request.body).toBe('{"a":1}');
  });

  it('without a body stores none, so that a later one makes it', () => {
    const unmade = { ...attempt, request: { ...attempt.request, body: '' } };
    expect(attemptRowOf(7, unmade, first).body).toBeNull();
  });

  it('without an answer has none', () => {
    const stored = attemptRowOf(7, { ...attempt, response: null, error: 'It hung.' }, first);
    expect(attemptOf({ ...stored, id: 3 }, '')).toMatchObject({
      response: null,
      error: 'It hung.',
    });
  });

  it('that does not fit is stored without its body, which a later one makes anew', () => {
    const large = { ...attempt, request: { ...attempt.request, body: 'x'.repeat(2_400_000) } };
    const rows = [true, false].map((isFirst, id) => ({
      ...attemptRowOf(7, large, { ...first, isFirst }),
      id,
    }));
    expect(rows.map(({ body }) => body)).toEqual([null, null]);
    const { body: _body, ...request } = attempt.request;
    for (const row of rows)
      expect(attemptOf(row, sentBodyOf(rows)).request).toEqual({
        ...request,
        body: '[not kept: 2 MB]',
      });
  });

  it('counts what the statement takes: quotes are escaped there', () => {
    const quotes = { ...attempt, request: { ...attempt.request, body: '"'.repeat(600_000) } };
    expect(attemptRowOf(7, quotes, first).body).toBeNull();
    const plain = { ...attempt, request: { ...attempt.request, body: 'x'.repeat(600_000) } };
    expect(attemptRowOf(7, plain, first).body).toHaveLength(600_000);
  });

  it('whose answer does not fit keeps the status of it', () => {
    const body = 'y'.repeat(1_200_000);
    const large = { ...attempt, response: { status: 500, headers: { a: 'b' }, body } };
    expect(attemptOf({ ...attemptRowOf(7, large, first), id: 5 }, '').response).toEqual({
      status: 500,
      headers: {},
      body: '[not kept: 1 MB]',
    });
  });

  it('holds no NUL, which PostgreSQL refuses', () => {
    const error = 'It\0hung';
    const nul = { ...attempt, error, request: { ...attempt.request, body: 'a\0b' } };
    const row = attemptRowOf(7, nul, first);
    expect([row.error, row.body]).toEqual(['It\ufffdhung', 'a\ufffdb']);
  });

  it('that cannot be stored whole is stored with what any database takes', () => {
    const odd = { ...attempt, error: 'caf\u00e9 \0 \ud83d\udc4b' };
    const row = attemptRowOf(7, bareAttempt(odd), first);
    expect(row.error).toBe('caf? ? ??');
    expect(row.body).toBeNull();
    expect(attemptOf({ ...row, id: 6 }, 'not this').request.body).toMatch(/^\[not kept: \d+ KB\]$/);
  });
});
