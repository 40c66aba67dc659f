/** What validations said about fields that an administrator may not see. Pure. */
import type { FieldMessage, Verdict } from '../../contract/document';

const HIDDEN: FieldMessage = {
  path: null,
  message: 'It concerns a field that you may not see.',
};

const attributeOf = (path: string) => path.split('.')[0] ?? '';

/** The verdict with one note in place of all messages about fields that are not among `readable`. */
export function withoutHiddenFields(verdict: Verdict, readable: ReadonlySet<string>): Verdict {
  const isShown = ({ path }: FieldMessage) => path === null || readable.has(attributeOf(path));
  const shown = verdict.errors.filter(isShown);
  const isWhole = shown.length === verdict.errors.length;
  return isWhole ? verdict : { ...verdict, errors: [...shown, HIDDEN] };
}
