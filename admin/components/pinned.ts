/**
 * Keeps the last columns of a wide table in view: it scrolls below them. The switch and the menu of a row would be out of
 * reach behind a long name otherwise.
 */

/** `last` is the width of the last column, which the one before it has to leave free. */
const RIGHT = { last: '0', beforeLast: '6.4rem' } as const;
export type Pin = keyof typeof RIGHT;

const pinned = (pin: Pin, background: 'neutral0' | 'neutral100') => ({
  position: 'sticky' as const,
  right: RIGHT[pin],
  zIndex: 1,
  background,
  ...(pin === 'last' ? { width: RIGHT.beforeLast, minWidth: RIGHT.beforeLast } : {}),
});

export const pinnedCell = (pin: Pin) => pinned(pin, 'neutral0');
export const pinnedHeader = (pin: Pin) => pinned(pin, 'neutral100');
