/** One action of a user, its expected result, and the comparison with a real Strapi. */
import { isDeepStrictEqual } from 'node:util';
import type { AsyncCommand } from 'fast-check';
import type { Reply, Row, Snapshot, System } from './system';
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
  /** Null if the step must succeed; otherwise the pattern of the error message. A refused step changes nothing. */
  refused: RegExp | null;
  /** Set for a refusal that is recorded and delivered. */
  leaves?: 'a trace';
  /** The further effect of a successful step on the drafts of its documents. */
  settles?: { how: 'edited' | 'discarded'; documents: Document[]; by: Actor };
};

export type Step = {
  title: string;
  /** The document of a command. */
  on?: Ref;
  /** Whether the step would create a published version. */
  publishes?: boolean;
  perform(system: System): Promise<Reply>;
  /** Applies the expected changes to the model. The reply contains the id of a new document. */
  expect(model: Model, reply: Reply): Outcome;
};

/** Creates a step; null if the step is impossible now. */
export type StepFactory = (model: Model) => Step | null;

export const done: Outcome = { refused: null };
export const refused = (message: RegExp): Outcome => ({ refused: message });

const fail = (message: string, ...seen: unknown[]): never => {
  throw new Error([message, ...seen.map((one) => JSON.stringify(one, null, 1))].join('\n'));
};

const equal = (what: string, seen: unknown, expected: unknown) => {
  if (!isDeepStrictEqual(seen, expected))
    fail(`${what} differs from the model. Actual and expected value:`, seen, expected);
};

export const everyDocument = (model: Model) => [...model.documents, ...model.gone];

const versionOf = (rows: readonly Row[], { locale }: Place, isPublished: boolean) =>
  rows.find((row) => row.locale === locale && row.isPublished === isPublished);

/** Takes `views` from the database, because Strapi copies this shared field between the locales. */
const adopt = (model: Model, seen: Snapshot) => {
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

export const settle = (model: Model, seen: Snapshot, { settles }: Outcome) => {
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
      `The published version of ${where}`,
      published?.title ?? null,
      place.published?.title ?? null,
    );
    if (!published) continue;
    if (!place.titles.includes(published.title) || !views.includes(published.views))
      fail(`The published version of ${where} was never approved.`, published, place.titles, views);
  }
  const count = places.length + places.filter(({ published }) => published).length;
  equal(`The number of versions of ${documentId}`, rows.length, count);
};

/** Compares rows, deliveries, and the documents that have stored states. */
export const checkSeen = (model: Model, seen: Snapshot) => {
  for (const document of model.documents)
    checkVersions(document, seen.rows[document.documentId] ?? []);
  equal('The list of deliveries', [...seen.deliveries].sort(), [...model.deliveries].sort());
  const known = new Set(
    model.documents.flatMap(({ documentId, places }) =>
      places.map(({ locale }) => `${documentId} ${locale ?? ''}`),
    ),
  );
  const ghosts = seen.remembered.filter((one) => !known.has(one));
  if (ghosts.length > 0) fail('States or histories of deleted documents are still stored.', ghosts);
};

/** Not `structuredClone`: its objects belong to another realm, so jest finds them unequal to the test's. */
export const copyOf = <M extends Model>(model: M): M => JSON.parse(JSON.stringify(model));

const withoutDeliveries = ({ rows, counts }: Snapshot) => ({ rows, counts });

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

/** Checks, without the model, that every newly published document is in a final state. */
const checkNewlyPublished = async (
  system: System,
  model: Model,
  [before, after]: [Snapshot, Snapshot],
) => {
  for (const document of model.documents) {
    const known = new Set((before.rows[document.documentId] ?? []).map(({ id }) => id));
    const rows = after.rows[document.documentId] ?? [];
    for (const { id, isPublished, locale } of rows) {
      if (!isPublished || known.has(id)) continue;
      const { state } = await system.view(document, locale);
      if (!state?.final)
        fail(`${document.documentId} was published in a state that is not final.`, state);
    }
  }
};

export const checkReply = (step: Step, { refused: words }: Outcome, reply: Reply) => {
  if (words === null && !reply.isDone)
    fail(`The step was refused, but must succeed: ${step.title}`, reply.status, reply.message);
  if (words === null) return;
  if (reply.isDone)
    fail(`The step succeeded, but must be refused (${words}): ${step.title}`, reply.value);
  if (!words.test(reply.message)) fail(`The step must be refused with ${words}:`, reply.message);
};

export type LoggedModel = Model & { log: string[]; seen: Snapshot };

/** The changed documents and one other in turn, because viewing all of them would take most of the time. */
const documentsToView = ({ documents, log }: LoggedModel, before: Document[]): Document[] =>
  documents.filter(
    (one, index) =>
      index === log.length % documents.length ||
      !before.some((other) => isDeepStrictEqual(other, one)),
  );

const runStep = async (step: Step, model: LoggedModel, system: System) => {
  const before = copyOf(model);
  const reply = await step.perform(system);
  const outcome = step.expect(model, reply);
  checkReply(step, outcome, reply);
  const after = await system.snapshot(everyDocument(model));
  if (outcome.refused)
    equal('The database after a refusal', withoutDeliveries(after), withoutDeliveries(before.seen));
  else settle(model, after, outcome);
  checkSeen(model, after);
  await checkViews(system, documentsToView(model, before.documents));
  await checkNewlyPublished(system, model, [before.seen, after]);
  model.seen = after;
};

/** Adds the titles of all executed steps to a failure, because fast-check prints only what it drew. */
export const logged = async (model: LoggedModel, what: string, work: () => Promise<void>) => {
  model.log.push(what);
  try {
    await work();
  } catch (error) {
    const lines = model.log.map((line, index) => `${index + 1}. ${line}`).join('\n');
    throw new Error(`The last of these steps failed.\n${lines}`, { cause: error });
  }
};

/** A step as a command of fast-check; `name` is printed on failure. */
export class SingleStep implements AsyncCommand<LoggedModel, System> {
  constructor(
    private readonly name: string,
    private readonly wish: StepFactory,
  ) {}

  check(model: Readonly<LoggedModel>): boolean {
    return this.wish(model) !== null;
  }

  async run(model: LoggedModel, system: System): Promise<void> {
    const step = this.wish(model);
    if (step) await logged(model, step.title, () => runStep(step, model, system));
  }

  toString(): string {
    return this.name;
  }
}

/** Several steps in a row that random drawing would rarely combine. */
export class StepSequence implements AsyncCommand<LoggedModel, System> {
  constructor(private readonly row: [SingleStep, ...SingleStep[]]) {}

  check(model: Readonly<LoggedModel>): boolean {
    return this.row[0].check(model);
  }

  async run(model: LoggedModel, system: System): Promise<void> {
    for (const one of this.row) if (one.check(model)) await one.run(model, system);
  }

  toString(): string {
    return this.row.join(', then ');
  }
}
