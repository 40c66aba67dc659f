/** A name that breaks into lines where it is too long for its column; Strapi's tables do not wrap by themselves. */
import type * as React from 'react';

export const WrappedName = ({ children }: { children: React.ReactNode }) => (
  <span style={{ whiteSpace: 'normal', overflowWrap: 'break-word' }}>{children}</span>
);
