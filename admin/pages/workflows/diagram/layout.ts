/** Where the boxes, arrows and labels of a workflow's diagram stand. Takes any graph, however unfinished. */
import type { Edge, Node } from './graph';
import { gridOf, PORT, portOf, type Chain, type Grid, type Item } from './grid';
import { shortened, textWidth } from './text-width';

export const NAME_SIZE = 14;
export const NOTE_SIZE = 11;
export const LABEL_SIZE = 12;
export const NOTE_HEIGHT = 16;

export type Area = { x: number; y: number; width: number; height: number };
/** `name` is cut to fit; `notes` are lines below it; `rim` is how far around it a second outline runs, 0 without one. */
export type Box = Area & { node: Node; name: string; notes: string[]; rim: number };
export type Arrow = {
  edge: Edge;
  /** As the `d` of an SVG path. */
  path: string;
  /** Its head, and the way in which it points. */
  tip: { x: number; y: number; towards: 'left' | 'right' };
  isBack: boolean;
  label: Area & { text: string };
};
export type Layout = { width: number; height: number; boxes: Box[]; arrows: Arrow[] };

const MARGIN = 16;
/** For the arrow into the initial state. */
export const START = 36;
const MIN_GAP = 28;
const MAX_GAP = 72;
const MAX_NAME = 190;
const MAX_LABEL = 150;
const RIM = 4;

type NotesOf = (node: Node) => string[];

const sizesOf = (notesOf: NotesOf) => ({
  state: (node: Node, ports: number) => {
    const notes = notesOf(node);
    const name = Math.min(MAX_NAME, textWidth(node.name, NAME_SIZE) * 1.08);
    const widest = Math.max(name, ...notes.map((note) => textWidth(note, NOTE_SIZE)));
    const written = 36 + notes.length * NOTE_HEIGHT;
    return { width: Math.max(96, widest + 32), height: Math.max(written, ports * PORT + 8) };
  },
  label: (edge: Edge) => {
    const text = shortened(edge.name, LABEL_SIZE, MAX_LABEL);
    return { width: textWidth(text, LABEL_SIZE) + 18, height: 24 };
  },
});

type Column = { x: number; width: number };

/** Arrows that climb far get more room to do it. */
const gapAfter = (column: readonly Item[]): number => {
  const climbs = column.flatMap((item) => item.rights.map(({ y }) => Math.abs(y - item.y)));
  return Math.min(MAX_GAP, Math.max(MIN_GAP, ...climbs.map((climb) => climb / 3)));
};

const placed = (columns: readonly Item[][]): Column[] => {
  let x = MARGIN + START;
  return columns.map((column) => {
    const width = Math.max(0, ...column.map((item) => item.width));
    const place = { x, width };
    x += width + gapAfter(column);
    return place;
  });
};

type Point = { x: number; y: number };

const curve = (from: Point, to: Point) => {
  const middle = round((from.x + to.x) / 2);
  return `C ${middle} ${round(from.y)} ${middle} ${round(to.y)} ${round(to.x)} ${round(to.y)}`;
};

const round = (value: number) => Math.round(value * 10) / 10;

/** Across a column in a straight line, between columns in a curve; the points are of one direction. */
const pathOf = (points: readonly Point[]): string => {
  const [first = { x: 0, y: 0 }, ...rest] = points;
  const parts = rest.map((point, index) =>
    // Points come in pairs: where a column is left, and where the next is entered.
    index % 2 === 0
      ? curve(points[index] ?? first, point)
      : `L ${round(point.x)} ${round(point.y)}`,
  );
  return [`M ${round(first.x)} ${round(first.y)}`, ...parts].join(' ');
};

type Places = { columns: Column[]; boxes: Map<Item, Box> };

/** From left to right: out of the left state, across every column, into the right state. */
const pointsOf = ({ items }: Chain, { columns, boxes }: Places): Point[] => {
  const left = items[0]!;
  const right = items.at(-1)!;
  const start = boxes.get(left)!;
  const end = boxes.get(right)!;
  const across = items.slice(1, -1).flatMap(({ column, y }) => {
    const { x, width } = columns[column]!;
    return [
      { x, y },
      { x: x + width, y },
    ];
  });
  return [
    { x: start.x + start.width + start.rim, y: left.y + portOf(left, items[1]!, 'rights') },
    ...across,
    { x: end.x - end.rim, y: right.y + portOf(right, items.at(-2)!, 'lefts') },
  ];
};

/** Out to the label and back to the same side. */
const loopOf = ({ items, label }: Chain, { columns, boxes }: Places): Point[] => {
  const box = boxes.get(items[0]!)!;
  const x = box.x + box.width + box.rim;
  const y = items[0]!.y + portOf(items[0]!, label, 'rights');
  const turn = columns[label.column]!.x;
  return [
    { x, y: y - 5 },
    { x: turn, y: label.y - 5 },
    { x: turn, y: label.y + 5 },
    { x, y: y + 5 },
  ];
};

const arrowOf = (chain: Chain, places: Places): Arrow => {
  const { edge, isBack, label } = chain;
  const isLoop = edge.from === edge.to;
  const points = isLoop ? loopOf(chain, places) : pointsOf(chain, places);
  if (isBack) points.reverse();
  const { x, y } = points.at(-1)!;
  const column = places.columns[label.column]!;
  return {
    edge,
    path: pathOf(points),
    tip: { x: round(x), y: round(y), towards: isBack || isLoop ? 'left' : 'right' },
    isBack,
    label: {
      x: round(column.x + (column.width - label.width) / 2),
      y: round(label.y - label.height / 2),
      width: round(label.width),
      height: label.height,
      text: shortened(edge.name, LABEL_SIZE, MAX_LABEL),
    },
  };
};

/** Everything moved so that the highest item stands at the upper margin. */
const lower = ({ columns }: Grid) => {
  const items = columns.flat();
  const top = Math.min(...items.map(({ y, height }) => y - height / 2));
  for (const item of items) item.y += MARGIN - top;
  return Math.max(...items.map(({ y, height }) => y + height / 2)) + MARGIN;
};

const areaOf = (item: Item, column: Column): Area => ({
  x: round(column.x + (column.width - item.width) / 2),
  y: round(item.y - item.height / 2),
  width: round(item.width),
  height: round(item.height),
});

/** Final states have a second outline, and those that something is wrong with a warning one. */
const hasRim = ({ isFinal, isUnreachable, isStuck }: Node) => isFinal || isUnreachable || isStuck;

/** `notesOf` says what is written below a state's name, a line each. */
export const layoutOf = (
  nodes: readonly Node[],
  edges: readonly Edge[],
  notesOf: NotesOf,
): Layout => {
  if (nodes.length === 0) return { width: 0, height: 0, boxes: [], arrows: [] };
  const grid = gridOf(nodes, edges, sizesOf(notesOf));
  const height = lower(grid);
  const columns = placed(grid.columns);
  const last = columns.at(-1)!;
  const boxOf = (node: Node, item: Item): Box => ({
    ...areaOf(item, columns[item.column]!),
    node,
    name: shortened(node.name, NAME_SIZE * 1.08, MAX_NAME),
    notes: notesOf(node),
    rim: hasRim(node) ? RIM : 0,
  });
  const places = nodes.map((node) => {
    const item = grid.states.get(node.id)!;
    return [item, boxOf(node, item)] as const;
  });
  const boxes = new Map(places);
  return {
    width: round(last.x + last.width + MARGIN),
    height: round(height),
    boxes: [...boxes.values()],
    arrows: grid.chains.map((chain) => arrowOf(chain, { columns, boxes })),
  };
};
