/** Two at once on one document: whatever comes of it, it is as if one had come after the other, or one had come too late. */
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
import { bypassing, FAILURES_TO_REST, running, smoothly } from './running';
import {
  checkReply,
  checkSeen,
  checkViews,
  copyOf,
  everyDocument,
  logged,
  settle,
  type Logged,
  type Step,
} from './step';
import type { Reply, Seen, System } from './system';
import { aim, isEven, picked, refOf, target, title, type Target } from './targets';

type Draw = { racer: number; number: number; text: string };

/** What the one who comes too late is told, the last of it by Strapi itself; nothing came of it then. */
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

/** With endpoints that take their time, so that there is a while in which something else can happen. */
const slowly = (command: string) => ({
  ...smoothly(command),
  says: { gate: 'slowly', strict: 'slowly', lenient: 'allow', advisor: 'allow' } as const,
});

type Run = { step: Step; reply: Reply };

/** Refused for what it was when it was asked about, whatever it has become since. */
const remember = (copy: Model, before: Model, { step, reply }: Run) => {
  const then = copyOf(before);
  checkReply(step, step.expect(then, reply), reply);
  const [entry] = (step.on && find(then, step.on)?.place.history) ?? [];
  const found = step.on && find(copy, step.on);
  if (entry && found) move(copy, found, entry);
  copy.endpoints = then.endpoints;
};

/** Both in this order, on a copy of the model. Throws where what was answered and is there now is something else. */
const told = (model: Model, runs: readonly Run[], after: Seen): Model => {
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

const explained = async (model: Model, runs: [Run, Run], [system, after]: [System, Seen]) => {
  const reasons: string[] = [];
  for (const order of [runs, [...runs].reverse()]) {
    try {
      const copy = told(model, order, after);
      await checkViews(system, copy.documents);
      return copy;
    } catch (error) {
      reasons.push(
        `Not as ${order.map(({ step }) => step.what).join(', then ')}: ${(error as Error).message}`,
      );
    }
  }
  const replies = runs.map(
    ({ step, reply }) => `${step.what}: ${reply.isDone ? 'done' : reply.message}`,
  );
  throw new Error([...replies, ...reasons].join('\n'));
};

class Racing implements AsyncCommand<Logged, System> {
  constructor(private readonly wish: (model: Model) => [Step, Step] | null) {}

  check(model: Readonly<Logged>): boolean {
    return this.wish(model) !== null;
  }

  async run(model: Logged, system: System): Promise<void> {
    const steps = this.wish(model);
    if (!steps) return;
    await logged(model, `at once: ${steps.map(({ what }) => what).join(' and ')}`, async () => {
      const replies = await Promise.all(steps.map((step) => step.perform(system)));
      const after = await system.look(everyDocument(model));
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

/** Of two publications at once, Strapi itself leaves two published versions on MySQL. */
const isDoubled = (one: Step, other: Step) =>
  process.env.MODEL_DATABASE === 'mysql' && one.publishes === true && other.publishes === true;

/** Null while an endpoint is spared, which nobody is to wait for. */
const pair = (
  model: Model,
  { at, one, other }: { at: Target; one: Draw; other: Draw },
): [Step, Step] | null => {
  const found = aim(model, at);
  const isRested = Object.values(model.endpoints).every(
    ({ failures }) => failures < FAILURES_TO_REST,
  );
  if (!found || !isRested || !isEven(found.document)) return null;
  const first = RACERS[one.racer]?.(found, one);
  const second = RACERS[other.racer]?.(found, other);
  if (!first || !second || isDoubled(first, second)) return null;
  return [first, second];
};

export const aRace = () =>
  fc
    .record({ at: target(), one: draw(), other: draw() })
    .map((drawn) => new Racing((model) => pair(model, drawn)));

/** Somebody else does something while the endpoints of a command are asked. */
export const aRaceWithACommand = () =>
  fc
    .record({ at: target(), number: fc.nat(9), other: draw() })
    .map(
      ({ at, number, other }) =>
        new Racing((model) => pair(model, { at, one: { ...other, racer: 0, number }, other })),
    );

const EDIT = 2;

/** What was asked about is another thing by the time it is allowed. */
export const aRaceWithAnEdit = () =>
  fc
    .record({ at: target(), other: draw() })
    .map(
      ({ at, other }) =>
        new Racing((model) =>
          pair(model, { at, one: { ...other, racer: 0 }, other: { ...other, racer: EDIT } }),
        ),
    );
