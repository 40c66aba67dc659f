/** The diagram of a workflow: everything is drawn, nothing lies on anything else, whatever is half-typed. */
import { isColor, nextColor, PALETTE, readableOn, shownColor } from '../../../admin/domain/color';
import { draftLike, type Draft } from '../../../admin/pages/workflows/draft';
import { drawnOf } from '../../../admin/pages/workflows/diagram/graph';
import { layersOf } from '../../../admin/pages/workflows/diagram/layers';
import { layoutOf, type Area, type Layout } from '../../../admin/pages/workflows/diagram/layout';
import { diagramSentence } from '../../../admin/pages/workflows/diagram/sentences';
import { spread } from '../../../admin/pages/workflows/diagram/spread';
import { shortened, textWidth } from '../../../admin/pages/workflows/diagram/text-width';
import { withNewCommand, withNewState } from '../../../admin/pages/workflows/edits';
import { withRemoved } from '../../../admin/pages/workflows/removal';
import { draftFrom } from '../../../admin/pages/workflows/templates';
import en from '../../../admin/translations/en.json';
import type { Text } from '../../../admin/translations/use-text';

type Step = [name: string, from: string[], to: string];

/** States by key, those with "!" final; the first is the initial one. */
const workflow = (states: string[], steps: Step[]): Draft => {
  const keys = states.map((state) => state.replace('!', ''));
  return draftLike({
    name: 'A workflow',
    contentTypes: [],
    initialState: keys[0] ?? '',
    states: keys.map((key, index) => ({
      key,
      name: key,
      color: '#4945ff',
      final: states[index]!.endsWith('!'),
      onEnter: null,
    })),
    commands: steps.map(([name, from, to]) => ({
      key: name,
      name,
      from,
      to,
      roles: [],
      comment: 'none' as const,
    })),
  });
};

const layout = (draft: Draft): Layout => {
  const { nodes, edges } = drawnOf(draft);
  return layoutOf(nodes, edges, (node) => (node.isFinal ? ['Can be published'] : []));
};

const pairs = (keys: string[]): Step[] =>
  keys.flatMap((from) =>
    keys.filter((to) => to !== from).map((to): Step => [`${from}-${to}`, [from], to]),
  );

const GRAPHS: Record<string, Draft> = {
  'two states': workflow(
    ['draft', 'done!'],
    [
      ['publish', ['draft'], 'done'],
      ['take down', ['done'], 'draft'],
    ],
  ),
  'four states, each with a command to each': workflow(
    ['a', 'b', 'c', 'd!'],
    pairs(['a', 'b', 'c', 'd']),
  ),
  'eight states and short cuts': workflow(
    ['idea', 'draft', 'edit', 'legal', 'seo', 'approved!', 'published!', 'archived!'],
    [
      ['start', ['idea'], 'draft'],
      ['submit', ['draft'], 'edit'],
      ['ask legal', ['edit'], 'legal'],
      ['ask seo', ['edit'], 'seo'],
      ['fine', ['legal', 'seo'], 'approved'],
      ['reject', ['edit', 'legal', 'seo'], 'draft'],
      ['publish', ['approved'], 'published'],
      ['archive', ['published'], 'archived'],
      ['restore', ['archived'], 'draft'],
      ['publish now', ['draft'], 'published'],
      ['drop', ['draft', 'edit'], 'idea'],
    ],
  ),
  'states that cannot be reached, a dead end and a loop': workflow(
    ['a', 'b!', 'lost', 'lost too', 'stuck'],
    [
      ['go', ['a'], 'b'],
      ['in', ['lost'], 'lost too'],
      ['out', ['lost too'], 'lost'],
      ['home', ['lost too'], 'a'],
      ['fall', ['a'], 'stuck'],
      ['again', ['stuck'], 'stuck'],
    ],
  ),
  'two commands of the same way': workflow(
    ['a', 'b!'],
    [
      ['one', ['a'], 'b'],
      ['other', ['a'], 'b'],
    ],
  ),
  'names that are long or missing': workflow(
    ['a'.repeat(100), '審査中の記事をもう一度確認する', 'b!'],
    [
      ['y'.repeat(100), ['a'.repeat(100)], '審査中の記事をもう一度確認する'],
      ['', ['審査中の記事をもう一度確認する'], 'b'],
    ],
  ),
};

const meets = (one: Area, other: Area) =>
  one.x < other.x + other.width &&
  other.x < one.x + one.width &&
  one.y < other.y + other.height &&
  other.y < one.y + one.height;

const numbersOf = (path: string) => [...path.matchAll(/-?\d+(\.\d+)?/g)].map(([text]) => +text);

