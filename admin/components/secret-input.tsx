/** A secret that is written and never read: a stored one is shown as there, and stays unless another is typed. */
import * as React from 'react';
import { Field } from '@strapi/design-system';
import { Eye, EyeStriked } from '@strapi/icons';
import { MASK } from '../../server/contract/names';
import { Labelled } from './labelled';
import { PlainInput } from './plain-input';
import { useText } from '../translations/use-text';

export type SecretProps = {
  name: string;
  label: string;
  /** What it is, where its label does not say enough; beside a stored one, that it is kept. */
  hint?: string;
  value: string;
  error?: string;
  /** Whether the server holds one. */
  isStored: boolean;
  isOptional?: boolean;
  isReadOnly: boolean;
  onChange: (value: string) => void;
};

/** "Stored. Leave it empty to keep it", as long as that is what will happen. */
export const useSecretHint = ({ hint, value, isStored }: SecretProps) => {
  const text = useText();
  const kept = isStored && value === '' ? text('authorizations.storedHint') : null;
  return [kept, hint].filter(Boolean).join(' ') || undefined;
};

export const SecretInput = (props: SecretProps) => {
  const { name, label, value, error, isStored } = props;
  const text = useText();
  const hint = useSecretHint(props);
  const [isShown, setShown] = React.useState(false);
  return (
    <Labelled
      name={name}
      label={label}
      error={error}
      hint={hint}
      isRequired={!isStored && !props.isOptional}
    >
      <PlainInput
        type={isShown ? 'text' : 'password'}
        value={value}
        placeholder={isStored ? MASK : undefined}
        disabled={props.isReadOnly}
        onChange={props.onChange}
        endAction={
          value !== '' && (
            <Field.Action
              label={text(isShown ? 'authorizations.hide' : 'authorizations.show')}
              onClick={() => setShown(!isShown)}
            >
              {isShown ? <Eye /> : <EyeStriked />}
            </Field.Action>
          )
        }
      />
    </Labelled>
  );
};
