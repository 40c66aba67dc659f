/** A secret that is written and never read: a stored one is shown as there, and stays unless another is typed. */
import * as React from 'react';
import { Field } from '@strapi/design-system';
import { Eye, EyeStriked } from '@strapi/icons';
import { MASK } from '../../../server/contract/names';
import { Labelled } from '../../components/labelled';
import { PlainInput } from '../../components/plain-input';
import { useText } from '../../translations/use-text';

type Props = {
  name: string;
  label: string;
  value: string;
  error?: string;
  /** Whether the server holds one. */
  isStored: boolean;
  isReadOnly: boolean;
  onChange: (value: string) => void;
};

export const SecretInput = ({ name, label, value, error, isStored, ...props }: Props) => {
  const text = useText();
  const [isShown, setShown] = React.useState(false);
  const keepsStored = isStored && value === '';
  return (
    <Labelled
      name={name}
      label={label}
      error={error}
      hint={keepsStored ? text('authorizations.storedHint') : undefined}
      isRequired={!isStored}
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