/** The straight parts of a path, as areas: curves stay between the columns. */
const straightParts = (path: string): Area[] => {
  const numbers = numbersOf(path.replaceAll('C', ' C '));
  expect(numbers.every(Number.isFinite)).toBe(true);
  return [...path.matchAll(/(-?[\d.]+) (-?[\d.]+) L (-?[\d.]+) (-?[\d.]+)/g)].map(
    ([, x1, y1, x2, y2]) => ({
      x: Math.min(+x1!, +x2!),
      y: Math.min(+y1!, +y2!),
      width: Math.abs(+x2! - +x1!),
      height: Math.abs(+y2! - +y1!) + 0.1,
    }),
  );
};

describe.each(Object.entries(GRAPHS))('The diagram of %s', (_name, draft) => {
  const { nodes, edges } = drawnOf(draft);
  const drawn = layout(draft);
  const labels = drawn.arrows.map(({ label }) => label);

  it('has a box for every state, and an arrow for every start of every command', () => {
    expect(drawn.boxes.map(({ node }) => node.id)).toEqual(nodes.map(({ id }) => id));
    expect(drawn.arrows.map(({ edge }) => edge.id)).toEqual(edges.map(({ id }) => id));
    const starts = draft.commands.flatMap(({ from }) => from);
    expect(drawn.arrows).toHaveLength(starts.length);
  });

  it('lets no box and no label lie on another', () => {
    const areas: Area[] = [...drawn.boxes, ...labels];
    const overlaps = areas.flatMap((one, index) =>
      areas.slice(index + 1).filter((other) => meets(one, other)),
    );
    expect(overlaps).toEqual([]);
  });

  it('fits into its size', () => {
    for (const { x, y, width, height } of [...drawn.boxes, ...labels]) {
      expect(x).toBeGreaterThanOrEqual(0);
      expect(y).toBeGreaterThanOrEqual(0);
      expect(x + width).toBeLessThanOrEqual(drawn.width);
      expect(y + height).toBeLessThanOrEqual(drawn.height);
    }
  });

  it('leads every arrow from the side of its state to the side of the other, past all boxes', () => {
    const boxOf = (id: string) => drawn.boxes.find(({ node }) => node.id === id)!;
    for (const { edge, path, tip, isBack } of drawn.arrows) {
      const [x = 0, y = 0] = numbersOf(path);
      const from = boxOf(edge.from);
      const to = boxOf(edge.to);
      expect(x).toBeCloseTo(isBack ? from.x - from.rim : from.x + from.width + from.rim, 0);
      expect(y).toBeGreaterThanOrEqual(from.y);
      expect(y).toBeLessThanOrEqual(from.y + from.height);
      expect(tip.x).toBeCloseTo(
        tip.towards === 'left' ? to.x + to.width + to.rim : to.x - to.rim,
        0,
      );
      expect(tip.y).toBeGreaterThanOrEqual(to.y);
      expect(tip.y).toBeLessThanOrEqual(to.y + to.height);
      const crossed = straightParts(path).filter((part) =>
        drawn.boxes.some((box) => meets(part, box)),
      );
      expect(crossed).toEqual([]);
    }
  });

  it('runs no arrow through the label of another', () => {
    for (const { edge, path } of drawn.arrows) {
      const others = drawn.arrows.filter((arrow) => arrow.edge.id !== edge.id);
      const struck = straightParts(path).filter((part) =>
        others.some(({ label }) => meets(part, label)),
      );
      expect(struck).toEqual([]);
    }
  });
});

