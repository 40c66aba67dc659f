/** How far something is, as a bar over the whole width. The design system's is short, and drawn for dark ground. */
import { Box } from '@strapi/design-system';

type Props = { ended: number; total: number; label: string };

export const ProgressLine = ({ ended, total, label }: Props) => (
  <Box
    role="progressbar"
    aria-label={label}
    aria-valuenow={ended}
    aria-valuemin={0}
    aria-valuemax={total}
    background="neutral200"
    hasRadius
    overflow="hidden"
  >
    <Box background="primary600" height="0.6rem" style={{ width: `${(100 * ended) / total}%` }} />
  </Box>
);
