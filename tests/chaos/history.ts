/** The recorded history of a chaos run, and the checks that the guarantees of the queue held in it. Pure. */

/** An attempted change of content; `op` is the title that the change gave to the document. */
export type Write = {
  op: string;
  kind: 'create' | 'update';
  /** The result that the writer received. `unknown`: the answer was lost. */
  outcome: 'committed' | 'rolledBack' | 'unknown';
};

export type Endpoint = {
  /** The webhook's id. */
  id: string;
  name: string;
  wants: Write['kind'][];
  isOrdered: boolean;
  maxAttempts: number;
  /** Whether its receiver accepts every delivery sooner or later. All deliveries of the others end dead. */
  acceptsEventually: boolean;
};

/** A request that a receiver got. */
export type Arrival = {
  endpoint: string;
  webhookId: string;
  body: string;
  op: string;
  /** When the request arrived, and when it had ended at the latest: answered, or given up by the sender (ms). */
  at: number;
  overAt: number;
  /** Whether the receiver answered 2xx. The sender may not have received that answer. */
  isAccepted: boolean;
  /** Whether the receiver reset the connection: the same attempt may then send again on a new connection. */
  isReset: boolean;
};

/** A delivery as it is in the database at the end of the run. */
export type Stored = {
  eventId: string;
  endpoint: string;
  op: string;
  documentId: string | null;
  state: string;
  reason: string | null;
  /** The count that the limit of attempts applies to. */
  attemptCount: number;
  /** Attempts in the log. Can exceed `attemptCount` when another process took the delivery over. */
  recordedAttempts: number;
};

/** A fault, and its time. A process may lose the result of a request that it sent during a fault. */
export type Disturbance = { kind: string; from: number; to: number };

export type History = {
  /** The writes of each document are in the order of its changes. */
  writes: Write[];
  /** The ops that are in the database. */
  committed: ReadonlySet<string>;
  endpoints: Endpoint[];
  arrivals: Arrival[];
  deliveries: Stored[];
  disturbances: Disturbance[];
  /** How long it took to record an answer (ms). A fault within that time may cause a second request. */
  recordingMs: number;
};

export type Problem = { rule: string; detail: string };

const groupBy = <T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> => {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
};

const deliveryKey = ({ endpoint, webhookId }: Arrival) => `${endpoint} ${webhookId}`;
const storedKey = ({ endpoint, eventId }: Stored) => `${endpoint} ${eventId}`;

type IndexedHistory = History & {
  nameOf(endpoint: string): string;
  /** The arrivals of each delivery, in order of arrival. */
  arrivalsOf: Map<string, Arrival[]>;
};

const indexed = (history: History): IndexedHistory => {
  const names = new Map(history.endpoints.map(({ id, name }) => [id, name]));
  const inOrder = [...history.arrivals].sort((one, other) => one.at - other.at);
  return {
    ...history,
    nameOf: (endpoint) => names.get(endpoint) ?? endpoint,
    arrivalsOf: groupBy(inOrder, deliveryKey),
  };
};

/** The database agrees with the results that writers received. A lost answer allows either result. */
const outcomesMatchTheDatabase = ({ writes, committed }: IndexedHistory): string[] =>
  writes.flatMap(({ op, outcome }) => {
    if (outcome === 'committed' && !committed.has(op))
      return [`${op} was reported as committed, but is not in the database.`];
    if (outcome === 'rolledBack' && committed.has(op))
      return [`${op} was rolled back, but is in the database.`];
    return [];
  });

const nothingIsLost = (history: IndexedHistory): string[] => {
  const reached = groupBy(
    history.arrivals.filter(({ isAccepted }) => isAccepted),
    ({ endpoint, op }) => `${endpoint} ${op}`,
  );
  const came = groupBy(history.arrivals, ({ endpoint, op }) => `${endpoint} ${op}`);
  return history.endpoints.flatMap(({ id, name, wants, acceptsEventually }) =>
    history.writes
      .filter(({ op, kind }) => history.committed.has(op) && wants.includes(kind))
      .filter(({ op }) => !(acceptsEventually ? reached : came).has(`${id} ${op}`))
      .map(({ op }) => `${op} was committed, but never delivered to ${name}.`),
  );
};

