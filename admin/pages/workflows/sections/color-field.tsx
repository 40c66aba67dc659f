/** A state's colour: from a palette, or as hex digits. */
import * as React from 'react';
import { Box, Flex, Popover } from '@strapi/design-system';
import { styled } from 'styled-components';
import { Labelled } from '../../../components/labelled';
import { PlainInput } from '../../../components/plain-input';
import { useText } from '../../../translations/use-text';
import { PALETTE, readableOn, shownColor } from '../../../domain/color';

const Swatch = styled.button<{ $color: string }>`
  width: 2.8rem;
  height: 2.8rem;
  padding: 0;
  cursor: pointer;
  color: ${({ $color }) => readableOn($color)};
  background: ${({ $color }) => shownColor($color)};
  border: 1px solid ${({ theme }) => theme.colors.neutral300};
  border-radius: ${({ theme }) => theme.borderRadius};

  &:disabled {
    cursor: not-allowed;
  }

  &:focus-visible {
    outline: 2px solid ${({ theme }) => theme.colors.primary600};
    outline-offset: 2px;
  }
`;

type Props = {
  path: string;
  /** Of the state, for those who hear the buttons. */
  name: string;
  value: string;
  error?: string;
  isReadOnly: boolean;
  onChange: (color: string) => void;
  onBlur: () => void;
};

const Palette = ({ value, onChoose }: { value: string; onChoose: (color: string) => void }) => {
  const text = useText();
  return (
    <Flex
      gap={2}
      wrap="wrap"
      width="25.6rem"
      padding={3}
      role="group"
      aria-label={text('workflows.palette')}
    >
      {PALETTE.map((color) => (
        <Swatch
          key={color.value}
          type="button"
          $color={color.value}
          title={text(color.name)}
          aria-label={text(color.name)}
          aria-pressed={color.value === value.toLowerCase()}
          onClick={() => onChoose(color.value)}
        >
          {color.value === value.toLowerCase() ? '✓' : ''}
        </Swatch>
      ))}
    </Flex>
  );
};

export const ColorField = ({ path, name, value, error, isReadOnly, onChange, onBlur }: Props) => {
  const text = useText();
  const [isOpen, setOpen] = React.useState(false);
  const choose = (color: string) => {
    onChange(color);
    setOpen(false);
  };
  const swatch = (
    <Popover.Root open={isOpen} onOpenChange={setOpen}>
      <Popover.Trigger>
        <Swatch
          type="button"
          $color={value}
          disabled={isReadOnly}
          aria-label={text('workflows.chooseColor', { name })}
        />
      </Popover.Trigger>
      <Popover.Content align="start">
        <Palette value={value} onChoose={choose} />
      </Popover.Content>
    </Popover.Root>
  );
  return (
    <Labelled name={path} label={text('workflows.color')} error={error}>
      <Flex gap={2} alignItems="center">
        {swatch}
        <Box flex="1" minWidth="8rem">
          <PlainInput
            value={value}
            disabled={isReadOnly}
            spellCheck={false}
            onChange={onChange}
            onBlur={onBlur}
          />
        </Box>
      </Flex>
    </Labelled>
  );
};
