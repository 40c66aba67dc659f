/** A group of conditions and of further groups: all, any, or none of them must hold. */
import { Box, Button, Flex, Typography } from '@strapi/design-system';
import { Plus } from '@strapi/icons';
import { FILTER_MAX_DEPTH } from '../../../../server/contract/filter';
import { Choice } from '../../../components/choice';
import { RemoveButton } from '../../../components/remove-button';
import { useText } from '../../../translations/use-text';
import type { FilterProps } from './filter-props';
import { FilterCondition } from './filter-condition';
import {
  blankCondition,
  blankGroup,
  childPath,
  withChild,
  without,
  type FilterNode,
  type GroupNode,
} from './tree';

/** The four things a group can mean, as one choice. */
const MEANINGS = {
  all: { join: 'and', isNegated: false },
  any: { join: 'or', isNegated: false },
  none: { join: 'or', isNegated: true },
  notAll: { join: 'and', isNegated: true },
} as const;
type Meaning = keyof typeof MEANINGS;

const meaningOf = ({ join, isNegated }: GroupNode): Meaning =>
  join === 'and' ? (isNegated ? 'notAll' : 'all') : isNegated ? 'none' : 'any';

type Props = FilterProps & {
  group: GroupNode;
  /** 1 at the root. */
  depth: number;
  /** Null: the group is empty, and gone. */
  onChange: (group: GroupNode | null) => void;
};

const MeaningChoice = ({ group, isReadOnly, onChange }: Props) => {
  const text = useText();
  return (
    <Choice
      label={text('filter.meaning')}
      value={meaningOf(group)}
      options={(Object.keys(MEANINGS) as Meaning[]).map((value) => ({
        value,
        label: text(`filter.meaning.${value}`),
      }))}
      isDisabled={isReadOnly}
      onChange={(meaning) => onChange({ ...group, ...MEANINGS[meaning] })}
    />
  );
};

const AddButtons = ({ group, depth, isReadOnly, onChange }: Props) => {
  const text = useText();
  const add = (node: FilterNode) => onChange({ ...group, children: [...group.children, node] });
  return (
    <Flex gap={2} wrap="wrap">
      <Button
        variant="tertiary"
        startIcon={<Plus />}
        disabled={isReadOnly}
        onClick={() => add(blankCondition())}
      >
        {text('filter.addCondition')}
      </Button>
      {/* A negated group counts twice, so the deepest level leaves room for it. */}
      {depth * 2 + 1 < FILTER_MAX_DEPTH && (
        <Button
          variant="tertiary"
          startIcon={<Plus />}
          disabled={isReadOnly}
          onClick={() => add(blankGroup())}
        >
          {text('filter.addGroup')}
        </Button>
      )}
    </Flex>
  );
};

const Child = ({ child, ...props }: FilterProps & ChildProps) =>
  child.kind === 'group' ? (
    <FilterGroup
      {...props}
      group={child}
      onChange={(next) => (next ? props.onChange(next) : props.onRemove())}
    />
  ) : (
    <FilterCondition {...props} condition={child} />
  );

type ChildProps = {
  child: FilterNode;
  depth: number;
  onChange: (node: FilterNode) => void;
  onRemove: () => void;
};

export const FilterGroup = (props: Props) => {
  const { group, path, depth, problems, isReadOnly, onChange } = props;
  const text = useText();
  return (
    <Box
      role="group"
      aria-label={text(`filter.meaning.${meaningOf(group)}`)}
      background={depth % 2 === 0 ? 'neutral100' : 'neutral0'}
      borderColor="neutral200"
      hasRadius
      padding={4}
    >
      <Flex direction="column" alignItems="stretch" gap={4}>
        <Flex justifyContent="space-between" gap={2}>
          <Box flex="1" maxWidth="32rem">
            <MeaningChoice {...props} />
          </Box>
          {depth > 1 && (
            <RemoveButton
              label={text('filter.removeGroup')}
              isDisabled={isReadOnly}
              onRemove={() => onChange(null)}
            />
          )}
        </Flex>
        {group.children.map((child, index) => (
          <Child
            key={child.key}
            child={child}
            path={childPath(group, path, index)}
            depth={depth + 1}
            types={props.types}
            problems={problems}
            isReadOnly={isReadOnly}
            onChange={(next) => onChange(withChild(group, next))}
            onRemove={() => onChange(without(group, child.key))}
          />
        ))}
        {depth > 1 && problems[path] && (
          <Typography variant="pi" textColor="danger600" role="alert">
            {problems[path]}
          </Typography>
        )}
        <AddButtons {...props} />
      </Flex>
    </Box>
  );
};
