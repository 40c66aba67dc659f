/** A place in a trace as W3C Trace Context writes it (`00-<trace>-<span>-<flags>`). Pure. */

export type TracePlace = { traceId: string; spanId: string; traceFlags: number };

export const traceparentOf = ({ traceId, spanId, traceFlags }: TracePlace): string =>
  `00-${traceId}-${spanId}-${(traceFlags & 0xff).toString(16).padStart(2, '0')}`;

const PATTERN = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/** Null where it is none: what is stored may be older than this code. */
export const placeIn = (traceparent: string | undefined): TracePlace | null => {
  const [, traceId, spanId, flags] = PATTERN.exec(traceparent ?? '') ?? [];
  return traceId && spanId && flags
    ? { traceId, spanId, traceFlags: Number.parseInt(flags, 16) }
    : null;
};
