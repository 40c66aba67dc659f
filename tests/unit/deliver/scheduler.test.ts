/** The scheduler's modes and transitions, one row for each. */
import {
  newState,
  type Action,
  type Happened,
  type Post,
  type State,
} from '../../../server/deliver/dispatch-state';
import type { Job } from '../../../server/deliver/claims.service';
import { lower } from '../../../server/deliver/lane';
import type { Posted } from '../../../server/deliver/record.service';
import { mayHandOver, schedule } from '../../../server/deliver/scheduler';
import type { ActiveWebhook } from '../../../server/match/active.service';

const NOW = 1_000_000;
const SETTINGS = {
  limits: { perWebhook: 8 },
  concurrency: 16,
  timeout: 15_000,
  lookEvery: 400,
  mayHandOver: true,
  perTurn: 4,
  claimsFollowers: true,
};

const webhook = (id: string, more: Partial<ActiveWebhook> = {}) =>
  ({ id, rateLimit: null, ordered: false, maxAttempts: 10, ...more }) as ActiveWebhook;

const job = (id: number, row: Partial<Job['row']> = {}) =>
  ({
    row: {
      id,
      webhook_id: 'one',
      attempt_count: 0,
      document_id: null,
      due_at: NOW + 25_000,
      ...row,
    },
    claimClass: 'first',
    firstOf: null,
  }) as unknown as Job;

const post = (sent: Job, posted: Partial<Posted> & { outcome?: string } = {}): Post => ({
  job: sent,
  posted: {
    row: sent.row,
    attempt: { outcome: posted.outcome ?? 'delivered' },
    settlement: { kind: 'delivered' },
    parkUntil: null,
    disable: null,
    ...posted,
  } as Posted,
});

const START: Happened = { kind: 'start' };
const STOP: Happened = { kind: 'stop' };
const FOUND_NOTHING: Happened = { kind: 'claimed', filled: { nextDue: null, retryAt: null } };
const read = (...webhooks: ActiveWebhook[]): Happened => ({
  kind: 'read',
  webhooks,
  healths: new Map(),
});
const due = (from: 'here' | 'others', ...webhookIds: string[]): Happened =>
  webhookIds.length > 0 ? { kind: 'due', webhookIds, from } : { kind: 'due', from };
const stored = (handed: Job[], ...waiting: string[]): Happened => ({
  kind: 'stored',
  handed,
  waiting,
});
const tick = (at: number): Happened => ({ kind: 'tick', at });
const failed = (what: 'read' | 'claim' | 'look'): Happened => ({ kind: 'failed', what });
const answered = (sent: Job, posted: Parameters<typeof post>[1] = {}): Happened => ({
  kind: 'answered',
  post: post(sent, posted),
  ms: 10,
});

const drive = (state: State, ...happened: Happened[]): Action[] =>
  happened.flatMap((one) => schedule(state, one, NOW));
const after = (state: State, ...happened: Happened[]): State => {
  drive(state, ...happened);
  return state;
};

/** A state in each of the modes. In all but the first three, the webhook `one` is known. */
const IN = {
  stopped: () => newState(SETTINGS),
  reading: () => after(IN.stopped(), START),
  empty: () => after(IN.reading(), read()),
  claiming: () => after(IN.reading(), read(webhook('one'))),
  idle: () => {
    const state = IN.claiming();
    for (const lane of state.lanes.values()) lower(lane);
    return after(state, FOUND_NOTHING);
  },
  looking: () => after(IN.idle(), tick(0), read(webhook('one'))),
  stopping: () => after(IN.idle(), STOP),
};

const modesOf = ({ mode, filling, looking, known }: State) =>
  `${mode}, ${filling.mode}, ${looking}, ${known}`;
const kindsOf = (actions: Action[]) => actions.map(({ kind }) => kind).join(', ');

type Row = [
  from: keyof typeof IN,
  name: string,
  happened: Happened,
  modes: string,
  actions: string,
];

