/** The result of a command or a check, from the server's answer. */
import { outcomeOf } from '../../../admin/content-manager/outcome';
import { titleOf, toneOf } from '../../../admin/content-manager/panel/ended';
import { verdict } from './document-verdicts';

const state = { key: 'approved', name: 'Approved', color: '#006600', final: true };
const fieldError = { path: ['title'], message: 'Too loud.', name: 'ValidationError' };

const refusal = (...verdicts: ReturnType<typeof verdict>[]) => ({
  error: {
    status: 400,
    name: 'ValidationError',
    message: 'Style guide: no.',
    details: { verdicts, warnings: [], errors: [fieldError] },
  },
});
const refused = verdict({ kind: 'refused', errors: [{ path: 'title', message: 'Too loud.' }] });
const unanswered = verdict({ kind: 'noAnswer' });
const unreadable = verdict({ kind: 'unreadable', code: 'answer-empty' });

describe('A command', () => {
  test('that was let through has moved the document', () => {
    expect(outcomeOf({ data: { state, verdicts: [], warnings: [] } }, false)).toEqual({
      kind: 'moved',
      state,
      verdicts: [],
    });
  });

  test('that was refused keeps the verdicts, and marks the fields', () => {
    expect(outcomeOf(refusal(refused), false)).toEqual({
      kind: 'refused',
      verdicts: [refused],
      fields: { title: 'Too loud.' },
    });
  });

  test('that nobody was asked about failed, in the words of the server', () => {
    const error = { status: 400, name: 'ApplicationError', message: 'Somebody else is at it.' };
    expect(outcomeOf({ error }, false)).toMatchObject({
      kind: 'failed',
      problem: { status: 400, message: 'Somebody else is at it.' },
    });
  });

  test('that never reached the server failed without words of the browser', () => {
    const error = { name: 'TypeError', message: 'Failed to fetch' };
    expect(outcomeOf({ error }, false)).toMatchObject({
      kind: 'failed',
      problem: { status: 0, message: null },
    });
  });
});

describe('A check', () => {
  test('of what would be let through says so', () => {
    expect(outcomeOf({ data: { state, verdicts: [verdict()], warnings: [] } }, true)).toMatchObject(
      {
        kind: 'checked',
        isAllowed: true,
        fields: {},
      },
    );
  });

  test('of what would be refused is no refusal, but marks the same fields', () => {
    expect(outcomeOf(refusal(refused), true)).toMatchObject({
      kind: 'checked',
      isAllowed: false,
      fields: { title: 'Too loud.' },
    });
  });
});

describe('A refusal and no answer', () => {
  test('are told apart by their words and their colour, after a command', () => {
    expect(titleOf(outcomeOf(refusal(refused), false))).toBe('document.refused');
    expect(titleOf(outcomeOf(refusal(unanswered), false))).toBe('document.unanswered');
    expect(toneOf(outcomeOf(refusal(refused), false))).toBe('danger');
    expect(toneOf(outcomeOf(refusal(unanswered), false))).toBe('warning');
  });

  test('are told apart after a check too', () => {
    expect(titleOf(outcomeOf(refusal(refused), true))).toBe('document.wouldBeRefused');
    expect(titleOf(outcomeOf(refusal(unanswered), true))).toBe('document.wouldBeUnanswered');
  });

  test('are told apart from an unreadable answer', () => {
    expect(titleOf(outcomeOf(refusal(unreadable), false))).toBe('document.unreadable');
    expect(titleOf(outcomeOf(refusal(unreadable, unanswered), true))).toBe(
      'document.wouldBeUnreadable',
    );
    expect(toneOf(outcomeOf(refusal(unreadable), false))).toBe('warning');
  });

  test('together are a refusal', () => {
    expect(titleOf(outcomeOf(refusal(unanswered, refused), false))).toBe('document.refused');
  });
});
