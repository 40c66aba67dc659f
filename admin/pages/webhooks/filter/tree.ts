/** The filter as the builder edits it: every group has a word and may be negated, every part a key to be told apart by. */
import {
  isAnd,
  isNot,
  isOr,
  type Condition,
  type Filter,
} from '../../../../server/contract/filter';

export type ConditionNode = { kind: 'condition'; key: string } & Condition;
export type GroupNode = {
  kind: 'group';
  key: string;
  join: 'and' | 'or';
  isNegated: boolean;
  children: FilterNode[];
};
export type FilterNode = ConditionNode | GroupNode;

let made = 0;
/** Unique within this browser tab, which is as far as a key goes. */
export const nextKey = () => `part-${(made += 1)}`;

export const blankCondition = (): ConditionNode => ({
  kind: 'condition',
  key: nextKey(),
  field: '',
  op: 'eq',
  value: '',
});

const group = (join: 'and' | 'or', children: FilterNode[], isNegated = false): GroupNode => ({
  kind: 'group',
  key: nextKey(),
  join,
  isNegated,
  children,
});

export const blankGroup = (): GroupNode => group('and', [blankCondition()]);

const nodeOf = (filter: Filter): FilterNode => {
  if (isAnd(filter)) return group('and', filter.and.map(nodeOf));
  if (isOr(filter)) return group('or', filter.or.map(nodeOf));
  if (!isNot(filter)) return { kind: 'condition', key: nextKey(), ...filter };
  const inner = nodeOf(filter.not);
  return inner.kind === 'group' && !inner.isNegated
    ? { ...inner, isNegated: true }
    : group('and', [inner], true);
};

/** The builder always shows a group at the root; a bare condition becomes a group of one. */
export const treeOf = (filter: Filter | null): GroupNode | null => {
  if (filter === null) return null;
  const node = nodeOf(filter);
  return node.kind === 'group' ? node : group('and', [node]);
};

const conditionOf = ({ field, op, value }: ConditionNode): Condition =>
  value === undefined ? { field, op } : { field, op, value };

export const filterOf = (node: FilterNode): Filter => {
  if (node.kind === 'condition') return conditionOf(node);
  const parts = node.children.map(filterOf);
  const joined: Filter = node.join === 'and' ? { and: parts } : { or: parts };
  return node.isNegated ? { not: joined } : joined;
};

/** Where the validation's messages speak of the child at `index`; `path` is the group's own. */
export const childPath = ({ join, isNegated }: GroupNode, path: string, index: number) =>
  `${path}${isNegated ? '.not' : ''}.${join}.${index}`;

/** Without the child; null once nothing is left, so that no group is ever empty. */
export const without = (node: GroupNode, key: string): GroupNode | null => {
  const children = node.children.filter((child) => child.key !== key);
  return children.length === 0 ? null : { ...node, children };
};

export const withChild = (node: GroupNode, child: FilterNode): GroupNode => ({
  ...node,
  children: node.children.map((other) => (other.key === child.key ? child : other)),
});
