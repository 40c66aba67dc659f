/** A form field with its label, hint and error, tied together for screen readers by Field.Root. */
import type * as React from 'react';
import { Field } from '@strapi/design-system';

type Props = {
  name: string;
  label: string;
  hint?: React.ReactNode;
  error?: string;
  isRequired?: boolean;
  /** A small button or link beside the label. */
  labelAction?: React.ReactNode;
  children: React.ReactNode;
};

export const Labelled = ({ name, label, hint, error, isRequired, ...props }: Props) => (
  <Field.Root name={name} hint={hint} error={error} required={isRequired} width="100%">
    <Field.Label action={props.labelAction}>{label}</Field.Label>
    {props.children}
    <Field.Error />
    <Field.Hint />
  </Field.Root>
);
