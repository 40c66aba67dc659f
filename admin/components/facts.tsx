/** A few facts in a row, each under its name. */
import { Box, Flex, Typography } from '@strapi/design-system';

type Props = {
  /** Says what the facts are about, to screen readers. */
  label: string;
  /** Name and value of each. */
  facts: readonly (readonly [string, string])[];
};

export const Facts = ({ label, facts }: Props) => (
  <Flex
    tag="dl"
    aria-label={label}
    gap={6}
    wrap="wrap"
    alignItems="flex-start"
    background="neutral100"
    hasRadius
    padding={4}
    margin={0}
  >
    {facts.map(([name, value]) => (
      <Box key={name} minWidth={0}>
        <Typography tag="dt" variant="pi" fontWeight="bold" textColor="neutral600">
          {name}
        </Typography>
        <Typography tag="dd" style={{ margin: 0, overflowWrap: 'anywhere' }}>
          {value}
        </Typography>
      </Box>
    ))}
  </Flex>
);
