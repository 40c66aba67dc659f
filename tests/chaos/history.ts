/** What happened in a chaos run, and whether the promises of the queue were kept in it. Pure: it sees only what was written down. */

/** A change of content that somebody tried; `op` is the text that it left in the document's title. */
export type Write = {
  op: string;
  kind: 'create' | 'update';
  /** What the writer was told. `unknown`: its answer was lost. */
  outcome: 'committed' | 'rolledBack' | 'unknown';
};

export type Endpoint = {
  /** The webhook's id. */
  id: string;
  name: string;
  wants: Write['kind'][];
  isOrdered: boolean;
  maxAttempts: number;
  /** Whether its receiver says yes to everything sooner or later; one that never does ends with dead deliveries. */
  isWilling: boolean;
};

/** A request that came to a receiver. */
export type Arrival = {
  endpoint: string;
  webhookId: string;
  body: string;
  op: string;
  /** When it came, and when it was over at the latest: answered, or given up by the sender (ms). */
  at: number;
  overAt: number;
  /** Whether the receiver answered 2xx. Whether the sender heard it is another matter. */
  isYes: boolean;
  /** Whether the receiver broke the connection: then one attempt may ask a second time, on a fresh one. */
  isCut: boolean;
};

/** A delivery as the database has it in the end. */
export type Stored = {
  eventId: string;
  endpoint: string;
  op: string;
  documentId: string | null;
  state: string;
  reason: string | null;
  /** What counts against the limit. */
  attemptCount: number;
  /** Attempts in the log: also those of which the count was another's, who took the delivery over. */
  recorded: number;
};

/** Something that may cost the memory of what was just sent, and when. */
export type Disturbance = { kind: string; from: number; to: number };

export type History = {
  /** Of each document in the order of its changes. */
  writes: Write[];
  /** The ops that the database says were committed. */
  committed: ReadonlySet<string>;
  endpoints: Endpoint[];
  arrivals: Arrival[];
  deliveries: Stored[];
  disturbances: Disturbance[];
  /** How long answers took to be recorded on this machine (ms): what is disturbed in that time may be sent again. */
  recordingMs: number;
};

export type Problem = { rule: string; detail: string };

