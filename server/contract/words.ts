/** What is wrong with input, in plain words, wherever its schema has none of its own. Pure. */
import type { z } from 'zod';

type Issue = Parameters<z.core.$ZodErrorMap>[0];

const KINDS: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

const sizeOf = (limit: number | bigint, origin: string): string => {
  const number = limit.toLocaleString('en');
  const isOne = Number(limit) === 1;
  if (origin === 'string') return `${number} ${isOne ? 'character' : 'characters'}`;
  if (origin === 'array') return `${number} ${isOne ? 'entry' : 'entries'}`;
  return number;
};

/** For `safeParse(input, { error: inWords })`. Undefined where zod's own words will do. */
export const inWords = (issue: Issue): string | undefined => {
  switch (issue.code) {
    case 'too_small':
      return `Expected at least ${sizeOf(issue.minimum, issue.origin)}.`;
    case 'too_big':
      return `Expected at most ${sizeOf(issue.maximum, issue.origin)}.`;
    case 'invalid_type':
      return `Expected ${KINDS[issue.expected] ?? issue.expected}.`;
    default:
      return undefined;
  }
};
