/** A select of a workflow's states, each with its colour. */
import { SingleSelect, SingleSelectOption } from '@strapi/design-system';
import { StateDot } from '../../domain/state-badge';
import type { StateChoice as State } from './workflow-place';

type Props = {
  /** A state that is gone stays visible by its key. */
  value: string | null;
  states: readonly State[];
  placeholder: string;
  isDisabled: boolean;
  onChange: (key: string) => void;
};

export const StateChoice = ({ value, states, placeholder, isDisabled, onChange }: Props) => {
  const chosen = states.find(({ key }) => key === value);
  return (
    <SingleSelect
      value={value}
      placeholder={placeholder}
      disabled={isDisabled}
      startIcon={chosen && <StateDot color={chosen.color} />}
      onChange={(next) => onChange(String(next))}
    >
      {states.map(({ key, name, color }) => (
        <SingleSelectOption key={key} value={key} startIcon={<StateDot color={color} />}>
          {name}
        </SingleSelectOption>
      ))}
      {value !== null && !chosen && <SingleSelectOption value={value}>{value}</SingleSelectOption>}
    </SingleSelect>
  );
};