const by = <T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> => {
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

type Book = History & {
  nameOf(endpoint: string): string;
  /** Of one delivery, in the order in which they came. */
  arrivalsOf: Map<string, Arrival[]>;
};

const bookOf = (history: History): Book => {
  const names = new Map(history.endpoints.map(({ id, name }) => [id, name]));
  const inOrder = [...history.arrivals].sort((one, other) => one.at - other.at);
  return {
    ...history,
    nameOf: (endpoint) => names.get(endpoint) ?? endpoint,
    arrivalsOf: by(inOrder, deliveryKey),
  };
};

/** What the writers were told is what the database holds; only lost answers leave a choice. */
const writesAreTrue = ({ writes, committed }: Book): string[] =>
  writes.flatMap(({ op, outcome }) => {
    if (outcome === 'committed' && !committed.has(op))
      return [`${op} was told to be saved, and is not in the database.`];
    if (outcome === 'rolledBack' && committed.has(op))
      return [`${op} was rolled back, and is in the database.`];
    return [];
  });

const nothingIsLost = (book: Book): string[] => {
  const reached = by(
    book.arrivals.filter(({ isYes }) => isYes),
    ({ endpoint, op }) => `${endpoint} ${op}`,
  );
  const came = by(book.arrivals, ({ endpoint, op }) => `${endpoint} ${op}`);
  return book.endpoints.flatMap(({ id, name, wants, isWilling }) =>
    book.writes
      .filter(({ op, kind }) => book.committed.has(op) && wants.includes(kind))
      .filter(({ op }) => !(isWilling ? reached : came).has(`${id} ${op}`))
      .map(({ op }) => `${op} was committed and never delivered to ${name}.`),
  );
};

const nothingIsInvented = (book: Book): string[] => {
  const writes = new Map(book.writes.map((write) => [write.op, write]));
  const wanted = new Map(book.endpoints.map(({ id, wants }) => [id, wants]));
  return book.arrivals.flatMap(({ op, endpoint }) => {
    if (!book.committed.has(op)) return [`${op} came to ${book.nameOf(endpoint)}, uncommitted.`];
    const kind = writes.get(op)?.kind;
    return kind && wanted.get(endpoint)?.includes(kind)
      ? []
      : [`${op} came to ${book.nameOf(endpoint)}, which does not want it.`];
  });
};

const oneChangeIsOneEvent = ({ arrivals, deliveries }: Book): string[] => {
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

const oneDeliveryIsOneRow = (book: Book): string[] =>
  [...by(book.deliveries, storedKey).values()]
    .filter(({ length }) => length > 1)
    .map(([first, ...rest]) => `${first?.op} is stored ${rest.length + 1} times for one endpoint.`);

const bytesStayTheSame = (book: Book): string[] =>
  [...book.arrivalsOf.values()]
    .filter((all) => new Set(all.map(({ body }) => body)).size > 1)
    .map(
      ([first]) => `${first?.op} came to ${book.nameOf(first?.endpoint ?? '')} in two versions.`,
    );

const attemptsAreLimited = (book: Book): string[] => {
  const limits = new Map(book.endpoints.map(({ id, maxAttempts }) => [id, maxAttempts]));
  return book.deliveries
    .filter(({ endpoint, attemptCount }) => attemptCount > (limits.get(endpoint) ?? 0))
    .map(
      ({ op, endpoint, attemptCount }) =>
        `${op}: ${attemptCount} attempts of ${book.nameOf(endpoint)}.`,
    );
};

const allIsOver = (book: Book): string[] => {
  const willing = new Map(book.endpoints.map(({ id, isWilling }) => [id, isWilling]));
  return book.deliveries
    .filter(({ endpoint, state }) => state !== (willing.get(endpoint) ? 'delivered' : 'dead'))
    .map(
      ({ op, endpoint, state, reason }) =>
        `${op} of ${book.nameOf(endpoint)} ended as "${state}": ${reason ?? 'no reason is given'}`,
    );
};

/** Nothing of a change comes once a later one of the same document has come. */
const orderIsKept = (book: Book): string[] => {
  const order = new Map(book.writes.map(({ op }, index) => [op, index]));
  const place = ({ op }: Stored) => order.get(op) ?? -1;
  const orderly = new Set(book.endpoints.filter((one) => one.isOrdered).map(({ id }) => id));
  const rows = book.deliveries.filter(({ endpoint }) => orderly.has(endpoint));
  const ofDocuments = by(rows, ({ endpoint, documentId }) => `${endpoint} ${documentId}`);
  return [...ofDocuments.values()].flatMap((found) => {
    const changes = [...found].sort((one, other) => place(one) - place(other));
    return changes.slice(1).flatMap((later, index) => {
      const earlier = changes[index] as Stored;
      const last = book.arrivalsOf.get(storedKey(earlier))?.at(-1);
      const first = book.arrivalsOf.get(storedKey(later))?.[0];
      return last && first && last.at > first.at
        ? [
            `${earlier.op} came after ${later.op} to ${book.nameOf(later.endpoint)}, which is ordered.`,
          ]
        : [];
    });
  });
};

/** Whether something happened between its coming and its being recorded. */
const isDisturbed = ({ disturbances, recordingMs }: History, { at, overAt }: Arrival) =>
  disturbances.some(({ from, to }) => from <= overAt + recordingMs && to >= at);

/** What came after a yes. */
const duplicatesOf = (book: Book): { arrival: Arrival; yes: Arrival }[] =>
  [...book.arrivalsOf.values()].flatMap((all) => {
    const first = all.findIndex(({ isYes }) => isYes);
    const yes = all[first];
    return yes ? all.slice(first + 1).map((arrival) => ({ arrival, yes })) : [];
  });

/**
 * Requests of which nobody wrote down that they were made. A connection that breaks before any answer is not counted: the
 * same attempt asks again.
 */
const unrecordedOf = (book: Book): { came: Arrival[]; count: number }[] => {
  const counts = new Map(book.deliveries.map((row) => [storedKey(row), row.recorded]));
  return [...book.arrivalsOf]
    .map(([key, came]) => {
      const counted = came.filter(({ isCut }) => !isCut).length;
      return { came, count: counted - (counts.get(key) ?? 0) };
    })
    .filter(({ count }) => count > 0);
};

/** When each came, and what happened nearest to it, for whoever has to find the reason. */
const circumstances = ({ disturbances }: History, came: readonly Arrival[]): string => {
  const [first] = came;
  if (!first) return '';
  const since = (at: number) => ((at - first.at) / 1000).toFixed(1);
  const near = disturbances
    .filter(({ from, to }) => from < (came.at(-1)?.at ?? 0) + 20_000 && to > first.at - 20_000)
    .map(({ kind, from, to }) => `${kind} ${since(from)} to ${since(to)}`);
  return `It came at ${came.map(({ at, isYes }) => `${since(at)}${isYes ? '' : ' (no)'}`).join(', ')} s; ${near.join(', ')}.`;
};

const repetitionsHaveReasons = (book: Book): string[] => [
  ...duplicatesOf(book)
    .filter(({ arrival, yes }) => {
      const same = book.arrivalsOf.get(deliveryKey(arrival)) ?? [];
      return !same.some((one) => one.at >= yes.at && one !== arrival && isDisturbed(book, one));
    })
    .map(
      ({ arrival }) =>
        `${arrival.op} came again to ${book.nameOf(arrival.endpoint)}, and nothing had happened. ${circumstances(book, book.arrivalsOf.get(deliveryKey(arrival)) ?? [])}`,
    ),
  ...unrecordedOf(book)
    .filter(({ came, count }) => came.filter((one) => isDisturbed(book, one)).length < count)
    .map(
      ({ came, count }) =>
        `${came[0]?.op} came to ${book.nameOf(came[0]?.endpoint ?? '')}: ${count} requests that nobody recorded, and nothing had happened. ${circumstances(book, came)}`,
    ),
];

const RULES: [string, (book: Book) => string[]][] = [
  ['what writers were told is true', writesAreTrue],
  ['every committed change reaches every endpoint that wants it', nothingIsLost],
  ['nothing is delivered of what was not committed', nothingIsInvented],
  ['one change has one webhook-id', oneChangeIsOneEvent],
  ['one delivery has one row', oneDeliveryIsOneRow],
  ['every attempt sends the same bytes', bytesStayTheSame],
  ['attempts stay within their limit', attemptsAreLimited],
  ['no delivery waits once all is well', allIsOver],
  ['ordered endpoints are told in order', orderIsKept],
  ['what is sent twice was in flight when something happened', repetitionsHaveReasons],
];

/** Every broken promise; none if the run was good. */
export const problemsOf = (history: History): Problem[] => {
  const book = bookOf(history);
  return RULES.flatMap(([rule, look]) => look(book).map((detail) => ({ rule, detail })));
};

export type Figures = {
  /** Committed changes, and those of them whose writer never got an answer. */
  events: number;
  unanswered: number;
  rolledBack: number;
  deliveries: number;
  requests: number;
  /** Requests after the receiver had said yes. */
  duplicates: number;
  /** Deliveries that were in flight at a disturbance: the most that may come twice. */
  inFlight: number;
  lost: number;
};

const inFlightOf = (book: Book): number =>
  [...book.arrivalsOf.values()].filter((came) => came.some((one) => isDisturbed(book, one))).length;

export const figuresOf = (history: History): Figures => {
  const book = bookOf(history);
  const { writes, committed } = history;
  return {
    events: writes.filter(({ op }) => committed.has(op)).length,
    unanswered: writes.filter(({ op, outcome }) => outcome === 'unknown' && committed.has(op))
      .length,
    rolledBack: writes.filter(({ outcome }) => outcome === 'rolledBack').length,
    deliveries: history.deliveries.length,
    requests: history.arrivals.length,
    duplicates: duplicatesOf(book).length,
    inFlight: inFlightOf(book),
    lost: nothingIsLost(book).length,
  };
};
