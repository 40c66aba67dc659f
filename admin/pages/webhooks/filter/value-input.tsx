/** The input of a condition's value: yes or no, a date or a time, one value, or several, one a line. */
import * as React from 'react';
import { Textarea } from '@strapi/design-system';
import type { Condition } from '../../../../server/contract/filter';
import { Choice } from '../../../components/choice';
import { PlainInput } from '../../../components/plain-input';
import { useText } from '../../../translations/use-text';
import { MomentInput } from './moment-input';
import { typedValue, type ValueKind } from './fields';

type Props = {
  value: Condition['value'];
  kind: ValueKind;
  isList: boolean;
  isDisabled: boolean;
  onChange: (value: Condition['value']) => void;
};

const lineText = (value: Condition['value']) =>
  Array.isArray(value) ? value.map(String).join('\n') : String(value ?? '');

/** Keeps what is typed, also an empty last line, which the list of values does not hold. */
const ListInput = ({ value, kind, isDisabled, onChange }: Props) => {
  const [typed, setTyped] = React.useState(lineText(value));
  const change = (next: string) => {
    setTyped(next);
    const lines = next.split('\n').filter((line) => line !== '');
    onChange(lines.map((line) => typedValue(line, kind)));
  };
  return (
    <Textarea
      value={typed}
      disabled={isDisabled}
      onChange={(event) => change(event.target.value)}
    />
  );
};

/** Keeps what is typed, as "1." on the way to "1.5", which the number does not hold. */
const SingleInput = ({ value, kind, isDisabled, onChange }: Props) => {
  const [typed, setTyped] = React.useState(lineText(value));
  const isStale = typedValue(typed, kind) !== (value ?? '');
  return (
    <PlainInput
      value={isStale ? lineText(value) : typed}
      inputMode={kind === 'number' ? 'decimal' : 'text'}
      disabled={isDisabled}
      onChange={(next) => {
        setTyped(next);
        onChange(typedValue(next, kind));
      }}
    />
  );
};

const BooleanInput = ({ value, isDisabled, onChange }: Props) => {
  const text = useText();
  return (
    <Choice<'true' | 'false'>
      value={value === false ? 'false' : 'true'}
      options={[
        { value: 'true', label: text('common.yes') },
        { value: 'false', label: text('common.no') },
      ]}
      isDisabled={isDisabled}
      onChange={(next) => onChange(next === 'true')}
    />
  );
};

export const ValueInput = (props: Props) => {
  if (props.isList) return <ListInput {...props} />;
  switch (props.kind) {
    case 'boolean':
      return <BooleanInput {...props} />;
    case 'datetime':
    case 'date':
    case 'time':
      return <MomentInput {...props} kind={props.kind} />;
    default:
      return <SingleInput {...props} />;
  }
};
