import {
  attemptOf,
  attemptRowOf,
  deliveryOf,
  type DeliveryRow,
  type NewAttempt,
} from '../../../server/outbox/rows';

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

  it('tells nothing of claims', () => {
    expect(JSON.stringify(deliveryOf(row, names))).not.toContain('secret-claim');
  });
});

describe('an attempt', () => {
  it('is answered as it was stored', () => {
    const stored = { ...attemptRowOf(7, attempt, true), id: 1 };
    expect(attemptOf(stored, 'not this one')).toEqual({
      ...attempt,
      id: '1',
      at: '2023-11-14T22:13:20.000Z',
      durationMs: 13,
    });
  });

  it('stores the body once: later ones are answered with that of the first', () => {
    const later = attemptRowOf(7, attempt, false);
    expect(JSON.stringify(later)).not.toContain('"a":1');
    expect(later.body).toBeNull();
    expect(attemptOf({ ...later, id: 2 }, '{"a":1}').request.body).toBe('{"a":1}');
  });

  it('without a body stores none, so that a later one makes it', () => {
    const unmade = { ...attempt, request: { ...attempt.request, body: '' } };
    expect(attemptRowOf(7, unmade, true).body).toBeNull();
  });

  it('without an answer has none', () => {
    const stored = attemptRowOf(7, { ...attempt, response: null, error: 'It hung.' }, true);
    expect(attemptOf({ ...stored, id: 3 }, '')).toMatchObject({
      response: null,
      error: 'It hung.',
    });
  });
});
