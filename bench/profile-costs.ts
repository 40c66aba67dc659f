/**
 * Adds up a profile by owner: a room of the plugin, an npm package, a module of Node, or the engine. Pure.
 *
 * `own` is the time in the owner's functions, native ones that they call included. `whole` also contains what they call, and
 * goes to the nearest room of the plugin on the stack. A callback after an `await` or an event has no caller on its stack:
 * the work of a database driver or a socket that continues in such a callback belongs to no room.
 */
import type { CpuProfile, ProfileNode, ThreadProfile } from './profile-in-strapi';
import type { Locate } from './profile-build';

/** Microseconds of all threads together. */
export type Cost = { own: number; whole: number };
export type Costs = Map<string, Cost>;

const PLUGIN = 'plugin: ';
const OUTSIDE = 'V8 and the system: outside JavaScript';
const ENGINE = new Map([
  ['(garbage collector)', 'V8: garbage collection'],
  ['(program)', OUTSIDE],
  ['(root)', OUTSIDE],
]);
/** The only native functions that this file calls are those of SQLite, which the profile cannot name. */
const CALLS_SQLITE = /\/knex\/lib\/dialects\/better-sqlite3\//;

export function costsOf(threads: readonly ThreadProfile[], locate: Locate): Costs {
  const costs: Costs = new Map();
  for (const { profile } of threads) addProfile(costs, profile, locate);
  return costs;
}

type Owners = { own: string; room: string | null };

function addProfile(costs: Costs, profile: CpuProfile, locate: Locate): void {
  const owners = ownersOf(profile, locate);
  profile.samples.forEach((id, index) => {
    const owner = owners.get(id);
    if (!owner) return;
    // A sample stands for the time until the next one.
    const us = profile.timeDeltas[index + 1] ?? 0;
    add(costs, owner.own, { own: us, whole: 0 });
    add(costs, owner.room ?? owner.own, { own: 0, whole: us });
  });
}

function add(costs: Costs, owner: string, { own, whole }: Cost): void {
  const known = costs.get(owner) ?? { own: 0, whole: 0 };
  costs.set(owner, { own: known.own + own, whole: known.whole + whole });
}

/** The owners of every node but those of idle time. */
function ownersOf({ nodes }: CpuProfile, locate: Locate): Map<number, Owners> {
  const owners = new Map<number, Owners>();
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const visit = (node: ProfileNode, caller: ProfileNode, above: Owners) => {
    const own = ownerOf(node, caller, locate) ?? above.own;
    const room = own.startsWith(PLUGIN) ? own : above.room;
    if (node.callFrame.functionName !== '(idle)') owners.set(node.id, { own, room });
    for (const id of node.children ?? []) visit(byId.get(id) as ProfileNode, node, { own, room });
  };
  const [root] = nodes;
  if (root) visit(root, root, { own: OUTSIDE, room: null });
  return owners;
}

/** Null for a native function, whose time belongs to its caller. */
function ownerOf({ callFrame }: ProfileNode, caller: ProfileNode, locate: Locate): string | null {
  const { functionName, url, lineNumber, columnNumber } = callFrame;
  const engine = ENGINE.get(functionName);
  if (engine !== undefined) return engine;
  if (url === '') return CALLS_SQLITE.test(caller.callFrame.url) ? 'npm: better-sqlite3' : null;
  if (url.startsWith('node:'))
    return `node: ${url.replace(/^node:(internal\/)?/, '').split('/')[0]}`;
  const npm = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1];
  if (npm !== undefined) return `npm: ${npm}`;
  const file = locate(url, { line: lineNumber, column: columnNumber });
  return file === null ? 'the benchmark and the playground' : ownerOfFile(file);
}

function ownerOfFile(file: string): string {
  const npm = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1];
  if (npm !== undefined) return `npm: ${npm}`;
  const [top, room = '', ...rest] = file.split('/');
  if (top === 'playground') return 'the benchmark and the playground';
  return `${PLUGIN}${rest.length > 0 ? room : 'wiring'}`;
}
