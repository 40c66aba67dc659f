/** A workflow state in its colour. The writing is black or white, so that any colour reads on any theme. */
import { Box, Typography } from '@strapi/design-system';
import type { StateAnswer } from '../../server/contract/document';
import { readableOn, shownColor } from './color';

type Named = Pick<StateAnswer, 'name' | 'color'>;

export const StateBadge = ({ state: { name, color } }: { state: Named }) => (
  <Box
    tag="span"
    display="inline-block"
    hasRadius
    borderColor="neutral200"
    paddingLeft={2}
    paddingRight={2}
    paddingTop={1}
    paddingBottom={1}
    maxWidth="100%"
    style={{ backgroundColor: shownColor(color) }}
  >
    <Typography
      variant="pi"
      fontWeight="bold"
      ellipsis
      tag="span"
      title={name}
      style={{ color: readableOn(color), display: 'block' }}
    >
      {name}
    </Typography>
  </Box>
);

/** Only decoration: the state's name stands beside it. */
export const StateDot = ({ color }: Pick<StateAnswer, 'color'>) => (
  <Box
    aria-hidden
    tag="span"
    display="inline-block"
    shrink={0}
    width="0.8rem"
    height="0.8rem"
    borderRadius="50%"
    borderColor="neutral200"
    style={{ backgroundColor: shownColor(color) }}
  />
);
