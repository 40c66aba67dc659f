/** Checks a workflow's references, and that nothing in use is removed without a replacement. Pure. */
import type { ContentTypes } from '../../contract/content-type';
import {
  PUBLICATION,
  type RoleChoice,
  type WorkflowSettings,
  type WorkflowUsage,
} from '../../contract/workflow';
import type { Problem } from '../../strapi/errors';

export type Surroundings = {
  contentTypes: ContentTypes['contentTypes'];
  roles: readonly RoleChoice[];
  /** The other workflows, by the content types they govern. */
  taken: ReadonlyMap<string, string>;
};

const typeProblems = (
  { contentTypes, states }: WorkflowSettings,
  { contentTypes: known, taken }: Surroundings,
): Problem[] =>
  contentTypes.flatMap((uid, index) => {
    const path = ['contentTypes', index];
    const type = known.find((one) => one.uid === uid);
    if (!type)
      return [{ path, message: `There is no content type "${uid}". Choose one of the list.` }];
    if (type.isHidden)
      return [
        {
          path,
          message: `"${type.displayName}" is hidden in the Content Manager, so nobody could run a command on its documents. Take it out, or show it there first.`,
        },
      ];
    const other = taken.get(uid);
    if (other !== undefined)
      return [
        {
          path,
          message: `"${type.displayName}" has the workflow "${other}" already, and a content type has one. Take it out there first.`,
        },
      ];
    const publishes = states.find(({ onEnter }) => onEnter !== null);
    if (!type.hasDraftAndPublish && publishes)
      return [
        {
          path,
          message: `"${type.displayName}" has no draft & publish, so the state "${publishes.name}" cannot publish or unpublish its documents. Take one of the two out.`,
        },
      ];
    return contentTypes.indexOf(uid) === index
      ? []
      : [{ path, message: `"${type.displayName}" is there twice.` }];
  });

const roleId = (role: number | string, roles: readonly RoleChoice[]): number | null =>
  roles.find(({ id, code }) => id === Number(role) || code === role)?.id ?? null;

const roleProblems = ({ commands }: WorkflowSettings, { roles }: Surroundings): Problem[] =>
  commands.flatMap((command, index) =>
    command.roles.flatMap((role, place) =>
      roleId(role, roles) === null
        ? [
            {
              path: ['commands', index, 'roles', place],
              message: `There is no role "${role}". Choose one of Settings > Roles.`,
            },
          ]
        : [],
    ),
  );

export const problemsOf = (settings: WorkflowSettings, around: Surroundings): Problem[] => [
  ...typeProblems(settings, around),
  ...roleProblems(settings, around),
];

/** Replaces roles by their ids, as Strapi itself refers to them; `problemsOf` has refused unknown ones. */
export const withRoleIds = (commands: WorkflowSettings['commands'], roles: readonly RoleChoice[]) =>
  commands.map((command) => ({
    ...command,
    roles: [
      ...new Set(
        command.roles.flatMap((role) => {
          const id = roleId(role, roles);
          return id === null ? [] : [id];
        }),
      ),
    ],
  }));

type Graph = Pick<WorkflowSettings, 'states' | 'commands'>;

const keysOf = (list: readonly { key: string }[]) => new Set(list.map(({ key }) => key));
const quoted = (names: string[]) => names.map((name) => `"${name}"`).join(', ');

type Use = Pick<WorkflowUsage, 'documents' | 'webhooks'>;

const stateInUse = (key: string, usage: Use): string | null => {
  const documents = usage.documents[key] ?? 0;
  const webhooks = usage.webhooks.filter(({ state }) => state === key).map(({ name }) => name);
  const uses = [
    ...(documents > 0 ? [`${documents} document${documents === 1 ? ' is' : 's are'} in it`] : []),
    ...(webhooks.length > 0 ? [`used by ${quoted(webhooks)}`] : []),
  ];
  return uses.length === 0 ? null : uses.join(', ');
};

const commandInUse = (key: string, usage: Use): string | null => {
  const webhooks = usage.webhooks.filter(({ command }) => command === key).map(({ name }) => name);
  return webhooks.length === 0 ? null : `used by ${quoted(webhooks)}`;
};

type Removal = { what: 'state' | 'command'; key: string; name: string; use: string | null };