const TRANSITIONS: Row[] = [
  ['stopped', 'start', START, 'running, reading, waiting, current', 'read'],
  ['stopped', 'due here', due('here'), 'stopped, idle, waiting, outdated', 'announce'],
  ['stopped', 'due elsewhere', due('others'), 'stopped, idle, waiting, outdated', ''],
  ['stopped', 'tick', tick(0), 'stopped, idle, waiting, outdated', ''],

  ['reading', 'no webhooks', read(), 'running, idle, waiting, current', ''],
  ['reading', 'webhooks', read(webhook('one')), 'running, claiming, waiting, current', 'claim'],
  ['reading', 'failed', failed('read'), 'running, idle, waiting, current', ''],
  ['reading', 'due for all', due('here'), 'running, reading, waiting, outdated', 'announce'],
  ['reading', 'stop', STOP, 'stopping, reading, waiting, current', ''],

  ['empty', 'due for all', due('here'), 'running, reading, waiting, current', 'announce, read'],

  ['claiming', 'more is left', FOUND_NOTHING, 'running, claiming, waiting, current', 'claim'],
  ['claiming', 'failed', failed('claim'), 'running, idle, waiting, current', ''],
  ['claiming', 'due', due('others', 'one'), 'running, claiming, waiting, current', ''],
  ['claiming', 'unknown', due('others', 'new'), 'running, claiming, waiting, outdated', ''],
  [
    'claiming',
    'due later',
    { kind: 'claimed', filled: { nextDue: NOW + 1, retryAt: NOW + 2 } },
    'running, claiming, waiting, current',
    'alarm, alarm, claim',
  ],

  ['idle', 'due', due('here', 'one'), 'running, claiming, waiting, current', 'announce, claim'],
  ['idle', 'due elsewhere', due('others', 'one'), 'running, claiming, waiting, current', 'claim'],
  ['idle', 'due for all', due('others'), 'running, reading, waiting, current', 'read'],
  ['idle', 'unknown', due('others', 'new'), 'running, reading, waiting, current', 'read'],
  ['idle', 'stored', stored([], 'one'), 'running, claiming, waiting, current', 'announce, claim'],
  [
    'idle',
    'stored as claimed',
    stored([job(1)]),
    'running, idle, waiting, current',
    'hold, awaitTurn, send',
  ],
  [
    'idle',
    'stored with a lease that is nearly over',
    stored([job(1, { due_at: NOW + 15_000 })]),
    'running, idle, waiting, current',
    'giveBack',
  ],
  ['idle', 'tick', tick(0), 'running, reading, looking, current', 'read, look'],
  ['idle', 'stop', STOP, 'stopping, idle, waiting, current', ''],

  ['looking', 'tick', tick(9000), 'running, idle, looking, current', ''],
  ['looking', 'nothing', { kind: 'looked', due: [] }, 'running, idle, waiting, current', ''],
  ['looking', 'failed', failed('look'), 'running, idle, waiting, current', ''],
  [
    'looking',
    'something',
    { kind: 'looked', due: ['one'] },
    'running, claiming, waiting, current',
    'announce, claim',
  ],

  ['stopping', 'due', due('here', 'one'), 'stopping, idle, waiting, current', 'announce'],
  ['stopping', 'tick', tick(0), 'stopping, idle, waiting, current', ''],
  ['stopping', 'as claimed', stored([job(1)]), 'stopping, idle, waiting, current', 'giveBack'],
  ['stopping', 'stopped', { kind: 'stopped' }, 'stopped, idle, waiting, current', ''],
];

it.each(TRANSITIONS)('%s, %s', (...row) => {
  const [from, , happened, modes, actions] = row;
  const state = IN[from]();
  const done = schedule(state, happened, NOW);
  expect([modesOf(state), kindsOf(done)]).toEqual([modes, actions]);
});

