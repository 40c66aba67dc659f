/** A state's name with its colour. The name carries the meaning; the colour only helps to find it again. */
import { Box, Flex, Typography } from '@strapi/design-system';
import type { WorkflowState } from '../../../server/contract/workflow';
import { shownColor } from '../../domain/color';

export const Dot = ({ color }: { color: string }) => (
  <Box
    aria-hidden
    shrink={0}
    width="1rem"
    height="1rem"
    borderRadius="50%"
    style={{ backgroundColor: shownColor(color) }}
  />
);

type Marked = Pick<WorkflowState, 'name' | 'color'>;

export const StateMark = ({ state }: { state: Marked }) => (
  <Flex
    tag="span"
    display="inline-flex"
    gap={2}
    maxWidth="16rem"
    paddingLeft={2}
    paddingRight={2}
    paddingTop={1}
    paddingBottom={1}
    background="neutral100"
    borderColor="neutral200"
    hasRadius
  >
    <Dot color={state.color} />
    <Typography variant="pi" textColor="neutral800" ellipsis title={state.name}>
      {state.name}
    </Typography>
  </Flex>
);

type StripProps = {
  states: readonly (Marked & { key: string })[];
  /** So many at most; the rest is counted. */
  max?: number;
};

/** The states of a workflow in a line, as far as there is room. */
export const StateStrip = ({ states, max = 6 }: StripProps) => (
  <Flex tag="ol" gap={1} wrap="wrap" padding={0}>
    {states.slice(0, max).map((state) => (
      <Flex tag="li" key={state.key} minWidth={0}>
        <StateMark state={state} />
      </Flex>
    ))}
    {states.length > max && (
      <li>
        <Typography variant="pi" textColor="neutral600">{`+${states.length - max}`}</Typography>
      </li>
    )}
  </Flex>
);
