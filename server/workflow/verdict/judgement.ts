/** What the verdicts on a command mean together: whether it may run, and what the editor is told. */
import { sentence } from '../../contract/sentences';
import { isUndecided, type FieldMessage, type Verdict } from '../../contract/document';

export type Judgement = {
  isAllowed: boolean;
  /** A line for each verdict that stands in the way; empty if none does. */
  message: string;
  /** As in any ValidationError of Strapi, whose paths mark the fields of a form. */
  errors: { path: string[]; message: string; name: 'ValidationError' }[];
  warnings: string[];
};

const NO_REASON = sentence('validation-no-reason');

const isBlocking = ({ mode, kind, onError }: Verdict) =>
  mode === 'enforce' && (kind === 'refused' || (isUndecided(kind) && onError === 'refuse'));

const fieldLine = ({ path, message }: FieldMessage) => (path ? `${path}: ${message}` : message);

/** The endpoint's reason, else the first that it gave for a field. */
const reasonOf = ({ message, errors }: Verdict): string => {
  if (message !== '') return message;
  const [first] = errors;
  if (first === undefined) return NO_REASON;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  return fieldLine(first) + more;
};

const UNDECIDED = {
  noAnswer: 'validation-no-answer',
  unreadable: 'validation-unreadable',
} as const;

/** In words that tell a refusal, no answer and an unreadable one apart. */
const lineOf = (verdict: Verdict): string => {
  const { webhook, kind, message } = verdict;
  return kind === 'noAnswer' || kind === 'unreadable'
    ? sentence(UNDECIDED[kind], {
        name: webhook.name,
        why: message.replace(/\.$/, ''),
      }).replace(/: \.$/, '.')
    : `${webhook.name}: ${reasonOf(verdict)}`;
};

const named = ({ webhook }: Verdict, lines: string[]) =>
  lines.map((line) => `${webhook.name}: ${line}`);

const error = (path: string[], message: string): Judgement['errors'][number] => ({
  path,
  message,
  name: 'ValidationError',
});

/** What belongs to no field is shown beside the others, so it says whose it is. */
const fieldError = (verdict: Verdict, field: FieldMessage) => {
  const path = (field.path ?? '').split('.').filter((part) => part !== '');
  return error(path, path.length > 0 ? field.message : `${verdict.webhook.name}: ${field.message}`);
};

const errorsOf = (verdict: Verdict) => [
  error([], lineOf(verdict)),
  ...(verdict.kind === 'refused' ? verdict.errors.map((one) => fieldError(verdict, one)) : []),
];

/** A verdict that does not stand in the way, but would have. */
const overruled = (verdict: Verdict): string[] => {
  const { kind, mode, message, errors } = verdict;
  switch (kind) {
    case 'allowed':
      return [];
    case 'refused':
      return [
        ...(message !== '' || errors.length === 0 ? [lineOf(verdict)] : []),
        ...named(verdict, errors.map(fieldLine)),
      ];
    case 'noAnswer':
    case 'unreadable':
      return [
        `${lineOf(verdict)} ${mode === 'warn' ? sentence('validation-only-warns') : sentence('validation-lets-pass')}`,
      ];
    default:
      return kind satisfies never;
  }
};

const warningsOf = (verdict: Verdict): string[] => [
  ...(isBlocking(verdict) ? [] : overruled(verdict)),
  ...named(verdict, verdict.warnings),
];

/** `audit` neither counts nor shows. No verdicts at all let everything pass. */
export const judge = (verdicts: readonly Verdict[]): Judgement => {
  const heard = verdicts.filter(({ mode }) => mode !== 'audit');
  const blocking = heard.filter(isBlocking);
  return {
    isAllowed: blocking.length === 0,
    message: blocking.map(lineOf).join('\n'),
    errors: blocking.flatMap(errorsOf),
    warnings: heard.flatMap(warningsOf),
  };
};
