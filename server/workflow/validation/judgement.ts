/** Combines the verdicts on a move: whether it may happen, and what the editor reads. Pure. */
import { sentence } from '../../contract/sentences';
import { isUndecided, type FieldMessage, type Verdict } from '../../contract/document';

export type Judgement = {
  isAllowed: boolean;
  /** A line for each verdict that blocks the move; empty if none does. */
  message: string;
  /** As in any ValidationError of Strapi, whose paths mark the fields of a form. */
  errors: { path: string[]; message: string; name: 'ValidationError' }[];
  warnings: string[];
};

/** Verdicts in `audit` mode neither count nor show. No verdicts at all allow everything. */
export function judge(verdicts: readonly Verdict[]): Judgement {
  const counted = verdicts.filter(({ mode }) => mode !== 'audit');
  const blocking = counted.filter(isBlocking);
  return {
    isAllowed: blocking.length === 0,
    message: blocking.map(lineOf).join('\n'),
    errors: blocking.flatMap(errorsOf),
    warnings: counted.flatMap((verdict) => [
      ...(isBlocking(verdict) ? [] : overruledLines(verdict)),
      ...verdict.warnings.map((line) => named(verdict, line)),
    ]),
  };
}

function isBlocking({ mode, kind, onError }: Verdict): boolean {
  return mode === 'enforce' && (kind === 'refused' || (isUndecided(kind) && onError === 'refuse'));
}

const UNDECIDED = {
  noAnswer: 'validation-no-answer',
  unreadable: 'validation-unreadable',
} as const;

/** A refusal, no answer and an unreadable answer each have their own words. */
function lineOf(verdict: Verdict): string {
  const { webhook, kind, message } = verdict;
  if (kind !== 'noAnswer' && kind !== 'unreadable') return named(verdict, reasonOf(verdict));
  const why = message.replace(/\.$/, '');
  return sentence(UNDECIDED[kind], { name: webhook.name, why }).replace(/: \.$/, '.');
}

function named({ webhook }: Verdict, line: string): string {
  return `${webhook.name}: ${line}`;
}

/** The endpoint's reason, else the first error that it sent for a field. */
function reasonOf({ message, errors }: Verdict): string {
  if (message !== '') return message;
  const [first] = errors;
  if (first === undefined) return sentence('validation-no-reason');
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  return fieldLine(first) + more;
}

function fieldLine({ path, message }: FieldMessage): string {
  return path ? `${path}: ${message}` : message;
}

function errorsOf(verdict: Verdict): Judgement['errors'] {
  const ofFields = verdict.kind === 'refused' ? verdict.errors : [];
  return [
    { path: [], message: lineOf(verdict), name: 'ValidationError' },
    ...ofFields.map(({ path, message }) => {
      const parts = (path ?? '').split('.').filter((part) => part !== '');
      // An error that belongs to no field is shown beside those of other endpoints, so it names its own.
      const line = parts.length > 0 ? message : named(verdict, message);
      return { path: parts, message: line, name: 'ValidationError' as const };
    }),
  ];
}

/** The warnings of a verdict that does not block the move, but would do so in another mode. */
function overruledLines(verdict: Verdict): string[] {
  const { kind, mode, message, errors } = verdict;
  switch (kind) {
    case 'allowed':
      return [];
    case 'refused':
      return [
        ...(message !== '' || errors.length === 0 ? [lineOf(verdict)] : []),
        ...errors.map((one) => named(verdict, fieldLine(one))),
      ];
    case 'noAnswer':
    case 'unreadable': {
      const why = sentence(mode === 'warn' ? 'validation-only-warns' : 'validation-lets-pass');
      return [`${lineOf(verdict)} ${why}`];
    }
    default:
      return kind satisfies never;
  }
}

const HIDDEN_FIELD: FieldMessage = {
  path: null,
  message: 'It concerns a field that you may not see.',
};

/** The verdict with one note in place of all messages about fields that are not among `readable`. */
export function withoutHiddenFields(verdict: Verdict, readable: ReadonlySet<string>): Verdict {
  const shown = verdict.errors.filter(
    ({ path }) => path === null || readable.has(path.split('.')[0] ?? ''),
  );
  const isWhole = shown.length === verdict.errors.length;
  return isWhole ? verdict : { ...verdict, errors: [...shown, HIDDEN_FIELD] };
}
