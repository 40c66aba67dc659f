/** One thing that somebody does, what must come of it, and how a real Strapi is held against that. */
import { isDeepStrictEqual } from 'node:util';
import type { AsyncCommand } from 'fast-check';
import type { Reply, Row, Seen, System } from './system';
import type { Ref } from './targets';
import {
  commandsFrom,
  isFinal,
  settleDiscarded,
  settleEdited,
  stateOf,
  type Actor,
  type Document,
  type Entry,
  type Model,
  type Place,
} from './documents';

export type Outcome = {
  /** Null if it must succeed; of a refusal, what its message must say. Nothing may have changed then. */
  refused: RegExp | null;
  /** Of a refusal that is told and remembered. */
  leaves?: 'a trace';
  /** What a successful step does to the drafts of its document besides. */
  settles?: { how: 'edited' | 'discarded'; documents: Document[]; by: Actor };
};

export type Step = {
  what: string;
  /** Of a command: what it is run on. */
  on?: Ref;
  /** Whether it would make a published version. */
  publishes?: boolean;
  perform(system: System): Promise<Reply>;
  /** Changes the model as the step must have changed the documents; the reply is of use where it names what was made. */
  expect(model: Model, reply: Reply): Outcome;
};

/** Null where it cannot be done now. */
export type Wish = (model: Model) => Step | null;

export const done: Outcome = { refused: null };
export const refused = (message: RegExp): Outcome => ({ refused: message });

const fail = (message: string, ...seen: unknown[]): never => {
  throw new Error([message, ...seen.map((one) => JSON.stringify(one, null, 1))].join('\n'));
};

const equal = (what: string, seen: unknown, expected: unknown) => {
  if (!isDeepStrictEqual(seen, expected))
    fail(`${what} is not what it must be. It is, and must be:`, seen, expected);
};

export const everyDocument = (model: Model) => [...model.documents, ...model.gone];

const versionOf = (rows: readonly Row[], { locale }: Place, isPublished: boolean) =>
  rows.find((row) => row.locale === locale && row.isPublished === isPublished);

/** A field that the locales share is Strapi's to copy from one to the other: what it came to is taken from what is there. */
const adopt = (model: Model, seen: Seen) => {
  for (const { documentId, places } of model.documents) {
    const rows = seen.rows[documentId] ?? [];
    for (const place of places) {
      const draft = versionOf(rows, place, false);
      const published = versionOf(rows, place, true);
      if (draft) place.draft.views = draft.views;
      if (place.published && published) place.published.views = published.views;
    }
  }
};

export const settle = (model: Model, seen: Seen, { settles }: Outcome) => {
  adopt(model, seen);
  for (const document of settles?.documents ?? []) {
    const after = settles?.how === 'discarded' ? settleDiscarded : settleEdited;
    after(model, document, settles?.by ?? 'system');
  }
};

const checkVersions = ({ documentId, places, views }: Document, rows: readonly Row[]) => {
  for (const place of places) {
    const where = `${documentId} ${place.locale ?? ''}`;
    const draft = versionOf(rows, place, false);
    const published = versionOf(rows, place, true);
    equal(`The draft of ${where}`, draft?.title, place.draft.title);
    equal(
      `What is published of ${where}`,
      published?.title ?? null,
      place.published?.title ?? null,
    );
    if (!published) continue;
    if (!place.titles.includes(published.title) || !views.includes(published.views))
      fail(`What is published of ${where} was never approved.`, published, place.titles, views);
  }
  const count = places.length + places.filter(({ published }) => published).length;
  equal(`The number of versions of ${documentId}`, rows.length, count);
};

/** Rows, deliveries, and what is remembered of whom. */
export const checkSeen = (model: Model, seen: Seen) => {
  for (const document of model.documents)
    checkVersions(document, seen.rows[document.documentId] ?? []);
  equal('What was told', [...seen.told].sort(), [...model.told].sort());
  const known = new Set(
    model.documents.flatMap(({ documentId, places }) =>
      places.map(({ locale }) => `${documentId} ${locale ?? ''}`),
    ),
  );
  const ghosts = seen.remembered.filter((one) => !known.has(one));
  if (ghosts.length > 0) fail('Something is remembered of documents that are gone.', ghosts);
};

/** Not `structuredClone`, whose objects are of another realm than the test's, and so equal to none of them. */
export const copyOf = <M extends Model>(model: M): M => JSON.parse(JSON.stringify(model));

const withoutTold = ({ rows, counts }: Seen) => ({ rows, counts });

type View = Awaited<ReturnType<System['view']>>;

