/** A list that is typed one entry a line, so that many can be pasted at once. */
import { Textarea } from '@strapi/design-system';
import type { FieldProblems } from '../services/problem';
import { Labelled } from './labelled';
import { lineProblems } from './lines';

type Props = {
  name: string;
  label: string;
  hint?: string;
  value: string;
  placeholder?: string;
  problems: FieldProblems;
  isReadOnly: boolean;
  onChange: (value: string) => void;
};

export const LineList = ({ name, label, hint, value, placeholder, ...props }: Props) => (
  <Labelled name={name} label={label} hint={hint} error={lineProblems(name, value, props.problems)}>
    <Textarea
      value={value}
      placeholder={placeholder}
      rows={3}
      spellCheck={false}
      disabled={props.isReadOnly}
      onChange={(event) => props.onChange(event.target.value)}
    />
  </Labelled>
);
