/** One condition: a field, an operator, and what it is compared with. */
import { Box, Flex } from '@strapi/design-system';
import type { FilterOperator } from '../../../../server/contract/filter';
import { Choice } from '../../../components/choice';
import { Labelled } from '../../../components/labelled';
import { RemoveButton } from '../../../components/remove-button';
import { useText } from '../../../translations/use-text';
import { operatorsFor, valueKind, withFittingValue, type ValueKind } from './fields';
import { FieldPicker } from './field-picker';
import type { FilterProps } from './filter-props';
import type { ConditionNode } from './tree';
import { ValueInput } from './value-input';

type Props = FilterProps & {
  condition: ConditionNode;
  onChange: (condition: ConditionNode) => void;
  onRemove: () => void;
};

const OperatorChoice = ({ condition, types, path, problems, isReadOnly, onChange }: Props) => {
  const text = useText();
  const fitting = operatorsFor(condition.field, types);
  const offered = fitting.includes(condition.op) ? fitting : [condition.op, ...fitting];
  return (
    <Labelled name={`${path}.op`} label={text('filter.operator')} error={problems[`${path}.op`]}>
      <Choice<FilterOperator>
        value={condition.op}
        options={offered.map((value) => ({ value, label: text(`operator.${value}`) }))}
        isDisabled={isReadOnly}
        onChange={(op) => onChange(withFittingValue({ ...condition, op }, types))}
      />
    </Labelled>
  );
};

const FieldChoice = ({ condition, types, path, problems, isReadOnly, onChange }: Props) => {
  const text = useText();
  const change = (field: string) => {
    const fitting = operatorsFor(field, types);
    const op = fitting.includes(condition.op) ? condition.op : (fitting[0] ?? condition.op);
    onChange(withFittingValue({ ...condition, field, op }, types));
  };
  return (
    <Labelled name={`${path}.field`} label={text('filter.field')} error={problems[`${path}.field`]}>
      <FieldPicker
        value={condition.field}
        types={types}
        isDisabled={isReadOnly}
        hasError={problems[`${path}.field`] !== undefined}
        onChange={change}
      />
    </Labelled>
  );
};

/** How several values are written, and which time zone a picked moment is in. */
const useValueHint = (kind: ValueKind, isList: boolean): string | undefined => {
  const text = useText();
  if (!isList) return kind === 'datetime' ? text('filter.momentHint') : undefined;
  return kind === 'datetime' || kind === 'date' || kind === 'time'
    ? text(`filter.valuesHint.${kind}`)
    : text('filter.valuesHint');
};

const ValueField = ({ condition, types, path, problems, isReadOnly, onChange }: Props) => {
  const text = useText();
  const isList = condition.op === 'in' || condition.op === 'notIn';
  const kind = valueKind(condition, types);
  const hint = useValueHint(kind, isList);
  return (
    <Labelled
      name={`${path}.value`}
      label={text(isList ? 'filter.values' : 'filter.value')}
      hint={hint}
      error={problems[`${path}.value`]}
    >
      <ValueInput
        value={condition.value}
        kind={kind}
        isList={isList}
        isDisabled={isReadOnly}
        onChange={(value) => onChange({ ...condition, value })}
      />
    </Labelled>
  );
};

export const FilterCondition = (props: Props) => {
  const text = useText();
  return (
    <Flex gap={2} alignItems="flex-start" role="group" aria-label={text('filter.condition')}>
      <Box flex="1" minWidth={0}>
        <FieldChoice {...props} />
      </Box>
      <Box flex="1" minWidth={0}>
        <OperatorChoice {...props} />
      </Box>
      <Box flex="1" minWidth={0}>
        <ValueField {...props} />
      </Box>
      <Box paddingTop={6}>
        <RemoveButton
          label={text('filter.removeCondition')}
          isDisabled={props.isReadOnly}
          onRemove={props.onRemove}
        />
      </Box>
    </Flex>
  );
};
