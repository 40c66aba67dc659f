/** A list that is typed one entry a line. */
import { lineProblems, linesOf, textOf } from '../../../admin/components/lines';

describe('Lines', () => {
  test('come back as they were typed, without what is empty', () => {
    expect(linesOf('a\n\n  b \n')).toEqual(['a', 'b']);
    expect(linesOf(textOf(['a', 'b']))).toEqual(['a', 'b']);
    expect(linesOf('')).toEqual([]);
  });

  test('are told of with the entry that a message is about, counted as it was sent', () => {
    const problems = { 'hosts.1': 'Not a host.', 'hostsOfOthers.0': 'Something else.' };
    expect(lineProblems('hosts', 'a\n\nb c', problems)).toBe('“b c”: Not a host.');
    expect(lineProblems('hosts', 'a', { hosts: 'At most 50.' })).toBe('At most 50.');
    expect(lineProblems('hosts', 'a', {})).toBeUndefined();
  });
});
