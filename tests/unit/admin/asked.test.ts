/** A link can ask for a new webhook of a kind, at a place. */
import { asked } from '../../../admin/pages/webhooks/asked';

const of = (search: string) => asked(new URLSearchParams(search));

describe('A link to a new webhook', () => {
  test('names its kind and what it hangs on', () => {
    expect(of('?kind=validation&workflow=w1&command=approve')).toEqual({
      kind: 'validation',
      place: { workflow: 'w1', state: null, command: 'approve' },
    });
    expect(of('?kind=submit&workflow=publication&state=published').place).toEqual({
      workflow: 'publication',
      state: 'published',
      command: null,
    });
  });

  test('leaves the choice of the kind where it names none, or one that there is not', () => {
    expect(of('').kind).toBeNull();
    expect(of('?kind=handler').kind).toBeNull();
  });
});
