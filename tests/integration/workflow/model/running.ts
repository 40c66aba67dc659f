/** Workflow commands and the bypass. */
import fc from 'fast-check';
import type { Verdict } from '../../../../server/contract/document';
import {
  commandOf,
  commandsFrom,
  find,
  INITIAL,
  isFinal,
  move,
  stateOf,
  type Entry,
  type Model,
  type Validation,
} from './documents';
import { SingleStep, done, StepSequence, refused, type Step } from './step';
import {
  ENDPOINT_BEHAVIOURS,
  USERS,
  type Reply,
  type EndpointBehaviour,
  type User,
} from './system';
import {
  targetIn,
  picked,
  query,
  refOf,
  target,
  describeRef,
  type Ref,
  type Target,
} from './targets';

export type Command = {
  command: string;
  by: User;
  comment: string | null;
  dryRun: boolean;
  answers: Record<Validation, EndpointBehaviour>;
};

const VALIDATIONS_OF: Record<string, Validation[]> = {
  submit: ['gate'],
  approve: ['strict', 'lenient', 'advisor'],
};

export const FAILURES_TO_PAUSE = 5;
const PAUSED = /^It is not asked until/;
const LATE = /in time|within/;

const KINDS: Record<EndpointBehaviour, Verdict['kind']> = {
  allow: 'allowed',
  refuse: 'refused',
  fail: 'noAnswer',
  hang: 'noAnswer',
  slowly: 'allowed',
};

/** On a busy machine, an endpoint may answer too late: the verdict is then `noAnswer` with a message about time. */
const isExplained = ({ kind, message }: Verdict, behaviour: EndpointBehaviour) =>
  kind === KINDS[behaviour] || (kind === 'noAnswer' && LATE.test(message));

const checkVerdict = (model: Model, verdict: Verdict, answers: Command['answers']) => {
  const name = verdict.webhook.name as Validation;
  const endpoint = model.endpoints[name];
  const isSpared = endpoint.failures >= FAILURES_TO_PAUSE && !endpoint.isProbed;
  const isRight = isSpared ? PAUSED.test(verdict.message) : isExplained(verdict, answers[name]);
  if (!isRight)
    throw new Error(
      `${name} would ${answers[name]}, but its verdict is ${JSON.stringify(verdict)}.`,
    );
  if (isSpared) return;
  endpoint.failures = verdict.kind === 'noAnswer' ? endpoint.failures + 1 : 0;
  endpoint.isProbed = false;
};

const isBlocking = ({ webhook: { name }, kind }: Verdict): boolean => {
  if (name === 'advisor' || kind === 'allowed') return false;
  return kind === 'refused' || name !== 'lenient';
};

const judged = (model: Model, { command, answers }: Command, { verdicts }: Reply) => {
  const asked = VALIDATIONS_OF[command] ?? [];
  const names = verdicts.map(({ webhook }) => webhook.name).sort();
  if (names.join() !== [...asked].sort().join())
    throw new Error(`Expected verdicts of ${asked}, got those of ${names}.`);
  for (const verdict of verdicts) checkVerdict(model, verdict, answers);
  return {
    isAllowed: !verdicts.some(isBlocking),
    verdicts: verdicts.map(({ webhook, kind }) => `${webhook.name} ${kind}`).sort(),
  };
};

/** The error of a command that is refused before any validation is called. */
const refusalBeforeValidation = (state: string, wish: Command): RegExp | null => {
  const { command, by, comment, dryRun } = wish;
  const { from, comment: rule } = commandOf(command);
  if (!from.includes(state)) return /does not start from/;
  if (by === 'editor' && command === 'approve') return /Your role may not run/;
  if (rule === 'required' && comment === null && !dryRun) return /needs a comment/;
  return rule === 'none' && comment !== null ? /takes no comment/ : null;
};

const expectCommand =
  (ref: Ref, wish: Command): Step['expect'] =>
  (model, reply) => {
    if (wish.by === 'reader') return refused(/may not edit/);
    const found = find(model, ref);
    if (!found) return refused(/There is no such document/);
    const from = stateOf(found.place);
    const commandTitle = refusalBeforeValidation(from, wish);
    if (commandTitle) return refused(commandTitle);
    const { isAllowed, verdicts } = judged(model, wish, reply);
    const { command, comment } = wish;
    const outcome = isAllowed ? 'moved' : 'refused';
    const to = commandOf(command).to;
    const entry: Entry = { outcome, command, from, to, comment, by: 'admin', verdicts };
    if (!wish.dryRun) move(model, found, entry);
    return isAllowed ? done : { refused: /./, leaves: 'a trace' };
  };

const words = ({ command, by, comment, dryRun, answers }: Command, ref: Ref) => {
  const asked = (VALIDATIONS_OF[command] ?? []).map((name) => `${name} would ${answers[name]}`);
  const how = [dryRun ? 'dry' : '', comment === null ? '' : 'with a comment', ...asked];
  return [`${by} runs ${command} on ${describeRef(ref)}`, ...how.filter(Boolean)].join(', ');
};

