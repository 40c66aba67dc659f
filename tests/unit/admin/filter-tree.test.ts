/** The filter that the builder shows means what the stored one means. */
import fc from 'fast-check';
import {
  blankCondition,
  blankGroup,
  childPath,
  filterOf,
  treeOf,
  without,
  type GroupNode,
} from '../../../admin/pages/webhooks/filter/tree';
import type { Filter } from '../../../server/contract/filter';
import type { WebhookEvent } from '../../../server/contract/event';
import { passes } from '../../../server/match/filter';

const condition = fc.record({
  field: fc.constantFrom('entry.a', 'entry.b', 'entry.c'),
  op: fc.constantFrom('eq' as const, 'ne' as const, 'exists' as const),
  value: fc.boolean(),
});

const { filter } = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 4 },
    condition,
    fc.record({ and: fc.array(tie('filter'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ or: fc.array(tie('filter'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ not: tie('filter') }),
  ),
}));

const entries = [true, false, null].flatMap((a) =>
  [true, false, null].flatMap((b) => [true, false].map((c) => ({ a, b, c }))),
);

const eventWith = (entry: Record<string, unknown>) =>
  ({ entry, previous: null, changes: [], actor: { type: 'system', id: null, name: null } }) as Pick<
    WebhookEvent,
    'entry' | 'previous' | 'changes' | 'actor'
  >;

const there = (root: GroupNode | null) => root as GroupNode;

describe('The filter builder', () => {
  test('lets through the same events as the stored filter, however it is nested and negated', () => {
    fc.assert(
      fc.property(filter, (stored) => {
        const shown = filterOf(there(treeOf(stored)));
        for (const entry of entries) {
          expect(passes(shown, eventWith(entry))).toBe(passes(stored, eventWith(entry)));
        }
      }),
    );
  });

  test('stores what was loaded unchanged, once it has its form', () => {
    fc.assert(
      fc.property(filter, (stored) => {
        const once = filterOf(there(treeOf(stored)));
        expect(filterOf(there(treeOf(once)))).toEqual(once);
      }),
    );
  });

  test('names each part by the path at which the validation speaks of it', () => {
    const root = there(
      treeOf({
        not: {
          or: [{ field: 'entry.a', op: 'exists' }, { and: [{ field: 'entry.b', op: 'exists' }] }],
        },
      }),
    );
    expect(childPath(root, 'filter', 1)).toBe('filter.not.or.1');
    const inner = root.children[1] as GroupNode;
    expect(childPath(inner, 'filter.not.or.1', 0)).toBe('filter.not.or.1.and.0');
  });

  test('is gone with its last condition, so that no empty group is ever sent', () => {
    const group = { ...blankGroup(), children: [blankCondition(), blankCondition()] };
    const [first, second] = group.children;
    const one = without(group, first!.key);
    expect(one?.children).toEqual([second]);
    expect(without(one as GroupNode, second!.key)).toBeNull();
    expect(treeOf(null)).toBeNull();
  });
});
