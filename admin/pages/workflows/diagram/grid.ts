/**
 * The columns of the diagram and what stands in them, from left to right: states, then labels of the arrows that
 * leave or enter them, then the next states. An arrow that passes a column bends there, so that it has a place of
 * its own and crosses neither a box nor a label.
 */
import type { Edge, Node } from './graph';
import { layersOf } from './layers';
import { spread, type Wish } from './spread';

type Side = 'lefts' | 'rights';

export type Item = {
  kind: 'state' | 'label' | 'bend';
  column: number;
  width: number;
  height: number;
  /** Its middle. */
  y: number;
  lefts: Item[];
  rights: Item[];
  /** Part of an arrow that leads back. */
  isBack: boolean;
};

/** An arrow's way from left to right, whichever way it points: state, labels and bends, state. */
export type Chain = { edge: Edge; items: Item[]; isBack: boolean; label: Item };

export type Grid = { columns: Item[][]; states: Map<string, Item>; chains: Chain[] };

export type Size = { width: number; height: number };

export type Sizes = {
  state: (node: Node, ports: number) => Size;
  label: (edge: Edge) => Size;
};

const MARGINS: Record<Item['kind'], number> = { state: 28, label: 8, bend: 12 };
const SWEEPS = 12;
const ALIGNMENTS = 24;
/** Between the arrows that touch one side of a state. */
export const PORT = 18;

const itemOf = (kind: Item['kind'], column: number, size: Size & { isBack?: boolean }): Item => ({
  isBack: false,
  kind,
  column,
  ...size,
  y: 0,
  lefts: [],
  rights: [],
});

const join = (items: readonly Item[]) => {
  for (const [index, item] of items.entries()) {
    const next = items[index + 1];
    if (!next) continue;
    item.rights.push(next);
    next.lefts.push(item);
  }
};

/** How many arrows end on the busier side of a state. */
const portsOf = (id: string, edges: readonly Edge[], layers: Map<string, number>): number => {
  const layer = layers.get(id) ?? 0;
  let left = 0;
  let right = 0;
  for (const { from, to } of edges) {
    if (from !== id && to !== id) continue;
    const other = layers.get(from === id ? to : from) ?? 0;
    if (from === to) right += 2;
    else if (other < layer) left += 1;
    else right += 1;
  }
  return Math.max(left, right);
};

/** The label stands beside the state that its arrow leaves. An arrow to its own state goes out to its label and back. */
const chainOf = (edge: Edge, states: Map<string, Item>, size: Size): Chain | null => {
  const from = states.get(edge.from);
  const to = states.get(edge.to);
  if (!from || !to) return null;
  const isBack = from.column > to.column;
  const label = itemOf('label', isBack ? from.column - 1 : from.column + 1, {
    ...size,
    isBack,
  });
  if (from === to) return { edge, items: [from, label], isBack, label };
  const [left, right] = isBack ? [to, from] : [from, to];
  const between = Array.from({ length: right.column - left.column - 1 }, (_, index) => {
    const column = left.column + index + 1;
    return column === label.column
      ? label
      : itemOf('bend', column, { width: 0, height: 4, isBack });
  });
  return { edge, items: [left, ...between, right], isBack, label };
};

/** Places in a column, to sort by. */
const placesIn = (column: readonly Item[]) => new Map(column.map((item, place) => [item, place]));

const crossings = (columns: readonly Item[][]): number =>
  columns.reduce((total, column, index) => {
    const places = placesIn(columns[index + 1] ?? []);
    const ends = column.flatMap(({ rights }) => rights.map((item) => places.get(item) ?? 0));
    const crossed = ends.map((end, at) => ends.slice(0, at).filter((other) => other > end).length);
    return total + crossed.reduce((sum, count) => sum + count, 0);
  }, 0);

const average = (values: readonly number[], otherwise: number) =>
  values.length === 0 ? otherwise : values.reduce((sum, value) => sum + value, 0) / values.length;

/** Every item as near as can be to the middle of those beside it, on the side that was sorted before. */
const sorted = (column: readonly Item[], beside: readonly Item[], side: Side) => {
  const places = placesIn(beside);
  const wishes = new Map(
    column.map((item, place) => [
      item,
      average(
        item[side].map((other) => places.get(other) ?? 0),
        place,
      ),
    ]),
  );
  return [...column].sort((one, other) => (wishes.get(one) ?? 0) - (wishes.get(other) ?? 0));
};

