/** The comment of a command or of a bypass, with its rule. */
import * as React from 'react';
import { Textarea } from '@strapi/design-system';
import { MAX_COMMENT, type CommentRule } from '../../server/contract/workflow';
import { Labelled } from '../components/labelled';
import { useText, type TextKey } from '../translations/use-text';
import { commentProblem, type CommentProblem } from './comment';

export type CommentState = {
  value: string;
  isRequired: boolean;
  /** Of what was sent, or tried to be. */
  error: string | undefined;
  change: (value: string) => void;
  /** Says so at the field where it is not. */
  isValid: () => boolean;
};

type Options = {
  rule: CommentRule;
  initial?: string;
  /** What is said where it is required and not there. */
  missing?: TextKey;
};

export const useComment = ({
  rule,
  initial = '',
  missing = 'document.commentRequired',
}: Options): CommentState => {
  const text = useText();
  const [value, setValue] = React.useState(initial);
  const [error, setError] = React.useState<string>();
  const isRequired = rule === 'required';
  const words: Record<CommentProblem, string> = {
    missing: text(missing),
    tooLong: text('document.commentTooLong', { max: MAX_COMMENT }),
  };
  return {
    value,
    isRequired,
    error,
    change: (next) => {
      setValue(next);
      setError(undefined);
    },
    isValid: () => {
      const problem = commentProblem(value, rule);
      setError(problem ? words[problem] : undefined);
      return !problem;
    },
  };
};

type Props = { field: CommentState; label: string; hint?: string };

export const CommentField = ({ field, label, hint }: Props) => (
  <Labelled
    name="comment"
    label={label}
    hint={hint}
    error={field.error}
    isRequired={field.isRequired}
  >
    <Textarea
      value={field.value}
      onChange={(event: React.ChangeEvent<HTMLTextAreaElement>) => field.change(event.target.value)}
    />
  </Labelled>
);
