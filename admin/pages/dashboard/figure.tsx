/** One number that matters, with its name above and what it means below. */
import type * as React from 'react';
import { Box, Typography, type TypographyProps } from '@strapi/design-system';
import { styled } from 'styled-components';

/** As many side by side as there is room for. */
export const FigureGrid = styled.dl`
  display: grid;
  grid-template-columns: repeat(auto-fit, minmax(15rem, 1fr));
  gap: 1.2rem;
  margin: 0;
`;

type Props = {
  name: string;
  value: React.ReactNode;
  note?: React.ReactNode;
  textColor?: TypographyProps['textColor'];
};

export const Figure = ({ name, value, note, textColor }: Props) => (
  <Box background="neutral0" hasRadius shadow="tableShadow" padding={4}>
    <Typography tag="dt" variant="pi" textColor="neutral600">
      {name}
    </Typography>
    <Typography tag="dd" variant="alpha" textColor={textColor} style={{ margin: 0 }}>
      {value}
    </Typography>
    <Typography
      tag="dd"
      variant="pi"
      textColor="neutral600"
      style={{ margin: 0, minHeight: '2rem' }}
    >
      {note}
    </Typography>
  </Box>
);