const swept = (columns: readonly Item[][], isForward: boolean): Item[][] => {
  const next = columns.map((column) => [...column]);
  const steps = next.map((_, index) => (isForward ? index : next.length - 1 - index)).slice(1);
  for (const at of steps) {
    const beside = next[isForward ? at - 1 : at + 1] ?? [];
    next[at] = sorted(next[at] ?? [], beside, isForward ? 'lefts' : 'rights');
  }
  return next;
};

/** The order with the fewest crossings of those that the sweeps come by. */
const ordered = (columns: Item[][]): Item[][] => {
  let best = columns;
  let fewest = crossings(columns);
  let current = columns;
  for (let round = 0; round < SWEEPS && fewest > 0; round += 1) {
    current = swept(current, round % 2 === 0);
    const count = crossings(current);
    if (count < fewest) [best, fewest] = [current, count];
  }
  return best;
};

/**
 * How far from its middle an arrow touches a state's side; arrows stand there from above to below as what they
 * lead to. 0 for labels and bends, which are crossed in the middle.
 */
export const portOf = (state: Item, beside: Item, side: Side): number => {
  if (state.kind !== 'state') return 0;
  const others = [...state[side]].sort((one, other) => one.y - other.y);
  const step = Math.min(PORT, (state.height - 8) / others.length);
  return (others.indexOf(beside) - (others.length - 1) / 2) * step;
};

/** Long arrows should be straight above all, then those that lead forward. */
const weightOf = (one: Item, other: Item): number => {
  if (one.kind === 'bend' && other.kind === 'bend') return 8;
  return one.isBack || other.isBack ? 1 : 4;
};

const OPPOSITE = { lefts: 'rights', rights: 'lefts' } as const;

/** Where an item wants to be for its arrows to be straight, and how much that matters. */
const wishOf = (item: Item, sides: readonly Side[]): Wish => {
  let sum = 0;
  let weights = 0;
  for (const side of sides) {
    for (const other of item[side]) {
      const weight = weightOf(item, other);
      const straight = other.y + portOf(other, item, OPPOSITE[side]) - portOf(item, other, side);
      sum += straight * weight;
      weights += weight;
    }
  }
  const size = { size: item.height, margin: MARGINS[item.kind] };
  return weights === 0
    ? { at: item.y, weight: 1, ...size }
    : { at: sum / weights, weight: weights, ...size };
};

const settle = (column: readonly Item[], sides: readonly Side[]) => {
  const places = spread(column.map((item) => wishOf(item, sides)));
  for (const [index, y] of places.entries()) column[index]!.y = y;
};

/** From left to right, back, and so on: what hangs together comes to one height, and nothing overlaps. */
const align = (columns: readonly Item[][]) => {
  for (const column of columns) settle(column, []);
  const backwards = [...columns].reverse();
  for (let round = 0; round < ALIGNMENTS; round += 1) {
    for (const column of columns) settle(column, round === 0 ? ['lefts'] : ['lefts', 'rights']);
    for (const column of backwards) settle(column, ['lefts', 'rights']);
  }
};

const columnsOf = (items: readonly Item[]): Item[][] => {
  const last = Math.max(-1, ...items.map(({ column }) => column));
  return Array.from({ length: last + 1 }, (_, at) => items.filter(({ column }) => column === at));
};

export const gridOf = (nodes: readonly Node[], edges: readonly Edge[], sizes: Sizes): Grid => {
  const layers = layersOf(nodes, edges);
  const states = new Map(
    nodes.map((node) => {
      const size = sizes.state(node, portsOf(node.id, edges, layers));
      return [node.id, itemOf('state', 2 * (layers.get(node.id) ?? 0), size)];
    }),
  );
  const chains = edges
    .map((edge) => chainOf(edge, states, sizes.label(edge)))
    .filter((chain) => chain !== null);
  for (const { items } of chains) join(items);
  const between = chains.flatMap(({ items }) => items.filter(({ kind }) => kind !== 'state'));
  const columns = ordered(columnsOf([...states.values(), ...between]));
  align(columns);
  return { columns, states, chains };
};