it('looks no more often than the engine wishes', () => {
  const state = after(IN.looking(), { kind: 'looked', due: [] });
  expect(kindsOf(schedule(state, tick(399), NOW))).toBe('read');
  drive(state, read(webhook('one')));
  expect(kindsOf(schedule(state, tick(400), NOW))).toBe('read, look');
});

it('gives back what a claim brings after the stop', () => {
  const state = after(IN.claiming(), STOP);
  state.lanes.get('one')?.waiting.push(job(1));
  expect(kindsOf(schedule(state, FOUND_NOTHING, NOW))).toBe('giveBack');
  expect(modesOf(state)).toBe('stopping, idle, waiting, current');
});

it('leaves out a webhook that was disabled while webhooks were read, and reads again', () => {
  const state = after(IN.idle(), tick(0));
  const disabled = { webhookId: 'one', notice: { kind: 'disabled' as const, reason: '' } };
  drive(state, { kind: 'recorded', posts: [], effects: [{ ...disabled, failed: true }] });
  expect(kindsOf(schedule(state, read(webhook('one')), NOW))).toBe('drop, read');
  expect(state.webhooks.size).toBe(0);
});

it('sends a few in one turn of the event loop, and the rest in the next', () => {
  const state = IN.idle();
  const jobs = [1, 2, 3, 4, 5, 6].map((id) => job(id));
  const sends = (actions: Action[]) => actions.filter(({ kind }) => kind === 'send').length;
  expect(sends(drive(state, stored(jobs)))).toBe(4);
  expect(sends(drive(state, { kind: 'turn' }))).toBe(2);
  expect(drive(state, { kind: 'turn' })).toEqual([]);
});

describe('a read', () => {
  const list = [webhook('one'), webhook('two')];
  const readList = (healths: [string, string, number][] = []): Happened => ({
    kind: 'read',
    webhooks: list,
    healths: new Map(
      healths.map(([id, state, parkedUntil]) => [id, { health: { state }, parkedUntil }]),
    ),
  });
  const lane = (state: State, id: string) => state.lanes.get(id)!;

  it('of the same list handles only healths, and a webhook that it does not name is healthy', () => {
    const state = after(IN.reading(), readList([['one', 'failing', NOW + 5000]]));
    expect(lane(state, 'one')).toMatchObject({ isFailing: true, parkedUntil: NOW + 5000 });
    for (const each of state.lanes.values()) lower(each);
    const before = state.webhooks;
    drive(state, FOUND_NOTHING, tick(0), readList([['two', 'failing', 0]]));
    expect([lane(state, 'one').isFailing, lane(state, 'two').isFailing]).toEqual([false, true]);
    expect(state.webhooks).toBe(before);
    expect(lane(state, 'one').mayHaveFirst).toBe(false);
  });

  it('brings back a webhook whose end was not recorded, though the list is the same', () => {
    const state = after(IN.reading(), readList());
    drive(state, stored([job(1)]), answered(job(1), { disable: 'Gone.' }), tick(0), readList());
    expect([...state.webhooks.keys()]).toEqual(['two']);
    const posts = [post(job(1), { disable: 'Gone.' })];
    drive(state, { kind: 'recorded', posts, effects: [] }, FOUND_NOTHING, tick(400), readList());
    expect([...state.webhooks.keys()]).toEqual(['one', 'two']);
  });
});

describe('a look', () => {
  it.each([
    ['is parked', { parkedUntil: NOW + 1 }],
    ['rests', { restUntil: NOW + 1 }],
    ['fails and has its one request', { isFailing: true, inFlight: 1 }],
  ])('leaves out a lane that %s', (_why, lane) => {
    const state = IN.looking();
    Object.assign(state.lanes.get('one')!, lane);
    expect(drive(state, { kind: 'looked', due: ['one', 'disabled'] })).toEqual([]);
    expect(state.lanes.has('disabled')).toBe(false);
  });
});

