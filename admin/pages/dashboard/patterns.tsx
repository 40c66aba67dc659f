/** How the series of a chart are told apart without colours: each has a pattern of its own. */
import type { DefaultTheme } from 'styled-components';
import type { SeriesName } from './series';

/** Told apart by all three common kinds of colour blindness, on light and on dark. */
export const colorOf = (name: SeriesName, colors: DefaultTheme['colors']): string =>
  ({
    delivered: colors.secondary500,
    waiting: colors.neutral400,
    retrying: colors.warning500,
    dead: colors.danger600,
    cancelled: colors.neutral600,
  })[name];

const SIZE = 8;

/** Lines and dots over the colour, in the colour of the ground. */
const Marks = ({ name, ground }: { name: SeriesName; ground: string }) => {
  const line = { stroke: ground, strokeWidth: 2 };
  switch (name) {
    case 'delivered':
      return null;
    case 'waiting':
      return <circle cx={4} cy={4} r={1.5} fill={ground} />;
    case 'retrying':
      return <path d="M-2,2 l4,-4 M0,8 l8,-8 M6,10 l4,-4" {...line} />;
    case 'dead':
      return <path d="M0,0 l8,8 M8,0 l-8,8" {...line} strokeWidth={1.2} />;
    case 'cancelled':
      return <path d="M0,4 h8" {...line} />;
  }
};

export const patternId = (id: string, name: SeriesName) => `${id}-${name}`;

type Props = { id: string; names: readonly SeriesName[]; colors: DefaultTheme['colors'] };

export const Patterns = ({ id, names, colors }: Props) => (
  <defs>
    {names.map((name) => (
      <pattern
        key={name}
        id={patternId(id, name)}
        width={SIZE}
        height={SIZE}
        patternUnits="userSpaceOnUse"
      >
        <rect width={SIZE} height={SIZE} fill={colorOf(name, colors)} />
        <Marks name={name} ground={colors.neutral0} />
      </pattern>
    ))}
  </defs>
);
