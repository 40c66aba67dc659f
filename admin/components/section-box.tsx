/** A titled box of a form or of a detail page. */
import type * as React from 'react';
import { Box, Flex, Typography } from '@strapi/design-system';

type Props = {
  title: string;
  description?: string;
  action?: React.ReactNode;
  children: React.ReactNode;
};

export const SectionBox = ({ title, description, action, children }: Props) => (
  <Box tag="section" aria-label={title} background="neutral0" hasRadius shadow="tableShadow">
    <Flex direction="column" alignItems="stretch" gap={4} padding={6}>
      <Flex justifyContent="space-between" alignItems="flex-start" gap={4}>
        <Flex direction="column" alignItems="flex-start" gap={1} flex="1" minWidth={0}>
          <Typography variant="delta" tag="h2">
            {title}
          </Typography>
          {description && (
            <Typography variant="pi" textColor="neutral600">
              {description}
            </Typography>
          )}
        </Flex>
        {action}
      </Flex>
      {children}
    </Flex>
  </Box>
);
