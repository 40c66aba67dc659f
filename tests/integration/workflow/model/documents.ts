/**
 * A simple model of the workflow's guarantees: the state of each document, its approved and published content, its history,
 * and its deliveries. Pure; the tests compare a real Strapi with it.
 */
import { APPROVAL } from '../scene';

export const INITIAL = APPROVAL.initialState;
const FINAL = new Set(APPROVAL.states.flatMap(({ key, final }) => (final ? [key] : [])));
export const isFinal = (state: string) => FINAL.has(state);

export const VALIDATIONS = ['gate', 'strict', 'lenient', 'advisor'] as const;
export type Validation = (typeof VALIDATIONS)[number];

export type Content = { title: string; views: number | null };
export type Actor = 'admin' | 'api-token' | 'system';

/** A history entry; `verdicts` are written as "gate allowed". */
export type Entry = {
  outcome: 'moved' | 'refused' | 'bypassed' | 'reset';
  command: string | null;
  from: string;
  to: string;
  comment: string | null;
  by: Actor;
  verdicts: string[];
};

export type Place = {
  locale: string | null;
  draft: Content;
  published: Content | null;
  /** The state after the last step; null before the first one. */
  row: string | null;
  /** The last final state, with the approved content. A command that leaves the state removes the approval. */
  approval: { state: string; content: Content } | null;
  /** Newest first. */
  history: Entry[];
  /** Every title that was approved or bypassed. */
  titles: string[];
};

export type Document = {
  uid: string;
  documentId: string;
  places: Place[];
  /** Every approved value of `views`, in any locale, because the locales share this field. */
  views: (number | null)[];
};

export type Endpoint = { failures: number; isProbed: boolean };

export type Model = {
  documents: Document[];
  /** Deleted documents: nothing about them may be stored. */
  gone: Pick<Document, 'uid' | 'documentId'>[];
  /** The deliveries that must exist, even for deleted documents (see `deliveryLine`). */
  deliveries: string[];
  endpoints: Record<Validation, Endpoint>;
};

const newEndpoint = (): Endpoint => ({ failures: 0, isProbed: false });

export const emptyModel = (): Model => ({
  documents: [],
  gone: [],
  deliveries: [],
  endpoints: {
    gate: newEndpoint(),
    strict: newEndpoint(),
    lenient: newEndpoint(),
    advisor: newEndpoint(),
  },
});

export const isSame = (one: Content, other: Content) =>
  one.title === other.title && one.views === other.views;

const isApproved = ({ draft, approval }: Place) =>
  approval !== null && isSame(draft, approval.content);

/** A final state is valid only for the approved content. */
export const stateOf = (place: Place): string => {
  const state = place.row ?? INITIAL;
  return isFinal(state) && !isApproved(place) ? INITIAL : state;
};

export const commandsFrom = (state: string) =>
  (APPROVAL.commands ?? []).filter(({ from }) => from.includes(state));

export const commandOf = (key: string) => {
  const command = (APPROVAL.commands ?? []).find((one) => one.key === key);
  if (!command) throw new Error(`There is no command ${key}.`);
  return command;
};

type Step = Pick<Entry, 'command' | 'from' | 'to'>;

/** A delivery as one line of text, for the model and for Strapi. */
export const deliveryLine = (
  webhook: string,
  { documentId, locale }: { documentId: string; locale: string | null },
  { command, from, to }: Step,
) => `${webhook}: ${documentId} ${locale ?? '-'} ${command ?? '-'} ${from} > ${to}`;

/** Adds the deliveries of the webhooks that are bound to the entered state and to the command. */
const recordDeliveries = (model: Model, document: Document, place: Place) => {
  const [entry] = place.history;
  if (!entry) return;
  const of = { documentId: document.documentId, locale: place.locale };
  if (entry.outcome === 'refused')
    return void model.deliveries.push(deliveryLine('refused', of, entry));
  model.deliveries.push(deliveryLine(`entered-${entry.to}`, of, entry));
  if (entry.command === 'submit') model.deliveries.push(deliveryLine('ran-submit', of, entry));
};

export type Found = { document: Document; place: Place };

export const publish = ({ document, place }: Found) => {
  place.published = { ...place.draft };
  return document;
};

const enter = ({ document, place }: Found, from: string, to: string) => {
  place.row = to;
  if (isFinal(to)) {
    place.approval = { state: to, content: { ...place.draft } };
    place.titles.push(place.draft.title);
    document.views.push(place.draft.views);
  } else if (isFinal(from)) place.approval = null;
};

export const move = (model: Model, { document, place }: Found, entry: Entry) => {
  place.history.unshift(entry);
  if (entry.outcome !== 'refused') {
    enter({ document, place }, entry.from, entry.to);
    if (entry.to === 'published') publish({ document, place });
  }
  recordDeliveries(model, document, place);
};

const reset = (model: Model, { document, place }: Found, how: { to: string; by: Actor }) => {
  const from = place.row ?? INITIAL;
  if (from === how.to) return;
  place.row = how.to;
  place.history.unshift({
    outcome: 'reset',
    command: null,
    from,
    comment: null,
    verdicts: [],
    ...how,
  });
  recordDeliveries(model, document, place);
};

/** After a save: a document that differs from its approved content returns to the initial state. */
export const settleEdited = (model: Model, document: Document, by: Actor) => {
  for (const place of document.places) {
    if (isFinal(place.row ?? INITIAL) && !isApproved(place))
      reset(model, { document, place }, { to: INITIAL, by });
  }
};

/** After drafts were discarded: a document that equals its approved content again is approved again. */
export const settleDiscarded = (model: Model, document: Document, by: Actor) => {
  for (const place of document.places) {
    if (isApproved(place) && place.approval)
      reset(model, { document, place }, { to: place.approval.state, by });
  }
  settleEdited(model, document, by);
};

export const newPlace = (locale: string | null, draft: Content): Place => ({
  locale,
  draft,
  published: null,
  row: null,
  approval: null,
  history: [],
  titles: [],
});

export const forget = (model: Model, document: Document, gone: (place: Place) => boolean) => {
  document.places = document.places.filter((place) => !gone(place));
  if (document.places.length > 0) return;
  model.documents = model.documents.filter((one) => one !== document);
  model.gone.push({ uid: document.uid, documentId: document.documentId });
};

export const find = (
  model: Model,
  { documentId, locale }: { documentId: string; locale: string | null },
): Found | null => {
  const document = model.documents.find((one) => one.documentId === documentId);
  const place = document?.places.find((one) => one.locale === locale);
  return document && place ? { document, place } : null;
};
