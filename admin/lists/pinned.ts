/**
 * Keeps the last columns of a wide table in view: the others scroll below them. Behind a long name, the switch and the
 * menu of a row would be out of reach otherwise.
 */

/**
 * How far from the edge of what scrolls: it has a padding of 2.4rem, in which other columns would show, so the last
 * column, 6.4rem wide, covers the padding.
 */
const RIGHT = { last: '-2.4rem', beforeLast: '4rem' } as const;
export type Pin = keyof typeof RIGHT;

export const pinned = (pin: Pin) => ({
  position: 'sticky' as const,
  right: RIGHT[pin],
  zIndex: 1,
  background: 'neutral0' as const,
  ...(pin === 'last' ? { width: '6.4rem', minWidth: '6.4rem' } : {}),
});