const nothingIsInvented = (history: IndexedHistory): string[] => {
  const writes = new Map(history.writes.map((write) => [write.op, write]));
  const wanted = new Map(history.endpoints.map(({ id, wants }) => [id, wants]));
  return history.arrivals.flatMap(({ op, endpoint }) => {
    if (!history.committed.has(op))
      return [`${history.nameOf(endpoint)} got ${op}, which was not committed.`];
    const kind = writes.get(op)?.kind;
    return kind && wanted.get(endpoint)?.includes(kind)
      ? []
      : [`${history.nameOf(endpoint)} got ${op}, but is not subscribed to it.`];
  });
};

const oneChangeIsOneEvent = ({ arrivals, deliveries }: IndexedHistory): string[] => {
  const seen = [
    ...arrivals.map(({ op, webhookId }) => ({ op, id: webhookId })),
    ...deliveries.map(({ op, eventId }) => ({ op, id: eventId })),
  ];
  const idsOf = new Map<string, Set<string>>();
  for (const { op, id } of seen) idsOf.set(op, (idsOf.get(op) ?? new Set()).add(id));
  return [...idsOf]
    .filter(([, ids]) => ids.size > 1)
    .map(([op, ids]) => `${op} has ${ids.size} webhook-ids: ${[...ids].join(', ')}.`);
};

const oneDeliveryIsOneRow = (history: IndexedHistory): string[] =>
  [...groupBy(history.deliveries, storedKey).values()]
    .filter(({ length }) => length > 1)
    .map(([first, ...rest]) => `${first?.op} is stored ${rest.length + 1} times for one endpoint.`);

const everyAttemptSendsTheSameBytes = (history: IndexedHistory): string[] =>
  [...history.arrivalsOf.values()]
    .filter((all) => new Set(all.map(({ body }) => body)).size > 1)
    .map(
      ([first]) =>
        `${history.nameOf(first?.endpoint ?? '')} got ${first?.op} with different bodies.`,
    );

const attemptsAreLimited = (history: IndexedHistory): string[] => {
  const limits = new Map(history.endpoints.map(({ id, maxAttempts }) => [id, maxAttempts]));
  return history.deliveries
    .filter(({ endpoint, attemptCount }) => attemptCount > (limits.get(endpoint) ?? 0))
    .map(
      ({ op, endpoint, attemptCount }) =>
        `${op} has ${attemptCount} attempts for ${history.nameOf(endpoint)}, more than its limit.`,
    );
};

const nothingIsPending = (history: IndexedHistory): string[] => {
  const accepting = new Map(
    history.endpoints.map(({ id, acceptsEventually }) => [id, acceptsEventually]),
  );
  return history.deliveries
    .filter(({ endpoint, state }) => state !== (accepting.get(endpoint) ? 'delivered' : 'dead'))
    .map(
      ({ op, endpoint, state, reason }) =>
        `${op} for ${history.nameOf(endpoint)} ended as "${state}": ${reason ?? 'no reason recorded'}`,
    );
};

/** No request of a change arrives after a later change of the same document has arrived. */
const orderIsKept = (history: IndexedHistory): string[] => {
  const order = new Map(history.writes.map(({ op }, index) => [op, index]));
  const place = ({ op }: Stored) => order.get(op) ?? -1;
  const ordered = new Set(history.endpoints.filter((one) => one.isOrdered).map(({ id }) => id));
  const rows = history.deliveries.filter(({ endpoint }) => ordered.has(endpoint));
  const ofDocuments = groupBy(rows, ({ endpoint, documentId }) => `${endpoint} ${documentId}`);
  return [...ofDocuments.values()].flatMap((found) => {
    const changes = [...found].sort((one, other) => place(one) - place(other));
    return changes.slice(1).flatMap((later, index) => {
      const earlier = changes[index] as Stored;
      const last = history.arrivalsOf.get(storedKey(earlier))?.at(-1);
      const first = history.arrivalsOf.get(storedKey(later))?.[0];
      return last && first && last.at > first.at
        ? [`${history.nameOf(later.endpoint)} is ordered, but got ${earlier.op} after ${later.op}.`]
        : [];
    });
  });
};

/** Whether a fault occurred between the arrival and the record of its answer. */
const isDisturbed = ({ disturbances, recordingMs }: History, { at, overAt }: Arrival) =>
  disturbances.some(({ from, to }) => from <= overAt + recordingMs && to >= at);

/** The requests that arrived after the receiver had accepted the delivery. */
const duplicatesOf = (history: IndexedHistory): { arrival: Arrival; accepted: Arrival }[] =>
  [...history.arrivalsOf.values()].flatMap((all) => {
    const first = all.findIndex(({ isAccepted }) => isAccepted);
    const accepted = all[first];
    return accepted ? all.slice(first + 1).map((arrival) => ({ arrival, accepted })) : [];
  });

