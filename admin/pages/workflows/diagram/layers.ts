/** In which column of the diagram a state stands: how far it is from the initial one, going forward. */
import type { Edge, Node } from './graph';

type Step = Pick<Edge, 'from' | 'to'>;

/** What can be walked without going back, and the states in an order in which every step leads onward. */
type Walk = { order: string[]; forward: Step[] };

/** Of two roads, the one to the state that is listed first is taken first, so that the list's order shows. */
const targetsOf = (id: string, ids: readonly string[], steps: readonly Step[]): string[] => {
  const targets = new Set(steps.filter(({ from }) => from === id).map(({ to }) => to));
  return ids.filter((other) => other !== id && targets.has(other));
};

/** Depth first: a step to a state that one has come by leads back, every other leads forward. */
const walk = (roots: readonly string[], ids: readonly string[], steps: readonly Step[]): Walk => {
  const behind = new Set<string>();
  const done: string[] = [];
  const forward: Step[] = [];
  const visit = (id: string) => {
    behind.add(id);
    for (const to of targetsOf(id, ids, steps)) {
      if (behind.has(to)) continue;
      forward.push({ from: id, to });
      if (!done.includes(to)) visit(to);
    }
    behind.delete(id);
    done.push(id);
  };
  for (const root of roots) if (!done.includes(root)) visit(root);
  return { order: done.reverse(), forward };
};

/** The longest way forward counts: a short cut to the end does not draw the end to the front. */
const distances = ({ order, forward }: Walk, start: number): Map<string, number> => {
  const layers = new Map(order.map((id) => [id, start]));
  for (const id of order) {
    const next = (layers.get(id) ?? start) + 1;
    for (const { from, to } of forward) {
      if (from === id) layers.set(to, Math.max(next, layers.get(to) ?? start));
    }
  }
  return layers;
};

/** Those that nothing leads to come first; of a mere circle, the one that is listed first. */
const rootsOf = (ids: readonly string[], steps: readonly Step[]): string[] => {
  const entered = new Set(steps.filter(({ from, to }) => from !== to).map(({ to }) => to));
  return [...ids.filter((id) => !entered.has(id)), ...ids.filter((id) => entered.has(id))];
};

/** 0 is the initial state's. States that cannot be reached stand behind all others. */
export const layersOf = (
  nodes: readonly Pick<Node, 'id' | 'isInitial' | 'isUnreachable'>[],
  edges: readonly Step[],
): Map<string, number> => {
  const reachable = nodes.filter((node) => !node.isUnreachable).map(({ id }) => id);
  const lost = nodes.filter((node) => node.isUnreachable).map(({ id }) => id);
  const initial = nodes.filter((node) => node.isInitial).map(({ id }) => id);
  const layers = distances(walk(initial, reachable, edges), 0);
  const among = edges.filter(({ from }) => lost.includes(from));
  const behind = Math.max(-1, ...layers.values()) + 1;
  return new Map([...layers, ...distances(walk(rootsOf(lost, among), lost, among), behind)]);
};
