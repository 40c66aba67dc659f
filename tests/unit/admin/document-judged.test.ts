/** Which verdicts an editor sees, and which of them stand in the way. */
import { heard, isBlocking, telling } from '../../../admin/domain/judged';
import { named, names, verdict } from './document-verdicts';

describe('A verdict', () => {
  test('stands in the way where it refuses, and where it gives no answer and none means no', () => {
    expect(isBlocking(verdict({ kind: 'refused' }))).toBe(true);
    expect(isBlocking(verdict({ kind: 'noAnswer', onError: 'refuse' }))).toBe(true);
    expect(isBlocking(verdict({ kind: 'unreadable', onError: 'refuse' }))).toBe(true);
    expect(isBlocking(verdict({ kind: 'unreadable', onError: 'allow' }))).toBe(false);
  });

  test('does not where it allows, where no answer means yes, and where it only warns or is only recorded', () => {
    expect(isBlocking(verdict())).toBe(false);
    expect(isBlocking(verdict({ kind: 'noAnswer', onError: 'allow' }))).toBe(false);
    expect(isBlocking(verdict({ kind: 'refused', mode: 'warn' }))).toBe(false);
    expect(isBlocking(verdict({ kind: 'refused', mode: 'audit' }))).toBe(false);
  });
});

const verdicts = [
  named('silent'),
  named('recorder', { kind: 'refused', mode: 'audit' }),
  named('warner', { warnings: ['Long title.'] }),
  named('adviser', { kind: 'refused', mode: 'warn' }),
  named('guard', { kind: 'refused' }),
  named('asleep', { kind: 'noAnswer' }),
];

describe('The verdicts on a command', () => {
  test('are shown with those first that stand in the way, and without what is only recorded', () => {
    expect(names(heard(verdicts))).toEqual(['guard', 'asleep', 'warner', 'adviser', 'silent']);
  });

  test('are told of without those that allowed it and had nothing to add', () => {
    expect(names(telling(verdicts))).toEqual(['guard', 'asleep', 'warner', 'adviser']);
  });
});
