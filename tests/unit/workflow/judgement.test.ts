/** The verdicts on a command and their common result. */
import {
  isUndecided,
  MODES,
  ON_ERROR,
  VERDICT_KINDS,
  type Verdict,
} from '../../../server/contract/document';
import { judge } from '../../../server/workflow/validation/judgement';

const verdict = (more: Partial<Verdict> = {}): Verdict => ({
  webhook: { id: '1', name: 'Spelling' },
  kind: 'allowed',
  mode: 'enforce',
  onError: 'refuse',
  message: '',
  errors: [],
  warnings: [],
  durationMs: 12,
  ...more,
});
const refusal = (more: Partial<Verdict> = {}) =>
  verdict({ kind: 'refused', message: 'Two words are wrong.', ...more });
const silence = (more: Partial<Verdict> = {}) =>
  verdict({ kind: 'noAnswer', message: 'It did not answer within 3,000 ms.', ...more });
const error = (path: string[], message: string) => ({ path, message, name: 'ValidationError' });

const passed = { isAllowed: true, message: '', errors: [], warnings: [] };

describe('a command', () => {
  it('runs if there is no validation, and if all validations allow it', () => {
    expect(judge([])).toEqual(passed);
    expect(judge([verdict(), verdict({ message: 'Well done.' })])).toEqual(passed);
  });

  const all = VERDICT_KINDS.flatMap((kind) =>
    MODES.flatMap((mode) => ON_ERROR.map((onError) => ({ kind, mode, onError }))),
  );
  it.each(all)('is judged by the verdict %j', ({ kind, mode, onError }) => {
    const isBlocked =
      mode === 'enforce' && (kind === 'refused' || (isUndecided(kind) && onError === 'refuse'));
    const judged = judge([verdict(), verdict({ kind, mode, onError, message: 'Why.' })]);
    expect(judged.isAllowed).toBe(!isBlocked);
    expect(judged.errors).toHaveLength(isBlocked ? 1 : 0);
    expect(judged.message === '').toBe(!isBlocked);
    const isWarned = mode !== 'audit' && kind !== 'allowed' && !isBlocked;
    expect(judged.warnings).toHaveLength(isWarned ? 1 : 0);
  });

  it('is refused by a single refusal, and shows every reason', () => {
    const seo = { id: '2', name: 'SEO' };
    const judged = judge([
      verdict(),
      refusal(),
      silence({ mode: 'warn' }),
      refusal({ webhook: seo, message: 'No description.' }),
    ]);
    expect(judged).toMatchObject({
      isAllowed: false,
      message: 'Spelling: Two words are wrong.\nSEO: No description.',
      errors: [error([], 'Spelling: Two words are wrong.'), error([], 'SEO: No description.')],
    });
    expect(judged.warnings).toHaveLength(1);
  });
});

describe('a refusal', () => {
  it('marks the fields that it names, after its own message', () => {
    const errors = [
      { path: 'title', message: 'Teh.' },
      { path: 'seo.metaTitle', message: 'Too long.' },
      { path: 'blocks.0.text', message: 'Empty.' },
      { path: null, message: 'Of no field.' },
      { path: '.', message: 'Of no field either.' },
    ];
    expect(judge([refusal({ errors })]).errors).toEqual([
      error([], 'Spelling: Two words are wrong.'),
      error(['title'], 'Teh.'),
      error(['seo', 'metaTitle'], 'Too long.'),
      error(['blocks', '0', 'text'], 'Empty.'),
      error([], 'Spelling: Of no field.'),
      error([], 'Spelling: Of no field either.'),
    ]);
  });

  it('without a message says so, or what it first says of a field', () => {
    const messageOf = (errors: Verdict['errors']) =>
      judge([refusal({ message: '', errors })]).message;
    expect(messageOf([])).toBe('Spelling: It gave no reason.');
    const title = { path: 'title', message: 'Teh.' };
    expect(messageOf([title])).toBe('Spelling: title: Teh.');
    expect(messageOf([title, title, title])).toBe('Spelling: title: Teh. (and 2 more)');
  });

  it('that only warns is shown completely among the warnings', () => {
    const errors = [
      { path: 'title', message: 'Teh.' },
      { path: null, message: 'Of no field.' },
    ];
    const warned = refusal({ mode: 'warn', errors, warnings: ['Few words.'] });
    expect(judge([warned])).toEqual({
      ...passed,
      warnings: [
        'Spelling: Two words are wrong.',
        'Spelling: title: Teh.',
        'Spelling: Of no field.',
        'Spelling: Few words.',
      ],
    });
    expect(judge([{ ...warned, message: '' }]).warnings).toEqual([
      'Spelling: title: Teh.',
      'Spelling: Of no field.',
      'Spelling: Few words.',
    ]);
    expect(judge([refusal({ mode: 'warn', message: '' })]).warnings).toEqual([
      'Spelling: It gave no reason.',
    ]);
  });
});

describe('no answer', () => {
  it('that blocks is distinguished from a refusal in its message', () => {
    const line = 'Spelling gave no answer: It did not answer within 3,000 ms.';
    expect(judge([silence()])).toEqual({
      isAllowed: false,
      message: line,
      errors: [error([], line)],
      warnings: [],
    });
  });

  it('that lets documents pass is a warning which says so', () => {
    expect(judge([silence({ onError: 'allow' })])).toEqual({
      ...passed,
      warnings: [
        'Spelling gave no answer: It did not answer within 3,000 ms. It lets documents pass then.',
      ],
    });
  });

  it('of a validation that only warns is a warning, with any `onError`', () => {
    for (const onError of ON_ERROR) {
      expect(judge([silence({ mode: 'warn', onError })])).toEqual({
        ...passed,
        warnings: ['Spelling gave no answer: It did not answer within 3,000 ms. It only warns.'],
      });
    }
  });

  it('is distinguished from an unreadable answer in its message', () => {
    const unreadable = verdict({ kind: 'unreadable', message: 'It was empty.' });
    expect(judge([unreadable])).toMatchObject({
      isAllowed: false,
      message: 'Spelling gave an unreadable answer: It was empty.',
    });
  });

  it('without a message is shown too', () => {
    expect(judge([silence({ message: '' })]).message).toBe('Spelling gave no answer.');
  });
});

describe('warnings', () => {
  it('are shown with the name of the webhook, whether it allows or refuses', () => {
    const warnings = ['Few words.', 'Old image.'];
    const named = ['Spelling: Few words.', 'Spelling: Old image.'];
    expect(judge([verdict({ warnings })]).warnings).toEqual(named);
    expect(judge([verdict({ warnings, mode: 'warn' })]).warnings).toEqual(named);
    expect(judge([refusal({ warnings })]).warnings).toEqual(named);
  });

  it('of a validation that is only recorded are not shown, nor is anything else of it', () => {
    const heard: Partial<Verdict> = { mode: 'audit', warnings: ['Few words.'] };
    expect(judge([verdict(heard), refusal(heard), silence(heard)])).toEqual(passed);
  });
});
