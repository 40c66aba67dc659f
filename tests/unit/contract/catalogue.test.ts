/** The traits of events, which other code reads in place of their names. */
import {
  EVENT_CATALOGUE,
  EVENT_NAMES,
  EVENT_PATTERNS,
  VALIDATION,
  isAboutDocument,
  traitsOf,
} from '../../../server/contract/catalogue';

describe('The event catalogue', () => {
  it.each(EVENT_NAMES)('makes the name of %s of its group and its verb', (name) => {
    const { group, verb } = traitsOf(name);
    expect(`${group}.${verb}`).toBe(name);
    expect(EVENT_PATTERNS).toContain(`${group}.*`);
  });

  it('describes the subject of an event', () => {
    expect(traitsOf('entry.update')).toMatchObject({
      group: 'entry',
      subject: 'document',
      verb: 'update',
      scope: 'document',
    });
    expect(traitsOf('content-type.delete')).toMatchObject({
      group: 'content-type',
      subject: 'content-type',
      verb: 'delete',
      scope: 'content-type',
    });
    expect(traitsOf('screen.draft-discard')).toMatchObject({
      group: 'screen',
      subject: 'document',
      verb: 'draft-discard',
    });
  });

  it('counts the call of a validation endpoint among the events about documents', () => {
    expect(EVENT_NAMES).not.toContain(VALIDATION);
    expect(traitsOf(VALIDATION)).toMatchObject({ group: 'workflow', verb: 'validation' });
    expect(isAboutDocument(VALIDATION)).toBe(true);
  });

  it('narrows by content type and locale exactly what is about documents', () => {
    const groups = EVENT_CATALOGUE.filter(({ name }) => isAboutDocument(name));
    expect([...new Set(groups.map(({ group }) => group))]).toEqual([
      'entry',
      'screen',
      'workflow',
      'schedule',
    ]);
  });

  it.each(['', 'entry', 'entry.', 'entry.creat', '*', 'entry.*', 'constructor'])(
    'knows nothing of "%s"',
    (name) => {
      expect(traitsOf(name)).toBeUndefined();
      expect(isAboutDocument(name)).toBe(false);
    },
  );
});
