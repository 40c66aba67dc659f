/** Checks a workflow's references, and that nothing in use is removed without a replacement. Pure. */
import type { ContentTypes } from '../../contract/content-type';
import {
  PUBLICATION,
  type RoleChoice,
  type WorkflowSettings,
  type WorkflowUsage,
} from '../../contract/workflow';
import { problem, type Problem } from '../../strapi/errors';

export type Surroundings = {
  contentTypes: ContentTypes['contentTypes'];
  roles: readonly RoleChoice[];
  /** The other workflows, by the content types they govern. */
  taken: ReadonlyMap<string, string>;
};

export function problemsOf(settings: WorkflowSettings, around: Surroundings): Problem[] {
  return [
    ...settings.contentTypes.flatMap((_uid, index) => typeProblem(index, settings, around) ?? []),
    ...roleProblems(settings, around),
  ];
}

function typeProblem(
  index: number,
  { contentTypes, states }: WorkflowSettings,
  { contentTypes: known, taken }: Surroundings,
): Problem | null {
  const uid = contentTypes[index] as string;
  const path = ['contentTypes', index];
  const type = known.find((one) => one.uid === uid);
  if (!type) return problem(path, 'content-type-unknown', { uid });
  const { displayName: name } = type;
  if (type.isHidden) return problem(path, 'workflow-type-hidden', { name });
  const workflow = taken.get(uid);
  if (workflow !== undefined) return problem(path, 'workflow-type-taken', { name, workflow });
  const publishing = states.find(({ onEnter }) => onEnter !== null);
  if (!type.hasDraftAndPublish && publishing)
    return problem(path, 'workflow-type-without-draft', { name, state: publishing.name });
  return contentTypes.indexOf(uid) === index
    ? null
    : problem(path, 'workflow-type-repeated', { name });
}

function roleProblems({ commands }: WorkflowSettings, { roles }: Surroundings): Problem[] {
  return commands.flatMap((command, index) =>
    command.roles.flatMap((role, place) =>
      roleId(role, roles) === null
        ? [problem(['commands', index, 'roles', place], 'role-unknown', { role })]
        : [],
    ),
  );
}

function roleId(role: number | string, roles: readonly RoleChoice[]): number | null {
  return roles.find(({ id, code }) => id === Number(role) || code === role)?.id ?? null;
}

/** Replaces roles by their ids, as Strapi itself refers to them; `problemsOf` has refused unknown ones. */
export function withRoleIds(commands: WorkflowSettings['commands'], roles: readonly RoleChoice[]) {
  return commands.map((command) => ({
    ...command,
    roles: [...new Set(command.roles.flatMap((role) => roleId(role, roles) ?? []))],
  }));
}

type Graph = Pick<WorkflowSettings, 'states' | 'commands'>;
type Use = Pick<WorkflowUsage, 'documents' | 'webhooks'>;

/** The replacements of removed states and commands, and the problems with them. */
export function removed(
  before: Graph,
  after: Graph & Pick<WorkflowSettings, 'moveTo'>,
  usage: Use,
): { states: Map<string, string>; commands: Map<string, string>; problems: Problem[] } {
  const problems: Problem[] = [];
  function replacementsOf(what: 'state' | 'command'): Map<string, string> {
    const result = new Map<string, string>();
    const kept = new Set(after[`${what}s`].map(({ key }) => key));
    for (const { key, name } of before[`${what}s`].filter((one) => !kept.has(one.key))) {
      const target = after.moveTo[key];
      const use = usesOf(what, key, usage);
      const path = ['moveTo', key];
      if (target !== undefined && kept.has(target)) result.set(key, target);
      else if (target !== undefined)
        problems.push(problem(path, 'workflow-replacement-unknown', { what, key: target }));
      else if (use !== '')
        problems.push(problem(path, 'workflow-part-in-use', { what, name, use, key }));
    }
    return result;
  }
  return { states: replacementsOf('state'), commands: replacementsOf('command'), problems };
}

/** Empty if nothing uses it. */
function usesOf(what: 'state' | 'command', key: string, { documents, webhooks }: Use): string {
  const count = what === 'state' ? (documents[key] ?? 0) : 0;
  const names = webhooks.filter((one) => one[what] === key).map(({ name }) => `"${name}"`);
  return [
    ...(count > 0 ? [`${count} document${count === 1 ? ' is' : 's are'} in it`] : []),
    ...(names.length > 0 ? [`used by ${names.join(', ')}`] : []),
  ].join(', ');
}

type Types = Pick<WorkflowSettings, 'contentTypes'>;

/** The content types that a change removes from a workflow. */
export function leavingTypes(before: Types, after: Types): string[] {
  return before.contentTypes.filter((uid) => !after.contentTypes.includes(uid));
}

/** Documents without a state may be published as they are, so the change must confirm it, as a deletion must. */
export function leavingProblems(
  uids: readonly string[],
  { moveTo }: Pick<WorkflowSettings, 'moveTo'>,
  { usage, nameOf }: { usage: Pick<WorkflowUsage, 'contentTypes'>; nameOf(uid: string): string },
): Problem[] {
  return uids.flatMap((uid) => {
    const path = ['moveTo', uid];
    const target = moveTo[uid];
    const count = usage.contentTypes[uid] ?? 0;
    const params = { name: nameOf(uid), count, uid, target: PUBLICATION };
    if (target === PUBLICATION) return [];
    if (target !== undefined)
      return [problem(path, 'workflow-type-leaves-only-to', { target: PUBLICATION })];
    if (count === 0) return [];
    const code = count === 1 ? 'workflow-type-has-document' : 'workflow-type-has-documents';
    return [problem(path, code, params)];
  });
}

type Replacements = ReadonlyMap<string, string>;

/** States whose documents a change puts into a final state, which approves them as they are. */
export function newlyFinal(
  before: Graph,
  after: Graph,
  moves: Replacements,
): { from: string; to: string }[] {
  return before.states
    .filter(({ final }) => !final)
    .map(({ key }) => ({ from: key, to: moves.get(key) ?? key }))
    .filter(({ to }) => after.states.some(({ key, final }) => key === to && final));
}

type Start = Pick<WorkflowSettings, 'initialState' | 'states'>;

/**
 * Whether documents that never moved would be approved unseen: their state is removed, and the new initial state is
 * final.
 */
export function approvesUnmoved(
  before: Start,
  { initialState, states, moveTo }: Start & Pick<WorkflowSettings, 'moveTo'>,
): boolean {
  return (
    !states.some(({ key }) => key === before.initialState) &&
    moveTo[before.initialState] === undefined &&
    before.states.some(({ key, final }) => key === before.initialState && !final) &&
    states.some(({ key, final }) => key === initialState && final)
  );
}

/** Whether documents that never moved keep the former initial state: it still exists, but is no longer the initial one. */
export function staysInitial(
  { initialState: before }: Pick<Start, 'initialState'>,
  { initialState, states }: Start,
  moves: Replacements,
): boolean {
  return before !== initialState && (moves.has(before) || states.some(({ key }) => key === before));
}