describe('The diagram', () => {
  it('goes from left to right, and only what leads back points to the left', () => {
    const draft = draftFrom('simple', ((key: string) => key) as Text);
    const { boxes, arrows } = layout(draft);
    expect(boxes.map(({ x }) => x)).toEqual(boxes.map(({ x }) => x).sort((a, b) => a - b));
    const backs = arrows.filter(({ isBack }) => isBack).map(({ edge }) => edge.name);
    expect([...new Set(backs)]).toEqual([
      'workflows.template.command.reject',
      'workflows.template.command.rework',
    ]);
  });

  it('draws a short cut to the end without pulling the end to the front', () => {
    const draft = workflow(
      ['draft', 'review', 'done!'],
      [
        ['now', ['draft'], 'done'],
        ['submit', ['draft'], 'review'],
        ['approve', ['review'], 'done'],
      ],
    );
    const { nodes, edges } = drawnOf(draft);
    expect([...layersOf(nodes, edges).values()].sort()).toEqual([0, 1, 2]);
    expect(layersOf(nodes, edges).get(draft.states[2]!.id)).toBe(2);
  });

  it('stands states that cannot be reached behind all others, and marks them and dead ends', () => {
    const draft = GRAPHS['states that cannot be reached, a dead end and a loop']!;
    const { nodes, edges } = drawnOf(draft);
    const marked = (is: 'isUnreachable' | 'isStuck') =>
      nodes.filter((node) => node[is]).map(({ name }) => name);
    expect(marked('isUnreachable')).toEqual(['lost', 'lost too']);
    expect(marked('isStuck')).toEqual(['stuck']);
    const layers = layersOf(nodes, edges);
    expect(layers.get(draft.states[2]!.id)).toBe(2);
  });

  it('calls no state a dead end while none is final: that is one mistake, and said once', () => {
    const { nodes } = drawnOf(workflow(['a', 'b'], [['go', ['a'], 'b']]));
    expect(nodes.some(({ isStuck }) => isStuck)).toBe(false);
  });

  it('names the commands that cannot be drawn yet', () => {
    const draft = withNewCommand(withNewState(GRAPHS['two states']!));
    expect(drawnOf(draft).loose).toEqual(['']);
    expect(layout(draft).boxes).toHaveLength(3);
    const removed = withRemoved(draft, { part: 'states', id: draft.states[1]!.id }, null);
    expect(drawnOf(removed).loose).toEqual(['publish', 'take down', '']);
    expect(layout(removed).arrows).toEqual([]);
  });

  it('of nothing is nothing', () => {
    expect(layout(workflow([], []))).toEqual({ width: 0, height: 0, boxes: [], arrows: [] });
  });

  it('of the largest workflow is still drawn', () => {
    const keys = Array.from({ length: 50 }, (_, index) => `state-${index}`);
    const steps = keys.flatMap((key, index): Step[] =>
      [1, 2, 3, 49].map((by) => [`c-${index}-${by}`, [key], keys[(index + by) % 50]!]),
    );
    const { boxes, arrows } = layout(workflow(keys, steps));
    expect(boxes).toHaveLength(50);
    expect(arrows).toHaveLength(200);
  });

  it('is told in words to those who do not see it', () => {
    const text: Text = (key, values = {}) =>
      (en as Record<string, string>)[key]!.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
    const draft = workflow(['Draft', 'In review!'], [['Submit', ['Draft'], 'In review']]);
    expect(diagramSentence(drawnOf(draft), text)).toBe(
      'States: Draft (Start); In review (Can be published). Actions: Draft --Submit--> In review.',
    );
  });
});

describe('Things that stand in a row', () => {
  const wish = (at: number) => ({ at, size: 10, margin: 2, weight: 1 });

  it('stay where they want to be, where there is room', () => {
    expect(spread([wish(0), wish(50)])).toEqual([0, 50]);
  });

  it('give way to each other evenly, and keep their order', () => {
    expect(spread([wish(0), wish(0), wish(0)])).toEqual([-12, 0, 12]);
    expect(spread([wish(20), wish(0)])).toEqual([4, 16]);
  });

  it('give way the less the more their wish counts', () => {
    const [heavy, light] = spread([{ ...wish(0), weight: 3 }, wish(0)]);
    expect([heavy, light]).toEqual([-3, 9]);
  });
});

describe('A text in the diagram', () => {
  it('is cut where it is too wide, and never to nothing', () => {
    expect(shortened('Draft', 14, 190)).toBe('Draft');
    const cut = shortened('Awaiting the second legal opinion', 14, 100);
    expect(cut).toMatch(/^Await.*…$/);
    expect(textWidth(cut, 14)).toBeLessThanOrEqual(100);
    expect(shortened('Draft', 14, 1)).toBe('D…');
  });
});

describe('The colour of a state', () => {
  it('is one that the contract takes, whichever is chosen of the palette', () => {
    expect(PALETTE.every(({ value }) => isColor(value))).toBe(true);
  });

  it('is grey while it is half-typed', () => {
    expect(shownColor('#12')).toBe(PALETTE[0]!.value);
    expect(readableOn('#12')).toBe(readableOn(PALETTE[0]!.value));
  });

  it('is written on in black or white, whichever reads better', () => {
    expect(readableOn('#ffffff')).toBe('#181826');
    expect(readableOn('#000000')).toBe('#ffffff');
    expect(readableOn('#FFD700')).toBe('#181826');
  });

  it('of a new one is the least used', () => {
    const all = PALETTE.map(({ value }) => value);
    expect(nextColor([])).toBe(all[0]);
    expect(nextColor(all.slice(0, 3))).toBe(all[3]);
    expect(nextColor(all.map((color) => color.toUpperCase()))).toBe(all[0]);
  });
});
