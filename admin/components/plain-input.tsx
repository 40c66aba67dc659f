/** A text input that hands over its text, and keeps browsers from filling in what they know. */
import { TextInput, type TextInputProps } from '@strapi/design-system';

type Props = Omit<TextInputProps, 'onChange' | 'value'> & {
  value: string;
  onChange: (value: string) => void;
};

export const PlainInput = ({ onChange, type = 'text', ...props }: Props) => (
  <TextInput
    {...props}
    type={type}
    autoComplete={type === 'password' ? 'new-password' : 'off'}
    onChange={(event) => onChange(event.target.value)}
  />
);
