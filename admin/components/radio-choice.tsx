/** A choice of one among few, each with a sentence that says what it means. */
import * as React from 'react';
import { Box, Flex, Radio, Typography } from '@strapi/design-system';

export type ExplainedOption<Value extends string> = { value: Value; label: string; hint?: string };

type Props<Value extends string> = {
  label: string;
  value: Value;
  options: readonly ExplainedOption<Value>[];
  error?: string;
  isDisabled?: boolean;
  onChange: (value: Value) => void;
};

export const RadioChoice = <Value extends string>({
  label,
  value,
  options,
  error,
  isDisabled,
  onChange,
}: Props<Value>) => {
  const id = React.useId();
  const hintId = (option: string) => `${id}-${option}-hint`;
  return (
    <Flex direction="column" alignItems="stretch" gap={2}>
      <Typography id={id} variant="pi" fontWeight="bold" textColor="neutral800">
        {label}
      </Typography>
      <Radio.Group
        aria-labelledby={id}
        value={value}
        disabled={isDisabled}
        onValueChange={(next) => onChange(next as Value)}
      >
        {options.map(({ value: option, label: name, hint }) => (
          <Box key={option}>
            <Radio.Item value={option} aria-describedby={hint && hintId(option)}>
              {name}
            </Radio.Item>
            {hint && (
              <Box paddingLeft={7}>
                <Typography id={hintId(option)} variant="pi" textColor="neutral600">
                  {hint}
                </Typography>
              </Box>
            )}
          </Box>
        ))}
      </Radio.Group>
      {error && (
        <Typography variant="pi" textColor="danger600" role="alert">
          {error}
        </Typography>
      )}
    </Flex>
  );
};