export const running = (ref: Ref, wish: Command): Step => ({
  title: words(wish, ref),
  on: ref,
  publishes: wish.command === 'publish',
  perform: (system) => {
    for (const name of VALIDATIONS_OF[wish.command] ?? [])
      system.setAnswer(name, wish.answers[name]);
    const { comment, dryRun } = wish;
    const path = `/workflow-webhooks/documents/${ref.uid}/${ref.documentId}/commands/${wish.command}`;
    return system.call(wish.by, 'POST', path + query(ref), { comment, dryRun });
  },
  expect: expectCommand(ref, wish),
});

/** A complete command that every validation allows. */
export const allowedCommand = (command: string, by: User = 'admin'): Command => ({
  command,
  by,
  comment: commandOf(command).comment === 'required' ? 'Good.' : null,
  dryRun: false,
  answers: { gate: 'allow', strict: 'allow', lenient: 'allow', advisor: 'allow' },
});

export const bypassing = (ref: Ref, by: User): Step => ({
  title: `${by} publishes ${describeRef(ref)} past the workflow`,
  publishes: true,
  perform: (system) => {
    const path = `/workflow-webhooks/documents/${ref.uid}/${ref.documentId}/bypass`;
    return system.call(by, 'POST', path + query(ref), { comment: 'At once.' });
  },
  expect: (model) => {
    const found = find(model, ref);
    if (by === 'reader') return refused(/may not publish/);
    if (!found) return refused(/There is no such document/);
    if (by === 'editor') return refused(/may not publish past/);
    const from = stateOf(found.place);
    if (isFinal(from)) return refused(/in the final state/);
    const step = { command: null, from, to: 'published', comment: 'At once.' };
    move(model, found, { ...step, outcome: 'bypassed', by: 'admin', verdicts: [] });
    return done;
  },
});

const mostly = <T>(usual: T, ...others: T[]) =>
  fc.oneof(
    { weight: 8, arbitrary: fc.constant(usual) },
    { weight: 3, arbitrary: fc.constantFrom(usual, ...others) },
  );

const behaviour = () =>
  fc.oneof(fc.constant<EndpointBehaviour>('allow'), fc.constantFrom(...ENDPOINT_BEHAVIOURS));

export const user = () => mostly<User>(...USERS);

type Drawn = Omit<Command, 'command'> & { at: Target; number: number; isLegal: boolean };

/** Mostly a command that is possible in the current state. */
const commandFor = (from: string, { number, isLegal }: Drawn): string => {
  const all = commandsFrom(isLegal ? from : INITIAL);
  const others = ['submit', 'approve', 'reject', 'publish', 'reopen'];
  return (isLegal ? picked(all, number)?.key : null) ?? picked(others, number) ?? 'submit';
};

const drawn = () =>
  fc.record({
    at: target(),
    number: fc.nat(9),
    isLegal: mostly(true, false),
    by: user(),
    comment: fc.constantFrom(null, 'Good.'),
    dryRun: mostly(false, true),
    answers: fc.record({
      gate: behaviour(),
      strict: behaviour(),
      lenient: behaviour(),
      advisor: behaviour(),
    }),
  });

export const aCommand = () =>
  drawn().map(
    (one) =>
      new SingleStep(`command ${one.number}`, (model) => {
        const found = targetIn(model, one.at);
        if (!found) return null;
        const command = commandFor(stateOf(found.place), one);
        return running(refOf(found), { ...one, command });
      }),
  );

/** The same failure again and again, until the endpoint is paused. */
export const aRepeatedFailure = () =>
  target().map((at) => {
    const failing = new SingleStep('failing command', (model) => {
      const found = targetIn(model, at);
      const fails = {
        ...allowedCommand('submit'),
        answers: { ...allowedCommand('submit').answers, gate: 'fail' },
      };
      return found && running(refOf(found), fails as Command);
    });
    return new StepSequence([failing, failing, failing, failing, failing, failing]);
  });

/** The next step towards publication; every validation allows it. */
export const aStepOn = () =>
  target().map(
    (at) =>
      new SingleStep('step on', (model) => {
        const found = targetIn(model, at);
        const on = { draft: 'submit', review: 'approve', approved: 'publish', published: 'reopen' };
        if (!found) return null;
        return running(refOf(found), allowedCommand(on[stateOf(found.place) as keyof typeof on]));
      }),
  );

export const aBypass = () =>
  fc.record({ at: target(), by: user() }).map(
    ({ at, by }) =>
      new SingleStep('bypass', (model) => {
        const found = targetIn(model, at);
        return found && bypassing(refOf(found), by);
      }),
  );

/** Lets the pause of failing endpoints pass, so that they are called again. */
export const aPauseOfEndpoints = () =>
  fc.constant(
    new SingleStep('rest', (model) =>
      Object.values(model.endpoints).some(({ failures }) => failures >= FAILURES_TO_PAUSE)
        ? {
            title: 'time goes by',
            perform: async (system) => {
              await system.passEndpointPause();
              return { isDone: true, status: 0, message: '', verdicts: [], value: null };
            },
            expect: (model) => {
              for (const endpoint of Object.values(model.endpoints)) endpoint.isProbed = true;
              return done;
            },
          }
        : null,
    ),
  );
