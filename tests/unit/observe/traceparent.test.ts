/** A place in a trace, written and read again. */
import { placeIn, traceparentOf } from '../../../server/observe/tracing.service';

const PLACE = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1 };

describe('A traceparent', () => {
  test('is written as W3C wants it, and read again', () => {
    const text = traceparentOf(PLACE);
    expect(text).toBe(`00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`);
    expect(placeIn(text)).toEqual(PLACE);
  });

  test.each([undefined, '', 'nonsense', '00-zz-yy-01', `00-${'a'.repeat(32)}-b-01`])(
    'that is none leads nowhere: %s',
    (text) => expect(placeIn(text)).toBeNull(),
  );
});
