/** Two steps at once on one document: the result equals one of the two orders, or one step is refused as too late. */
import fc, { type AsyncCommand } from 'fast-check';
import { deleting, saving } from './content';
import { commandsFrom, find, move, stateOf, type Found, type Model } from './documents';
import {
  discardingByCode,
  pressing,
  publishingByCode,
  putting,
  unpublishingByCode,
} from './publishing';
import { bypassing, FAILURES_TO_PAUSE, running, allowedCommand } from './running';
import {
  checkReply,
  checkSeen,
  checkViews,
  copyOf,
  everyDocument,
  logged,
  settle,
  type LoggedModel,
  type Step,
} from './step';
import type { Reply, Snapshot, System } from './system';
import { targetIn, hasEqualViews, picked, refOf, target, title, type Target } from './targets';

type Draw = { racer: number; number: number; text: string };

/** The errors of a step that comes too late and changes nothing. Strapi itself raises the last one. */
const TOO_LATE =
  /was changed while|in the meantime|is running|There is no such document|does not start from|must be unique/;

const RACERS: ((found: Found, draw: Draw) => Step | null)[] = [
  (found, { number }) => {
    const command = picked(commandsFrom(stateOf(found.place)), number);
    return command && running(refOf(found), slowly(command.key));
  },
  (found) => bypassing(refOf(found), 'admin'),
  (found, { text }) => saving(refOf(found), { title: text }, 'code'),
  (found, { text }) => saving(refOf(found), { title: text }, 'manager'),
  (found, { text }) => pressing(refOf(found), { by: 'admin', text }),
  (found) => pressing(refOf(found), { by: 'admin', text: found.place.draft.title }),
  (found) => publishingByCode(refOf(found)),
  (found) => putting(refOf(found), found.place.draft.title),
  (found) => (found.place.published ? discardingByCode(refOf(found)) : null),
  (found) => unpublishingByCode(refOf(found)),
  (found) => deleting(refOf(found), 'code'),
];

/** Slow endpoints give the other step time to interfere. */
const slowly = (command: string) => ({
  ...allowedCommand(command),
  answers: { gate: 'slowly', strict: 'slowly', lenient: 'allow', advisor: 'allow' } as const,
});

type Run = { step: Step; reply: Reply };

/** A refusal by validations is checked against the model before the race, because they saw that document. */
const remember = (copy: Model, before: Model, { step, reply }: Run) => {
  const then = copyOf(before);
  checkReply(step, step.expect(then, reply), reply);
  const [entry] = (step.on && find(then, step.on)?.place.history) ?? [];
  const found = step.on && find(copy, step.on);
  if (entry && found) move(copy, found, entry);
  copy.endpoints = then.endpoints;
};

/** Applies both steps in this order to a copy of the model. Throws if replies or database differ from it. */
const modelAfter = (model: Model, runs: readonly Run[], after: Snapshot): Model => {
  const copy = copyOf(model);
  for (const run of runs) {
    const { step, reply } = run;
    if (!reply.isDone && TOO_LATE.test(reply.message)) continue;
    if (!reply.isDone && reply.verdicts.length > 0) {
      remember(copy, model, run);
      continue;
    }
    const outcome = step.expect(copy, reply);
    checkReply(step, outcome, reply);
    if (outcome.refused === null) settle(copy, after, outcome);
  }
  checkSeen(copy, after);
  return copy;
};

const explained = async (model: Model, runs: [Run, Run], [system, after]: [System, Snapshot]) => {
  const reasons: string[] = [];
  for (const order of [runs, [...runs].reverse()]) {
    try {
      const copy = modelAfter(model, order, after);
      await checkViews(system, copy.documents);
      return copy;
    } catch (error) {
      reasons.push(
        `Not the result of ${order.map(({ step }) => step.title).join(', then ')}: ${(error as Error).message}`,
      );
    }
  }
  const replies = runs.map(
    ({ step, reply }) => `${step.title}: ${reply.isDone ? 'done' : reply.message}`,
  );
  throw new Error([...replies, ...reasons].join('\n'));
};

class Racing implements AsyncCommand<LoggedModel, System> {
  constructor(private readonly wish: (model: Model) => [Step, Step] | null) {}

  check(model: Readonly<LoggedModel>): boolean {
    return this.wish(model) !== null;
  }

  async run(model: LoggedModel, system: System): Promise<void> {
    const steps = this.wish(model);
    if (!steps) return;
    await logged(model, `at once: ${steps.map(({ title }) => title).join(' and ')}`, async () => {
      const replies = await Promise.all(steps.map((step) => step.perform(system)));
      const after = await system.snapshot(everyDocument(model));
      const runs = steps.map((step, index) => ({ step, reply: replies[index] })) as [Run, Run];
      const copy = await explained(model, runs, [system, after]);
      Object.assign(model, copy, { log: model.log, seen: after });
    });
  }

  toString(): string {
    return 'race';
  }
}

const draw = () =>
  fc.record({ racer: fc.nat(RACERS.length - 1), number: fc.nat(9), text: title() });

/** Excluded: on MySQL, two publications at once leave two published versions because of Strapi itself. */
const isDoubled = (one: Step, other: Step) =>
  process.env.MODEL_DATABASE === 'mysql' && one.publishes === true && other.publishes === true;

/** Null while an endpoint is paused. */
const pair = (
  model: Model,
  { at, one, other }: { at: Target; one: Draw; other: Draw },
): [Step, Step] | null => {
  const found = targetIn(model, at);
  const isRested = Object.values(model.endpoints).every(
    ({ failures }) => failures < FAILURES_TO_PAUSE,
  );
  if (!found || !isRested || !hasEqualViews(found.document)) return null;
  const first = RACERS[one.racer]?.(found, one);
  const second = RACERS[other.racer]?.(found, other);
  if (!first || !second || isDoubled(first, second)) return null;
  return [first, second];
};

export const aRace = () =>
  fc
    .record({ at: target(), one: draw(), other: draw() })
    .map((drawn) => new Racing((model) => pair(model, drawn)));

/** Another step runs while the validations of a command are called. */
export const aRaceWithACommand = () =>
  fc
    .record({ at: target(), number: fc.nat(9), other: draw() })
    .map(
      ({ at, number, other }) =>
        new Racing((model) => pair(model, { at, one: { ...other, racer: 0, number }, other })),
    );

const EDIT = 2;

/** The document changes while the validations of its command are called. */
export const aRaceWithAnEdit = () =>
  fc
    .record({ at: target(), other: draw() })
    .map(
      ({ at, other }) =>
        new Racing((model) =>
          pair(model, { at, one: { ...other, racer: 0 }, other: { ...other, racer: EDIT } }),
        ),
    );