it('walks only through lanes in which something may happen', () => {
  const state = after(IN.reading(), read(webhook('one'), webhook('two')));
  expect([...state.active].map(({ webhookId }) => webhookId)).toEqual(['one', 'two']);
  for (const lane of state.lanes.values()) lower(lane);
  drive(state, FOUND_NOTHING);
  expect([...state.active]).toEqual([]);
  drive(state, stored([job(1)]));
  expect([...state.active].map(({ webhookId }) => webhookId)).toEqual(['one']);
});

describe('a slot', () => {
  const sent = job(1);

  it('is free once the job is answered', () => {
    const state = after(IN.idle(), stored([sent]));
    expect(state.taken).toBe(1);
    expect(kindsOf(drive(state, answered(sent)))).toBe('record');
    expect(state.taken).toBe(0);
  });

  it('is kept after a timeout, until that is recorded and a while has passed', () => {
    const state = after(IN.idle(), stored([sent]), answered(sent, { outcome: 'timeout' }));
    expect(state.taken).toBe(1);
    const posts = [
      post(sent, { outcome: 'timeout', settlement: { kind: 'again', at: 1, why: '' } }),
    ];
    const effects = [{ webhookId: 'one', notice: null, failed: true }];
    expect(kindsOf(drive(state, { kind: 'recorded', posts, effects }))).toBe(
      'alarm, freeSlotLater',
    );
    expect(state.taken).toBe(1);
    drive(state, { kind: 'slotFree', job: sent });
    expect(state.taken).toBe(0);
  });

  it('is free when an attempt did not happen', () => {
    const state = after(IN.idle(), stored([sent]), { kind: 'unsent', job: sent });
    expect(state.taken).toBe(0);
  });
});

describe('an answer', () => {
  it('that asks for a pause parks the lane, and sets an alarm', () => {
    const state = after(IN.idle(), stored([job(1)]));
    const actions = drive(state, answered(job(1), { parkUntil: NOW + 5000 }));
    expect(actions[0]).toEqual({ kind: 'alarm', rings: 'due', webhookId: 'one', at: NOW + 5000 });
    expect(kindsOf(drive(state, due('others', 'one')))).toBe('');
  });

  it('that wants no more bars the webhook, whatever is read before that is recorded', () => {
    const state = after(IN.idle(), stored([job(1)]), answered(job(1), { disable: 'Gone.' }));
    drive(state, tick(0), read(webhook('one')));
    expect(state.webhooks.has('one')).toBe(false);
  });

  it('frees the lane of an ordered webhook when it is recorded', () => {
    const state = after(IN.idle(), due('others'), read(webhook('one', { ordered: true })));
    for (const lane of state.lanes.values()) lower(lane);
    drive(state, FOUND_NOTHING);
    const actions = drive(state, { kind: 'recorded', posts: [post(job(1))], effects: [] });
    expect(kindsOf(actions)).toBe('announce, claim');
  });

  it('to a first attempt leads to a search for what waited behind it', () => {
    const posts = [post(job(1, { document_id: 'a' }))];
    const actions = drive(IN.idle(), { kind: 'recorded', posts, effects: [] });
    expect(kindsOf(actions)).toBe('findFollowers');
  });
});

describe('what is being stored', () => {
  const handsOver = (state: State, promised = 0) =>
    mayHandOver(state, { webhookId: 'one', promised }, NOW);

  it('is handed over while there is room and nothing waits in the database', () => {
    expect([0, 7, 8].map((promised) => handsOver(IN.idle(), promised))).toEqual([
      true,
      true,
      false,
    ]);
    expect(handsOver(after(IN.idle(), stored([], 'one')))).toBe(false);
  });

  it.each(['stopped', 'reading', 'empty', 'stopping'] as const)('waits while %s', (mode) => {
    expect(handsOver(IN[mode]())).toBe(false);
  });
});