const removals = (before: Graph, after: Graph, usage: Use): Removal[] => {
  const states = keysOf(after.states);
  const commands = keysOf(after.commands);
  return [
    ...before.states
      .filter(({ key }) => !states.has(key))
      .map(({ key, name }) => ({ what: 'state' as const, key, name, use: stateInUse(key, usage) })),
    ...before.commands
      .filter(({ key }) => !commands.has(key))
      .map(({ key, name }) => ({
        what: 'command' as const,
        key,
        name,
        use: commandInUse(key, usage),
      })),
  ];
};

/** The replacements of removed states and commands, and the problems with them. */
export const removed = (
  before: Graph,
  after: Graph & Pick<WorkflowSettings, 'moveTo'>,
  usage: Use,
): { states: Map<string, string>; commands: Map<string, string>; problems: Problem[] } => {
  const result = {
    states: new Map<string, string>(),
    commands: new Map<string, string>(),
    problems: [] as Problem[],
  };
  for (const { what, key, name, use } of removals(before, after, usage)) {
    const target = after.moveTo[key];
    const list = what === 'state' ? after.states : after.commands;
    if (target !== undefined && list.some((one) => one.key === target))
      result[what === 'state' ? 'states' : 'commands'].set(key, target);
    else if (target !== undefined)
      result.problems.push({
        path: ['moveTo', key],
        message: `There is no ${what} "${target}" that stays. Choose one that does.`,
      });
    else if (use !== null)
      result.problems.push({
        path: ['moveTo', key],
        message: `The ${what} "${name}" is in use (${use}). Say where that goes: "moveTo": { "${key}": "<${what} that stays>" }.`,
      });
  }
  return result;
};

/** The content types that a change removes from a workflow. */
export const leavingTypes = (
  before: Pick<WorkflowSettings, 'contentTypes'>,
  after: Pick<WorkflowSettings, 'contentTypes'>,
): string[] => before.contentTypes.filter((uid) => !after.contentTypes.includes(uid));

/** Documents without a state may be published as they are, so the change must confirm it, as a deletion must. */
export const leavingProblems = (
  uids: readonly string[],
  { moveTo }: Pick<WorkflowSettings, 'moveTo'>,
  { usage, nameOf }: { usage: Pick<WorkflowUsage, 'contentTypes'>; nameOf(uid: string): string },
): Problem[] =>
  uids.flatMap((uid) => {
    const path = ['moveTo', uid];
    const target = moveTo[uid];
    const count = usage.contentTypes[uid] ?? 0;
    if (target !== undefined && target !== PUBLICATION)
      return [
        {
          path,
          message: `Expected "${PUBLICATION}": the documents lose their states and are published as before.`,
        },
      ];
    if (target !== undefined || count === 0) return [];
    return [
      {
        path,
        message: `"${nameOf(uid)}" has ${count} document${count === 1 ? '' : 's'} with a state of this workflow. Without it they are published as before, whatever their state was. If that is meant, send "moveTo": { "${uid}": "${PUBLICATION}" }.`,
      },
    ];
  });

type Moves = ReadonlyMap<string, string>;

/** States whose documents a change puts into a final state, which approves them as they are. */
export const newlyFinal = (
  before: Graph,
  after: Graph,
  moves: Moves,
): { from: string; to: string }[] =>
  before.states
    .filter(({ final }) => !final)
    .map(({ key }) => ({ from: key, to: moves.get(key) ?? key }))
    .filter(({ to }) => after.states.some(({ key, final }) => key === to && final));

type Start = Pick<WorkflowSettings, 'initialState' | 'states'>;

/**
 * Whether documents that never moved would be approved unseen: their state is removed, and the new initial state is
 * final.
 */
export const approvesUnmoved = (
  before: Start,
  { initialState, states, moveTo }: Start & Pick<WorkflowSettings, 'moveTo'>,
): boolean =>
  !states.some(({ key }) => key === before.initialState) &&
  moveTo[before.initialState] === undefined &&
  before.states.some(({ key, final }) => key === before.initialState && !final) &&
  states.some(({ key, final }) => key === initialState && final);

/** Whether documents that never moved keep the former initial state: it still exists, but is no longer the initial one. */
export const staysInitial = (
  { initialState: before }: Pick<Start, 'initialState'>,
  { initialState, states }: Start,
  moves: Moves,
): boolean =>
  before !== initialState && (moves.has(before) || states.some(({ key }) => key === before));
