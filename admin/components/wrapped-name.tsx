/** A name that breaks into lines where it is too long for its column; Strapi's tables do not wrap by themselves. */
import type * as React from 'react';

type Props = {
  children: React.ReactNode;
  /** No more than these; the whole is shown by the mouse. */
  maxLines?: number;
};

const clamped = (maxLines: number): React.CSSProperties => ({
  display: '-webkit-inline-box',
  WebkitBoxOrient: 'vertical',
  WebkitLineClamp: maxLines,
  overflow: 'hidden',
});

/** `anywhere`, or one long word would reach over its neighbours; not narrower than a word, or columns shrink to letters. */
export const WrappedName = ({ children, maxLines }: Props) => (
  <span
    title={maxLines && typeof children === 'string' ? children : undefined}
    style={{
      display: 'inline-block',
      minWidth: 'min(9rem, 100%)',
      whiteSpace: 'normal',
      overflowWrap: 'anywhere',
      ...(maxLines ? clamped(maxLines) : {}),
    }}
  >
    {children}
  </span>
);
