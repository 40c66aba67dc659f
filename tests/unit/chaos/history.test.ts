/** The checker of chaos runs must be able to fail: each history here breaks one promise. */
import {
  figuresOf,
  problemsOf,
  type Arrival,
  type Endpoint,
  type History,
  type Stored,
  type Write,
} from '../../chaos/history';

const endpoint = (id: string, values: Partial<Endpoint> = {}): Endpoint => ({
  id,
  name: id,
  wants: ['create', 'update'],
  isOrdered: false,
  maxAttempts: 3,
  acceptsEventually: true,
  ...values,
});

const write = (op: string, values: Partial<Write> = {}): Write => ({
  op,
  kind: 'update',
  outcome: 'committed',
  ...values,
});

const idOf = (op: string) => `evt_${op}`;

const arrival = (op: string, values: Partial<Arrival> = {}): Arrival => {
  const at = values.at ?? 1000;
  return {
    endpoint: 'steady',
    webhookId: idOf(op),
    body: `{"title":"${op}"}`,
    op,
    at,
    overAt: at,
    isAccepted: true,
    isReset: false,
    ...values,
  };
};

const stored = (op: string, values: Partial<Stored> = {}): Stored => ({
  eventId: idOf(op),
  endpoint: 'steady',
  op,
  documentId: 'document',
  state: 'delivered',
  reason: null,
  attemptCount: values.attemptCount ?? 1,
  recordedAttempts: values.attemptCount ?? 1,
  ...values,
});

/** Two changes of one document, told to one endpoint, and nothing went wrong. */
const good: History = {
  writes: [write('a'), write('b')],
  committed: new Set(['a', 'b']),
  endpoints: [endpoint('steady', { isOrdered: true })],
  arrivals: [arrival('a'), arrival('b', { at: 2000 })],
  deliveries: [stored('a'), stored('b')],
  disturbances: [],
  recordingMs: 2000,
};

const rulesOf = (changes: Partial<History>) => [
  ...new Set(problemsOf({ ...good, ...changes }).map(({ rule }) => rule)),
];

const LOST = 'every committed change reaches every subscribed endpoint';
const INVENTED = 'no uncommitted change is delivered';
const REASON = 'a delivery is sent twice only if it was in flight during a fault';
const OVER = 'no delivery is left pending at the end';

describe('A history without a fault', () => {
  it('is accepted', () => {
    expect(problemsOf(good)).toEqual([]);
  });

  it('may contain a write without an answer, whether it was committed or not', () => {
    const writes = [
      write('a'),
      write('b', { outcome: 'unknown' }),
      write('c', { outcome: 'unknown' }),
    ];
    expect(rulesOf({ writes })).toEqual([]);
  });

  it('may contain a rolled back write that was sent to no endpoint', () => {
    expect(rulesOf({ writes: [...good.writes, write('c', { outcome: 'rolledBack' })] })).toEqual(
      [],
    );
  });

  it('may contain failed attempts', () => {
    const arrivals = [arrival('a', { at: 500, isAccepted: false }), ...good.arrivals];
    expect(
      rulesOf({ arrivals, deliveries: [stored('a', { attemptCount: 2 }), stored('b')] }),
    ).toEqual([]);
  });

  it('may contain an attempt that sent twice because its connection was reset', () => {
    const cut = arrival('a', { at: 900, isAccepted: false, isReset: true });
    expect(rulesOf({ arrivals: [cut, ...good.arrivals] })).toEqual([]);
    expect(rulesOf({ arrivals: [{ ...cut, isReset: false }, ...good.arrivals] })).toEqual([REASON]);
  });

  it('may end with dead deliveries if the receiver never accepts', () => {
    const unwilling = { endpoints: [endpoint('steady', { acceptsEventually: false })] };
    const arrivals = good.arrivals.map((one) => ({ ...one, isAccepted: false }));
    const deliveries = good.deliveries.map((one) => ({ ...one, state: 'dead' }));
    expect(rulesOf({ ...unwilling, arrivals, deliveries })).toEqual([]);
  });
});

