/** Details that are folded away until somebody wants to know. */
import * as React from 'react';
import { Box, Flex, TextButton } from '@strapi/design-system';
import { ChevronDown, ChevronUp } from '@strapi/icons';

type Props = { label: string; children: React.ReactNode };

export const Folded = ({ label, children }: Props) => {
  const [isOpen, setOpen] = React.useState(false);
  const id = React.useId();
  return (
    <Flex direction="column" alignItems="flex-start" gap={2} width="100%">
      <TextButton
        type="button"
        aria-expanded={isOpen}
        aria-controls={id}
        endIcon={isOpen ? <ChevronUp /> : <ChevronDown />}
        onClick={() => setOpen(!isOpen)}
      >
        {label}
      </TextButton>
      <Box id={id} hidden={!isOpen} width="100%">
        {isOpen && children}
      </Box>
    </Flex>
  );
};