const historyOf = ({ history }: View): Entry[] =>
  history.map(({ outcome, command, from, to, comment, actor, verdicts }) => ({
    outcome,
    command,
    from,
    to,
    comment,
    by: actor.type as Actor,
    verdicts: verdicts.map(({ webhook, kind }) => `${webhook.name} ${kind}`).sort(),
  }));

const checkView = (where: string, view: View, place: Place) => {
  const state = stateOf(place);
  equal(`The state of ${where}`, view.state?.key, state);
  equal(`The history of ${where}`, historyOf(view), place.history);
  const keys = commandsFrom(state).map(({ key }) => key);
  equal(
    `The commands of ${where}`,
    view.commands.map(({ key }) => key),
    keys,
  );
  equal(`Whether ${where} may be bypassed`, view.mayBypass, !isFinal(state));
  equal(`Whether ${where} is busy`, view.busy, null);
};

export const checkViews = async (system: System, documents: readonly Document[]) => {
  for (const document of documents) {
    for (const place of document.places) {
      const view = await system.view(document, place.locale);
      checkView(`${document.documentId} ${place.locale ?? ''}`, view, place);
    }
  }
};

/** Whatever was published just now is in a final state: so much is asked of the real side alone. */
const checkNewlyPublished = async (system: System, model: Model, [before, after]: [Seen, Seen]) => {
  for (const document of model.documents) {
    const known = new Set((before.rows[document.documentId] ?? []).map(({ id }) => id));
    const rows = after.rows[document.documentId] ?? [];
    for (const { id, isPublished, locale } of rows) {
      if (!isPublished || known.has(id)) continue;
      const { state } = await system.view(document, locale);
      if (!state?.final) fail(`${document.documentId} was published in a state.`, state);
    }
  }
};

export const checkReply = (step: Step, { refused: words }: Outcome, reply: Reply) => {
  if (words === null && !reply.isDone)
    fail(`It must succeed, and was refused: ${step.what}`, reply.status, reply.message);
  if (words === null) return;
  if (reply.isDone) fail(`It must be refused (${words}), and was not: ${step.what}`, reply.value);
  if (!words.test(reply.message)) fail(`It must be refused with ${words}:`, reply.message);
};

export type Logged = Model & { log: string[]; seen: Seen };

/** Those that changed, and of the others one in turn: asking about all of them would take most of the time. */
const worthViewing = ({ documents, log }: Logged, before: Document[]): Document[] =>
  documents.filter(
    (one, index) =>
      index === log.length % documents.length ||
      !before.some((other) => isDeepStrictEqual(other, one)),
  );

const carriedOut = async (step: Step, model: Logged, system: System) => {
  const before = copyOf(model);
  const reply = await step.perform(system);
  const outcome = step.expect(model, reply);
  checkReply(step, outcome, reply);
  const after = await system.look(everyDocument(model));
  if (outcome.refused)
    equal('What there is after a refusal', withoutTold(after), withoutTold(before.seen));
  else settle(model, after, outcome);
  checkSeen(model, after);
  await checkViews(system, worthViewing(model, before.documents));
  await checkNewlyPublished(system, model, [before.seen, after]);
  model.seen = after;
};

/** What fast-check prints is what it drew; what that came to is told with a failure. */
export const logged = async (model: Logged, what: string, work: () => Promise<void>) => {
  model.log.push(what);
  try {
    await work();
  } catch (error) {
    const told = model.log.map((line, index) => `${index + 1}. ${line}`).join('\n');
    throw new Error(`It went wrong at the last of these steps.\n${told}`, { cause: error });
  }
};

/** As fast-check runs it; `name` is how it prints it. */
export class Doing implements AsyncCommand<Logged, System> {
  constructor(
    private readonly name: string,
    private readonly wish: Wish,
  ) {}

  check(model: Readonly<Logged>): boolean {
    return this.wish(model) !== null;
  }

  async run(model: Logged, system: System): Promise<void> {
    const step = this.wish(model);
    if (step) await logged(model, step.what, () => carriedOut(step, model, system));
  }

  toString(): string {
    return this.name;
  }
}

/** What alone would hardly ever come together. */
export class InARow implements AsyncCommand<Logged, System> {
  constructor(private readonly row: [Doing, ...Doing[]]) {}

  check(model: Readonly<Logged>): boolean {
    return this.row[0].check(model);
  }

  async run(model: Logged, system: System): Promise<void> {
    for (const one of this.row) if (one.check(model)) await one.run(model, system);
  }

  toString(): string {
    return this.row.join(', then ');
  }
}