describe('A history is rejected where', () => {
  it('a saved change is not in the database', () => {
    expect(rulesOf({ writes: [...good.writes, write('c')] })).toEqual([
      'the database agrees with what writers were told',
    ]);
  });

  it('a change that was rolled back is in the database', () => {
    const writes = [write('a'), write('b', { outcome: 'rolledBack' })];
    expect(rulesOf({ writes })).toEqual(['the database agrees with what writers were told']);
  });

  it('a committed change was sent to no endpoint', () => {
    expect(rulesOf({ arrivals: [arrival('b')], deliveries: [stored('b')] })).toEqual([LOST]);
    expect(figuresOf({ ...good, arrivals: [arrival('b')] }).lost).toBe(1);
  });

  it('one of two endpoints was left out', () => {
    expect(rulesOf({ endpoints: [...good.endpoints, endpoint('other')] })).toEqual([LOST]);
  });

  it('a receiver refused and no attempt followed', () => {
    const arrivals = [arrival('a', { isAccepted: false }), arrival('b', { at: 2000 })];
    expect(rulesOf({ arrivals })).toEqual([LOST]);
  });

  it('a change that was rolled back was sent', () => {
    const writes = [...good.writes, write('c', { outcome: 'rolledBack' })];
    const sent = { arrivals: [...good.arrivals, arrival('c', { at: 3000 })] };
    expect(rulesOf({ writes, ...sent, deliveries: [...good.deliveries, stored('c')] })).toEqual([
      INVENTED,
    ]);
  });

  it('an endpoint got a change that it is not subscribed to', () => {
    const endpoints = [endpoint('steady', { wants: ['create'] })];
    expect(rulesOf({ endpoints })).toEqual([INVENTED]);
  });

  it('one change became two events', () => {
    const again = { webhookId: 'evt_other', at: 3000 };
    const deliveries = [...good.deliveries, stored('b', { eventId: 'evt_other' })];
    expect(rulesOf({ arrivals: [...good.arrivals, arrival('b', again)], deliveries })).toEqual([
      'one change has one webhook-id',
    ]);
  });

  it('a delivery is stored twice', () => {
    expect(rulesOf({ deliveries: [...good.deliveries, stored('b')] })).toContain(
      'one delivery has one row',
    );
  });

  it('a second attempt sent other bytes', () => {
    const first = arrival('a', { at: 500, isAccepted: false, body: '{"title": "a"}' });
    const deliveries = [stored('a', { attemptCount: 2 }), stored('b')];
    expect(rulesOf({ arrivals: [first, ...good.arrivals], deliveries })).toEqual([
      'every attempt sends the same bytes',
    ]);
  });

  it('a delivery had too many attempts', () => {
    expect(rulesOf({ deliveries: [stored('a', { attemptCount: 4 }), stored('b')] })).toEqual([
      'attempts stay within their limit',
    ]);
  });

  it.each(['pending', 'sending', 'retrying', 'dead', 'cancelled'])(
    'a delivery ends as %s',
    (state) => {
      expect(rulesOf({ deliveries: [stored('a'), stored('b', { state })] })).toEqual([OVER]);
    },
  );

  it('an ordered endpoint got the second change first', () => {
    const arrivals = [arrival('a', { at: 2000 }), arrival('b', { at: 1000 })];
    expect(rulesOf({ arrivals })).toEqual(['ordered endpoints are called in order']);
    expect(rulesOf({ arrivals, endpoints: [endpoint('steady')] })).toEqual([]);
  });

  it('an ordered endpoint got the first change again after the second', () => {
    const late = arrival('a', { at: 3000 });
    const disturbances = [{ kind: 'kill', from: 1000, to: 1001 }];
    expect(rulesOf({ arrivals: [...good.arrivals, late], disturbances })).toEqual([
      'ordered endpoints are called in order',
    ]);
  });

  it('a request arrived twice without a fault', () => {
    const again = arrival('b', { at: 2500 });
    expect(rulesOf({ arrivals: [...good.arrivals, again] })).toEqual([REASON]);
  });

  it('a request arrived twice long after a fault', () => {
    const again = arrival('b', { at: 60_000 });
    const from = 2000 + good.recordingMs + 1;
    const disturbances = [{ kind: 'kill', from, to: from }];
    expect(rulesOf({ arrivals: [...good.arrivals, again], disturbances })).toEqual([REASON]);
  });
});

describe('A request that arrived twice', () => {
  const arrivals = [...good.arrivals, arrival('b', { at: 30_000 })];
  const disturbances = [{ kind: 'kill', from: 2100, to: 2110 }];

  it('is forgiven where it was in flight when something happened', () => {
    expect(rulesOf({ arrivals, disturbances })).toEqual([]);
  });

  it('is counted, beside what was in flight', () => {
    expect(figuresOf({ ...good, arrivals, disturbances })).toMatchObject({
      events: 2,
      deliveries: 2,
      requests: 3,
      duplicates: 1,
      inFlight: 2,
      lost: 0,
    });
  });
});
