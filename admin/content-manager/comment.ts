/** What is wrong with a comment, before the server says it. */
import { MAX_COMMENT, type CommentRule } from '../../server/contract/workflow';

export type CommentProblem = 'missing' | 'tooLong';

export const commentProblem = (comment: string, rule: CommentRule): CommentProblem | null => {
  const { length } = comment.trim();
  if (rule === 'required' && length === 0) return 'missing';
  return length > MAX_COMMENT ? 'tooLong' : null;
};
