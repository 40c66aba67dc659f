/** Commands, and what lies past them: the bypass. */
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
import { Doing, done, InARow, refused, type Step } from './step';
import { SAYINGS, USERS, type Reply, type Saying, type User } from './system';
import { aim, picked, query, refOf, target, told, type Ref, type Target } from './targets';

export type Command = {
  command: string;
  by: User;
  comment: string | null;
  dryRun: boolean;
  says: Record<Validation, Saying>;
};

const ASKED: Record<string, Validation[]> = {
  submit: ['gate'],
  approve: ['strict', 'lenient', 'advisor'],
};

export const FAILURES_TO_REST = 5;
const SPARED = /^It is not asked until/;
const LATE = /in time|within/;

const KINDS: Record<Saying, Verdict['kind']> = {
  allow: 'allowed',
  refuse: 'refused',
  fail: 'noAnswer',
  hang: 'noAnswer',
  slowly: 'allowed',
};

/** A busy machine may be too slow for an endpoint that would have answered: then it is late, and says so. */
const isExplained = ({ kind, message }: Verdict, saying: Saying) =>
  kind === KINDS[saying] || (kind === 'noAnswer' && LATE.test(message));

const checkVerdict = (model: Model, verdict: Verdict, says: Command['says']) => {
  const name = verdict.webhook.name as Validation;
  const endpoint = model.endpoints[name];
  const isSpared = endpoint.failures >= FAILURES_TO_REST && !endpoint.isProbed;
  const isRight = isSpared ? SPARED.test(verdict.message) : isExplained(verdict, says[name]);
  if (!isRight)
    throw new Error(`${name} would ${says[name]}, and it says ${JSON.stringify(verdict)}.`);
  if (isSpared) return;
  endpoint.failures = verdict.kind === 'noAnswer' ? endpoint.failures + 1 : 0;
  endpoint.isProbed = false;
};

const isBlocking = ({ webhook: { name }, kind }: Verdict): boolean => {
  if (name === 'advisor' || kind === 'allowed') return false;
  return kind === 'refused' || name !== 'lenient';
};

const judged = (model: Model, { command, says }: Command, { verdicts }: Reply) => {
  const asked = ASKED[command] ?? [];
  const names = verdicts.map(({ webhook }) => webhook.name).sort();
  if (names.join() !== [...asked].sort().join())
    throw new Error(`${asked} are to be asked, and were: ${names}.`);
  for (const verdict of verdicts) checkVerdict(model, verdict, says);
  return {
    isAllowed: !verdicts.some(isBlocking),
    verdicts: verdicts.map(({ webhook, kind }) => `${webhook.name} ${kind}`).sort(),
  };
};

/** What is refused before anybody is asked. */
const refusedAtOnce = (state: string, wish: Command): RegExp | null => {
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
    const words = refusedAtOnce(from, wish);
    if (words) return refused(words);
    const { isAllowed, verdicts } = judged(model, wish, reply);
    const { command, comment } = wish;
    const outcome = isAllowed ? 'moved' : 'refused';
    const to = commandOf(command).to;
    const entry: Entry = { outcome, command, from, to, comment, by: 'admin', verdicts };
    if (!wish.dryRun) move(model, found, entry);
    return isAllowed ? done : { refused: /./, leaves: 'a trace' };
  };

const words = ({ command, by, comment, dryRun, says }: Command, ref: Ref) => {
  const asked = (ASKED[command] ?? []).map((name) => `${name} would ${says[name]}`);
  const how = [dryRun ? 'dry' : '', comment === null ? '' : 'with a comment', ...asked];
  return [`${by} runs ${command} on ${told(ref)}`, ...how.filter(Boolean)].join(', ');
};

export const running = (ref: Ref, wish: Command): Step => ({
  what: words(wish, ref),
  on: ref,
  publishes: wish.command === 'publish',
  perform: (system) => {
    for (const name of ASKED[wish.command] ?? []) system.says(name, wish.says[name]);
    const { comment, dryRun } = wish;
    const path = `/workflow-webhooks/documents/${ref.uid}/${ref.documentId}/commands/${wish.command}`;
    return system.call(wish.by, 'POST', path + query(ref), { comment, dryRun });
  },
  expect: expectCommand(ref, wish),
});

/** What a command needs, and everybody allows it. */
export const smoothly = (command: string, by: User = 'admin'): Command => ({
  command,
  by,
  comment: commandOf(command).comment === 'required' ? 'Good.' : null,
  dryRun: false,
  says: { gate: 'allow', strict: 'allow', lenient: 'allow', advisor: 'allow' },
});

export const bypassing = (ref: Ref, by: User): Step => ({
  what: `${by} publishes ${told(ref)} past the workflow`,
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

const saying = () => fc.oneof(fc.constant<Saying>('allow'), fc.constantFrom(...SAYINGS));

export const user = () => mostly<User>(...USERS);

type Drawn = Omit<Command, 'command'> & { at: Target; number: number; isLegal: boolean };

/** One that leads on from where the document is, most often. */
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
    says: fc.record({ gate: saying(), strict: saying(), lenient: saying(), advisor: saying() }),
  });

export const aCommand = () =>
  drawn().map(
    (one) =>
      new Doing(`command ${one.number}`, (model) => {
        const found = aim(model, one.at);
        if (!found) return null;
        const command = commandFor(stateOf(found.place), one);
        return running(refOf(found), { ...one, command });
      }),
  );

/** Until its endpoint is asked no longer: the same refusal again and again. */
export const aStubbornEditor = () =>
  target().map((at) => {
    const failing = new Doing('failing command', (model) => {
      const found = aim(model, at);
      const fails = { ...smoothly('submit'), says: { ...smoothly('submit').says, gate: 'fail' } };
      return found && running(refOf(found), fails as Command);
    });
    return new InARow([failing, failing, failing, failing, failing, failing]);
  });

/** The way to publication, without anybody in it. */
export const aStepOn = () =>
  target().map(
    (at) =>
      new Doing('step on', (model) => {
        const found = aim(model, at);
        const on = { draft: 'submit', review: 'approve', approved: 'publish', published: 'reopen' };
        if (!found) return null;
        return running(refOf(found), smoothly(on[stateOf(found.place) as keyof typeof on]));
      }),
  );

export const aBypass = () =>
  fc.record({ at: target(), by: user() }).map(
    ({ at, by }) =>
      new Doing('bypass', (model) => {
        const found = aim(model, at);
        return found && bypassing(refOf(found), by);
      }),
  );

/** So much time goes by that endpoints which kept failing are asked once more. */
export const aRest = () =>
  fc.constant(
    new Doing('rest', (model) =>
      Object.values(model.endpoints).some(({ failures }) => failures >= FAILURES_TO_REST)
        ? {
            what: 'time goes by',
            perform: async (system) => {
              await system.rest();
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