/**
 * Requests without a recorded attempt. A connection that was reset before any answer is not counted: the same attempt sends
 * again.
 */
const unrecordedOf = (history: IndexedHistory): { came: Arrival[]; count: number }[] => {
  const counts = new Map(history.deliveries.map((row) => [storedKey(row), row.recordedAttempts]));
  return [...history.arrivalsOf]
    .map(([key, came]) => {
      const counted = came.filter(({ isReset }) => !isReset).length;
      return { came, count: counted - (counts.get(key) ?? 0) };
    })
    .filter(({ count }) => count > 0);
};

/** When each request arrived, and the faults near that time: helps to find the cause. */
const timeline = ({ disturbances }: History, came: readonly Arrival[]): string => {
  const [first] = came;
  if (!first) return '';
  const since = (at: number) => ((at - first.at) / 1000).toFixed(1);
  const near = disturbances
    .filter(({ from, to }) => from < (came.at(-1)?.at ?? 0) + 20_000 && to > first.at - 20_000)
    .map(({ kind, from, to }) => `${kind} ${since(from)} to ${since(to)}`);
  return `Arrived at ${came.map(({ at, isAccepted }) => `${since(at)}${isAccepted ? '' : ' (no)'}`).join(', ')} s; ${near.join(', ')}.`;
};

const repetitionsHaveReasons = (history: IndexedHistory): string[] => [
  ...duplicatesOf(history)
    .filter(({ arrival, accepted }) => {
      const same = history.arrivalsOf.get(deliveryKey(arrival)) ?? [];
      return !same.some(
        (one) => one.at >= accepted.at && one !== arrival && isDisturbed(history, one),
      );
    })
    .map(
      ({ arrival }) =>
        `${history.nameOf(arrival.endpoint)} got ${arrival.op} again, but no fault explains why. ${timeline(history, history.arrivalsOf.get(deliveryKey(arrival)) ?? [])}`,
    ),
  ...unrecordedOf(history)
    .filter(({ came, count }) => came.filter((one) => isDisturbed(history, one)).length < count)
    .map(
      ({ came, count }) =>
        `${history.nameOf(came[0]?.endpoint ?? '')} got ${count} requests of ${came[0]?.op} without a recorded attempt, but no fault explains why. ${timeline(history, came)}`,
    ),
];

const RULES: [string, (history: IndexedHistory) => string[]][] = [
  ['the database agrees with what writers were told', outcomesMatchTheDatabase],
  ['every committed change reaches every subscribed endpoint', nothingIsLost],
  ['no uncommitted change is delivered', nothingIsInvented],
  ['one change has one webhook-id', oneChangeIsOneEvent],
  ['one delivery has one row', oneDeliveryIsOneRow],
  ['every attempt sends the same bytes', everyAttemptSendsTheSameBytes],
  ['attempts stay within their limit', attemptsAreLimited],
  ['no delivery is left pending at the end', nothingIsPending],
  ['ordered endpoints are called in order', orderIsKept],
  ['a delivery is sent twice only if it was in flight during a fault', repetitionsHaveReasons],
];

/** Every broken guarantee; empty if the run was good. */
export const problemsOf = (recorded: History): Problem[] => {
  const history = indexed(recorded);
  return RULES.flatMap(([rule, findProblems]) =>
    findProblems(history).map((detail) => ({ rule, detail })),
  );
};

export type Figures = {
  /** Committed changes, and how many of them got no answer. */
  events: number;
  unanswered: number;
  rolledBack: number;
  deliveries: number;
  requests: number;
  /** Requests after the receiver had accepted the delivery. */
  duplicates: number;
  /** Deliveries that were in flight during a fault: only these may be sent twice. */
  inFlight: number;
  lost: number;
};

const inFlightOf = (history: IndexedHistory): number =>
  [...history.arrivalsOf.values()].filter((came) => came.some((one) => isDisturbed(history, one)))
    .length;

export const figuresOf = (recorded: History): Figures => {
  const history = indexed(recorded);
  const { writes, committed } = history;
  return {
    events: writes.filter(({ op }) => committed.has(op)).length,
    unanswered: writes.filter(({ op, outcome }) => outcome === 'unknown' && committed.has(op))
      .length,
    rolledBack: writes.filter(({ outcome }) => outcome === 'rolledBack').length,
    deliveries: history.deliveries.length,
    requests: history.arrivals.length,
    duplicates: duplicatesOf(history).length,
    inFlight: inFlightOf(history),
    lost: nothingIsLost(history).length,
  };
};
